"""Who may use an action: it needs Home Assistant's own permission for what it targets."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockGroup, MockUser

from custom_components.lan_edge.const import DOMAIN
from lan_edge import Component, EnergyMeter, HealthCheck, Profile, Switch, SwitchLevel
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, set_up
from ..json_bulb import push
from ..lab import lab
from ..waiting import eventually

STRIP = Profile(
    Switch,
    SwitchLevel,
    EnergyMeter,
    relay=Component((Switch,), "Relay", child=True),
    aux=Component((SwitchLevel,), "Aux"),
    silent=Component((HealthCheck,), "Silent"),
)
LIGHT, RELAY, AUX = "light.desk_lamp", "switch.desk_lamp_relay", "number.desk_lamp_aux_level"
CONTROL, READ = {"read": True, "control": True}, {"read": True}
GROUPS = {"admin": GROUP_ID_ADMIN, "user": GROUP_ID_USER, "read-only": GROUP_ID_READ_ONLY}


@pytest.fixture
async def strip(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> MockConfigEntry:
    """Return the entry of a device with a child, and with a component without entities."""
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=STRIP.as_dict())
    await eventually(lambda: hass.states.get(RELAY))
    await hass.async_block_till_done()
    registry = er.async_get(hass)
    found = er.async_entries_for_config_entry(registry, entry.entry_id)
    assert {e.entity_id for e in found} >= {LIGHT, RELAY, AUX}
    return entry


async def in_group(hass: HomeAssistant, group: str, **more: Any) -> User:
    """Return a user of one of Home Assistant's own groups."""
    found = await hass.auth.async_get_group(GROUPS[group])
    assert found is not None
    user: User = MockUser(groups=[found], **more).add_to_hass(hass)
    return user


def with_policy(hass: HomeAssistant, entities: object) -> User:
    """Return a user of a group with a policy of its own."""
    group = MockGroup(uuid4().hex).add_to_hass(hass)
    group.policy = {"entities": entities} if entities is not None else {}
    user: User = MockUser(groups=[group]).add_to_hass(hass)
    user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    return user


def restricted(hass: HomeAssistant, entry: MockConfigEntry) -> Mapping[str, User]:
    """Return users who may control a part of the device, by how that is said."""
    devices, areas = dr.async_get(hass), ar.async_get(hass)
    [main] = dr.async_entries_for_config_entry(devices, entry.entry_id)
    [child] = dr.async_child_entries_for_config_entry(devices, entry.entry_id)
    hall = areas.async_create("Hall")
    devices.async_update_child_device(child.id, area_id=hall.id)
    policies = {
        "nothing": None,
        "the light": {"entity_ids": {LIGHT: CONTROL}},
        "the relay": {"entity_ids": {RELAY: CONTROL}},
        "reading the relay": {"entity_ids": {RELAY: READ}},
        "its main device": {"device_ids": {main.id: CONTROL}},
        "its child": {"device_ids": {child.id: True}},
        "the area": {"area_ids": {hall.id: CONTROL}},
        "switches": {"domains": {"switch": CONTROL}},
        "everything": {"all": CONTROL},
    }
    return {name: with_policy(hass, policy) for name, policy in policies.items()}


async def act(
    hass: HomeAssistant, user: User | None, action: str, **data: Any
) -> dict[str, Any] | None:
    """Call an action on behalf of a user."""
    context = Context(user_id=user.id if user else None)
    answers = action == "explain"
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=context, return_response=answers
    )
    return response if answers else None


def device_ids(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[str, str]:
    """Return the registry's ids of the device and its child."""
    registry = dr.async_get(hass)
    [main] = dr.async_entries_for_config_entry(registry, entry.entry_id)
    [child] = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    return main.id, child.id


ON = {"capability": "switch", "command": "on"}


async def may_turn_on(hass: HomeAssistant, bulb: Any, user: User | None, **target: Any) -> bool:
    """Return whether the device was turned on for a user; if not, it was not even asked."""
    bulb.log.clear()
    error: Unauthorized | None = None
    try:
        await act(hass, user, "send_command", **ON, **target)
    except Unauthorized as err:
        error = err
    is_done = any(r.command == "set" for r in bulb.log)
    assert is_done is (error is None)
    assert error is None or (user is not None and error.user_id == user.id)
    return is_done


@pytest.mark.parametrize(
    ("kind", "is_allowed"),
    [
        (("read-only", {"is_owner": True}), True),
        (("admin", {}), True),
        (("user", {}), True),
        (("read-only", {}), False),
        (("admin", {"is_active": False}), False),
        (("user", {"is_active": False}), False),
    ],
)
async def test_users_of_each_group(
    hass: HomeAssistant,
    strip: MockConfigEntry,
    bulb: JsonBulbEmulator,
    kind: tuple[str, dict[str, Any]],
    is_allowed: bool,
) -> None:
    main, child = device_ids(hass, strip)
    user = await in_group(hass, kind[0], **kind[1])
    for target in ({"device_id": main}, {"device_id": child}, {"entity_id": RELAY}):
        assert await may_turn_on(hass, bulb, user, **target) is is_allowed
    if is_allowed:
        await act(hass, user, "refresh", device_id=main)
    else:
        with pytest.raises(Unauthorized):
            await act(hass, user, "refresh", device_id=main)


async def test_automations_have_no_user(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    assert await may_turn_on(hass, bulb, None, device_id=device_ids(hass, strip)[0])


@pytest.mark.parametrize("action", ["send_command", "refresh", "explain"])
async def test_a_user_who_was_deleted(
    hass: HomeAssistant, strip: MockConfigEntry, action: str
) -> None:
    gone = MockUser(id="gone")
    data = ON if action == "send_command" else {}
    with pytest.raises(UnknownUser):
        await act(hass, gone, action, device_id=device_ids(hass, strip)[0], **data)


async def test_a_command_needs_every_entity_of_its_component(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    users, (main, child) = restricted(hass, strip), device_ids(hass, strip)
    allowed = {
        name: [
            target
            for target, data in (
                ("main", {"device_id": main}),
                ("relay", {"device_id": child}),
                ("relay's entity", {"entity_id": RELAY}),
                ("relay of main", {"device_id": main, "component": "relay"}),
            )
            if await may_turn_on(hass, bulb, user, **data)
        ]
        for name, user in users.items()
    }
    the_relay = ["relay", "relay's entity", "relay of main"]
    assert allowed == {
        "nothing": [],
        "the light": [],  # `main` has other entities, too
        "the relay": the_relay,
        "reading the relay": [],
        "its main device": ["main"],
        "its child": the_relay,
        "the area": the_relay,
        "switches": the_relay,
        "everything": ["main", *the_relay],
    }


async def test_all_of_several_targets_are_needed(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    user = restricted(hass, strip)["the relay"]
    both = list(device_ids(hass, strip))
    assert not await may_turn_on(hass, bulb, user, device_id=both)


@pytest.mark.parametrize("kind", ["area_id", "floor_id", "label_id", "entity_id"])
async def test_however_a_target_is_named(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator, kind: str
) -> None:
    """By the area, floor or label of the child device, or by a group of its entity."""
    _, child = device_ids(hass, strip)
    floor = fr.async_get(hass).async_create("Upstairs")
    area = ar.async_get(hass).async_create("Attic", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Loud")
    users = restricted(hass, strip)
    dr.async_get(hass).async_update_child_device(child, area_id=area.id, labels={label.label_id})
    assert await async_setup_component(hass, "group", {"group": {"relays": {"entities": [RELAY]}}})
    await hass.async_block_till_done()
    target = {
        "area_id": area.id,
        "floor_id": floor.floor_id,
        "label_id": label.label_id,
        "entity_id": "group.relays",
    }[kind]
    assert await may_turn_on(hass, bulb, users["the relay"], **{kind: target})
    assert not await may_turn_on(hass, bulb, users["the light"], **{kind: target})
    assert not await may_turn_on(hass, bulb, users["reading the relay"], **{kind: target})


@pytest.mark.parametrize("action", ["send_command", "refresh"])
async def test_all_entities_are_no_target(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator, action: str
) -> None:
    bulb.log.clear()
    data = ON if action == "send_command" else {}
    for user in (None, await in_group(hass, "admin"), restricted(hass, strip)["the relay"]):
        with pytest.raises(ServiceValidationError):
            await act(hass, user, action, entity_id="all", **data)
    assert not bulb.log


@pytest.mark.parametrize(
    "request_",
    [
        ("/api/config/config_entries/flow", {"handler": DOMAIN}),
        ("/api/config/config_entries/options/flow", {"handler": "{entry}"}),
        ("/api/repairs/issues/fix", {"handler": DOMAIN, "issue_id": "impostor_{entry}"}),
        ("/api/diagnostics/config_entry/{entry}", None),
    ],
)
async def test_dialogs_and_diagnostics_want_an_admin(
    hass: HomeAssistant,
    strip: MockConfigEntry,
    request_: tuple[str, dict[str, str] | None],
    hass_client: Callable[..., Any],
    hass_read_only_access_token: str,
) -> None:
    for component in ("config", "repairs", "diagnostics"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client(hass_read_only_access_token)
    (path, data), entry = request_, strip.entry_id
    sent = {key: value.format(entry=entry) for key, value in (data or {}).items()}
    method = "get" if data is None else "post"
    answer = await client.request(method, path.format(entry=entry), json=sent or None)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert not hass.config_entries.flow.async_progress()


async def test_a_component_without_entities_wants_an_admin(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    """Also one that does not exist: what exists is nobody's business either."""
    main, _ = device_ids(hass, strip)
    ping = {"capability": "healthCheck", "command": "ping", "device_id": main}
    everything = with_policy(hass, {"all": True})
    for user in (everything, await in_group(hass, "user")):
        for component in ("silent", "nowhere"):
            with pytest.raises(Unauthorized):
                await act(hass, user, "send_command", component=component, **ping)
    admin = await in_group(hass, "admin")
    await act(hass, admin, "send_command", component="silent", **ping)
    with pytest.raises(ServiceValidationError):
        await act(hass, admin, "send_command", component="nowhere", **ping)


async def test_an_entity_that_is_not_registered_wants_an_admin(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    main, child = device_ids(hass, strip)
    er.async_get(hass).async_remove(RELAY)
    user = await in_group(hass, "user")
    assert not await may_turn_on(hass, bulb, user, device_id=child)
    assert not await may_turn_on(hass, bulb, user, device_id=main, component="relay")
    assert await may_turn_on(hass, bulb, user, device_id=main)


async def test_a_device_without_main_is_all_its_components(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    main, _ = device_ids(hass, strip)
    components = {name: STRIP.components[name] for name in ("relay", "aux")}
    await push(bulb, profile=Profile(**components).as_dict())
    await eventually(lambda: hass.states.get(LIGHT) is None)
    await act(hass, await in_group(hass, "user"), "refresh", device_id=main)
    only_one = with_policy(hass, {"entity_ids": {RELAY: CONTROL}})
    with pytest.raises(Unauthorized):
        await act(hass, only_one, "refresh", device_id=main)
    await act(hass, only_one, "refresh", entity_id=RELAY)


async def test_disabled_entities_count(
    hass: HomeAssistant, strip: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    disabled = er.RegistryEntryDisabler.USER
    er.async_get(hass).async_update_entity(RELAY, disabled_by=disabled)
    await hass.async_block_till_done()
    users, (_, child) = restricted(hass, strip), device_ids(hass, strip)
    assert await may_turn_on(hass, bulb, users["the relay"], device_id=child)
    assert not await may_turn_on(hass, bulb, users["the light"], device_id=child)


async def test_explaining_needs_to_read_the_whole_device(
    hass: HomeAssistant, strip: MockConfigEntry
) -> None:
    main, child = device_ids(hass, strip)
    users = {
        "read-only": await in_group(hass, "read-only"),
        "one entity": with_policy(hass, {"entity_ids": {RELAY: CONTROL}}),
        "reading": with_policy(hass, {"all": READ}),
        "no reading": with_policy(hass, {"all": {"control": True}}),
        "nothing": with_policy(hass, None),
    }
    allowed = set[str]()
    for name, user in users.items():
        try:
            for device_id in (main, child):
                assert await act(hass, user, "explain", device_id=device_id)
        except Unauthorized:
            continue
        allowed.add(name)
    assert allowed == {"read-only", "reading"}


async def test_a_device_without_entities_wants_an_admin(
    hass: HomeAssistant, strip: MockConfigEntry
) -> None:
    main, _ = device_ids(hass, strip)
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, strip.entry_id):
        registry.async_remove(entity.entity_id)
    user = await in_group(hass, "user")
    for action, data in (("refresh", {}), ("send_command", ON), ("explain", {})):
        with pytest.raises(Unauthorized):
            await act(hass, user, action, device_id=main, **data)
    assert await act(hass, await in_group(hass, "admin"), "explain", device_id=main)


async def test_every_action_is_among_these(hass: HomeAssistant, strip: MockConfigEntry) -> None:
    """A new one needs a permission, and a test here."""
    actions = {"refresh", "send_command", "explain"}
    assert set(hass.services.async_services()[DOMAIN]) == {*actions, "reload_drivers"}
