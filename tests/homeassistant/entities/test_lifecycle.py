"""The profile changes at run time: entities and child devices follow, without a reload."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
import logging
import random
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
from hypothesis import HealthCheck as Check, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.lan_edge import async_remove_config_entry_device
from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.entities.mapping import entity_specs
from lan_edge import (
    AudioMute,
    AudioVolume,
    Battery,
    Capability,
    ColorTemperature,
    Component,
    Identity,
    Lock,
    Momentary,
    Profile,
    Switch,
    SwitchLevel,
    WindowShade,
)

from ..conformance.puppet import House, Puppet, moved_in, puppet_driver
from ..states import becomes, call, unavailable
from ..waiting import eventually

OUTLET = Component((Switch,), "Outlet", child=True)
STRIP = Profile(Switch, outlet=OUTLET, lamp=Component((Switch, SwitchLevel), "Lamp", child=True))
ALONE = Profile(Switch)
SWITCH, LIGHT, CHILD = "switch.puppet", "light.puppet", "switch.puppet_outlet"


@pytest.fixture(autouse=True)
def quiet(drivers: None, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See that nothing of it is an error to anybody."""
    yield
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.fixture
async def house(hass: HomeAssistant, start_discovery: object) -> AsyncGenerator[House]:
    """Return a device with a switch; in the end it is the same one, never reloaded."""
    puppet_driver(ALONE)
    puppet = Puppet()
    with puppet.plugged_in():
        its = await moved_in(hass, puppet)
        coordinator = its.entry.runtime_data
        yield its
        assert its.entry.runtime_data is coordinator
        assert await hass.config_entries.async_unload(its.entry.entry_id)


async def become(house: House, profile: Profile) -> None:
    """Have the device be another, and all of it done."""
    house.puppet.become(profile)
    await house.hass.async_block_till_done()


def known(house: House) -> set[str]:
    """Return the entities in the state machine, which are those of the registry."""
    registry = er.async_get(house.hass)
    entries = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    there = {e.entity_id for e in entries if not e.disabled}
    assert set(house.hass.states.async_entity_ids()) == there
    return there


def entry_of(house: House, entity_id: str) -> er.RegistryEntry:
    """Return an entity of the registry."""
    found = er.async_get(house.hass).async_get(entity_id)
    assert found is not None, f"there is no {entity_id}"
    return found


def children(house: House) -> dict[str, dr.ChildDeviceEntry]:
    """Return the child devices by their component."""
    registry = dr.async_get(house.hass)
    found = dr.async_child_entries_for_config_entry(registry, house.entry.entry_id)
    prefix = f"{house.entry.unique_id}-"
    return {next(iter(d.identifiers))[1].removeprefix(prefix): d for d in found}


async def test_a_switch_becomes_a_light_and_a_switch_again(house: House) -> None:
    registry = er.async_get(house.hass)
    registry.async_update_entity(
        SWITCH, name="Porch", new_entity_id="switch.porch", icon="mdi:lamp"
    )
    await house.hass.async_block_till_done()
    before = entry_of(house, "switch.porch")
    await become(house, Profile(Switch, SwitchLevel))
    assert known(house) == {LIGHT}
    await call(house.hass, "light.turn_on", LIGHT, brightness=255)
    await becomes(house.hass, LIGHT, "on", brightness=255)
    await become(house, ALONE)
    assert known(house) == {"switch.porch"}
    after = entry_of(house, "switch.porch")
    assert (after.id, after.unique_id, after.name, after.icon) == (
        before.id,
        before.unique_id,
        "Porch",
        "mdi:lamp",
    )
    await becomes(house.hass, "switch.porch", "on")  # as the light was
    await call(house.hass, "switch.turn_off", "switch.porch")
    await becomes(house.hass, "switch.porch", "off")


async def test_a_lamp_learns_another_color(house: House) -> None:
    """It is the same lamp: what is tied to its entry, such as a helper, must not go with it."""
    await become(house, Profile(Switch, SwitchLevel))
    await call(house.hass, "light.turn_on", LIGHT)
    before, removed = entry_of(house, LIGHT), removals(house.hass)
    await become(house, Profile(Switch, SwitchLevel, ColorTemperature))
    await becomes(house.hass, LIGHT, "on", supported_color_modes=["color_temp"])
    await call(house.hass, "light.turn_on", LIGHT, color_temp_kelvin=3000)
    await becomes(house.hass, LIGHT, "on", color_temp_kelvin=3000)
    await become(house, Profile(Switch, SwitchLevel))
    await becomes(house.hass, LIGHT, "on", supported_color_modes=["brightness"])
    assert entry_of(house, LIGHT).id == before.id
    assert known(house) == {LIGHT}
    assert removed == []


async def test_what_is_beside_it_is_left_alone(house: House) -> None:
    changed = set[str]()

    @callback
    def note(event: Event[Any]) -> None:
        changed.add(event.data["entity_id"])

    house.hass.bus.async_listen("state_changed", note)
    await become(house, Profile(Switch, Battery))
    await become(house, ALONE)
    assert changed == {"sensor.puppet_battery"}


async def test_children_go_and_come_back_as_the_user_made_them(house: House) -> None:
    await become(house, STRIP)
    assert known(house) == {SWITCH, CHILD, "light.puppet_lamp"}
    devices, entities = dr.async_get(house.hass), er.async_get(house.hass)
    area = ar.async_get(house.hass).async_create("Hall")
    outlet = children(house)["outlet"]
    devices.async_update_child_device(outlet.id, area_id=area.id, name_by_user="Fountain")
    entities.async_update_entity(CHILD, name="Pump", new_entity_id="switch.pump")
    disabled = er.RegistryEntryDisabler.USER
    entities.async_update_entity("light.puppet_lamp", disabled_by=disabled)
    await house.hass.async_block_till_done()
    before = entry_of(house, "switch.pump")
    assert known(house) == {SWITCH, "switch.pump"}
    await become(house, ALONE)
    assert known(house) == {SWITCH}
    assert children(house) == {}
    await become(house, STRIP)
    assert known(house) == {SWITCH, "switch.pump"}
    back, lamp = children(house)["outlet"], entry_of(house, "light.puppet_lamp")
    assert (back.id, back.area_id, back.name_by_user) == (outlet.id, area.id, "Fountain")
    assert lamp.disabled_by is disabled
    after = entry_of(house, "switch.pump")
    assert (after.id, after.name, after.device_id) == (before.id, "Pump", outlet.id)


async def test_a_part_becomes_a_device_of_its_own_and_a_part_again(house: House) -> None:
    part = Profile(Switch, outlet=Component((Switch,), "Outlet"))
    await become(house, part)
    main, before = entry_of(house, SWITCH).device_id, entry_of(house, CHILD)
    removed = removals(house.hass)
    assert before.device_id == main
    await become(house, Profile(Switch, outlet=OUTLET))
    assert entry_of(house, CHILD).device_id == children(house)["outlet"].id
    await become(house, part)
    assert children(house) == {}
    assert (entry_of(house, CHILD).id, entry_of(house, CHILD).device_id) == (before.id, main)
    assert known(house) == {SWITCH, CHILD}
    assert removed == []
    await call(house.hass, "switch.turn_on", CHILD)
    await becomes(house.hass, CHILD, "on")


async def test_a_disabled_part_moves_too(house: House) -> None:
    await become(house, STRIP)
    registry = er.async_get(house.hass)
    registry.async_update_entity(CHILD, disabled_by=er.RegistryEntryDisabler.USER)
    await house.hass.async_block_till_done()
    for child in (False, True, False):
        outlet = Component((Switch,), "Outlet", child=child)
        await become(house, Profile(Switch, outlet=outlet))
        on_its_own = entry_of(house, CHILD).device_id != entry_of(house, SWITCH).device_id
        assert on_its_own is child
        assert known(house) == {SWITCH}


async def test_a_part_gets_another_name(house: House) -> None:
    await become(house, STRIP)
    outlet = children(house)["outlet"]
    await become(house, Profile(Switch, outlet=Component((Switch,), "Fountain", child=True)))
    assert children(house)["outlet"].id == outlet.id
    assert children(house)["outlet"].name == "Fountain"
    shown = house.hass.states.get(CHILD)
    assert shown is not None
    assert shown.name == "Fountain"


@pytest.mark.parametrize("child", [True, False])
async def test_a_part_with_another_name_is_the_same_entity(house: House, child: bool) -> None:
    def named(name: str) -> Profile:
        return Profile(Switch, outlet=Component((Switch, Battery), name, child=child))

    await become(house, named("Outlet"))
    house.push(Switch.switch, True, "outlet")
    await becomes(house.hass, CHILD, "on")
    registry, changes = er.async_get(house.hass), list[tuple[str, object]]()

    @callback
    def note(event: Event[Any]) -> None:
        changes.append((event.data["entity_id"], event.data["new_state"]))

    house.hass.bus.async_listen("state_changed", note)
    battery = "sensor.puppet_outlet_battery"
    registry.async_update_entity(battery, disabled_by=er.RegistryEntryDisabler.USER)
    await house.hass.async_block_till_done()
    changes.clear()
    await become(house, named("Fountain"))
    assert [entity_id for entity_id, state in changes if state is not None] == [CHILD]
    shown = house.hass.states.get(CHILD)
    assert shown is not None
    assert (shown.state, shown.name) == ("on", "Fountain" if child else "Puppet Fountain")
    names = [entry_of(house, entity_id).original_name for entity_id in (CHILD, battery)]
    assert names == [None, "Battery"] if child else ["Fountain", "Fountain Battery"]


class ForPlus:
    """What makes a sub-driver one for the model Plus."""

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model == "Plus"


async def test_a_sub_driver_that_is_found_later_can_more(
    hass: HomeAssistant, start_discovery: object
) -> None:
    locks = Profile(Lock)
    base = puppet_driver(locks, without=(Lock.unlatch,))
    puppet_driver(locks, family=type("Better", (ForPlus, base), {"profile": locks}))
    puppet = Puppet()
    house = await moved_in(hass, puppet, online=False)
    lock = "lock.puppet"
    assert unavailable(hass, lock)
    before = entry_of(house, lock).id
    puppet.model = "Plus"
    with puppet.plugged_in():
        house.device.connection.retry()
        await becomes(hass, lock, "unknown", supported_features=1)
        assert entry_of(house, lock).id == before
        await call(hass, "lock.open", lock)
        assert [t.command for t in puppet.heard] == [Lock.unlatch]
        await becomes(hass, lock, "open")
        await hass.config_entries.async_unload(house.entry.entry_id)


async def test_while_a_command_is_under_way(house: House) -> None:
    await become(house, STRIP)
    house.push(Switch.switch, False, "outlet")
    house.puppet.slow.clear()
    asked = asyncio.create_task(call(house.hass, "switch.turn_on", CHILD))
    waits = asyncio.create_task(call(house.hass, "light.turn_on", "light.puppet_lamp"))
    await eventually(lambda: house.puppet.heard)
    house.puppet.become(ALONE)
    house.puppet.slow.set()
    results = await asyncio.gather(asked, waits, return_exceptions=True)
    assert isinstance(results[1], HomeAssistantError)  # there is no lamp any more
    await house.hass.async_block_till_done()
    assert known(house) == {SWITCH}
    await call(house.hass, "switch.turn_on", SWITCH)
    await becomes(house.hass, SWITCH, "on")


async def test_a_command_goes_on_while_its_lamp_learns(house: House) -> None:
    await become(house, Profile(Switch, SwitchLevel))
    house.push(Switch.switch, False)
    house.puppet.slow.clear()
    asked = asyncio.create_task(call(house.hass, "light.turn_on", LIGHT))
    await eventually(lambda: house.puppet.heard)
    house.puppet.become(Profile(Switch, SwitchLevel, ColorTemperature))
    house.puppet.slow.set()
    await asked
    await becomes(house.hass, LIGHT, "on", supported_color_modes=["color_temp"])


async def test_while_it_is_away(house: House) -> None:
    await become(house, STRIP)
    house.puppet.unplug()
    await eventually(lambda: unavailable(house.hass, CHILD))
    assert known(house) == {SWITCH, CHILD, "light.puppet_lamp"}
    house.puppet.become(Profile(Switch, outlet=OUTLET, door=Component((WindowShade,), "Door")))
    assert known(house) == {SWITCH, CHILD, "light.puppet_lamp"}  # nobody could tell
    house.puppet.plug()
    house.device.connection.retry()
    await eventually(lambda: house.device.available)
    await house.hass.async_block_till_done()
    assert known(house) == {SWITCH, CHILD, "cover.puppet_door"}
    assert set(children(house)) == {"outlet"}
    await becomes(house.hass, CHILD, "unknown")


async def test_only_what_is_gone_can_be_deleted(house: House) -> None:
    await become(house, STRIP)
    registry = dr.async_get(house.hass)
    main = entry_of(house, SWITCH).device_id
    assert main is not None
    stale = registry.async_get_or_create_child(
        config_entry_id=house.entry.entry_id,
        identifiers={(DOMAIN, f"{house.entry.unique_id}-old")},
        name="Old",
        parent_device_id=main,
    )
    outlet, whole = children(house)["outlet"], registry.async_get(main)
    assert whole is not None
    assert await async_remove_config_entry_device(house.hass, house.entry, stale)
    assert not await async_remove_config_entry_device(house.hass, house.entry, outlet)
    assert not await async_remove_config_entry_device(house.hass, house.entry, whole)
    await become(house, ALONE)  # the framework forgets it as well
    assert children(house) == {}


async def test_a_part_that_is_not_listed_stays_until_the_user_deletes_it(
    house: House, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(house.hass, "config", {})
    client = await hass_ws_client(house.hass)

    async def delete(device: dr.ChildDeviceEntry) -> bool:
        """Delete it as the button on its page does; return whether that is allowed."""
        request = {"type": "config/device_registry/remove", "device_id": device.id}
        await client.send_json_auto_id(request)
        return bool((await client.receive_json())["success"])

    strip = Profile(Switch, outlet=OUTLET)
    await become(house, strip)
    outlet = children(house)["outlet"]
    assert not await delete(outlet)
    house.device._core.components.follow(ALONE)
    await becomes(house.hass, CHILD, "unavailable")
    assert set(children(house)) == {"outlet"}
    assert await delete(outlet)
    await house.hass.async_block_till_done()
    assert children(house) == {}
    assert CHILD not in known(house)
    assert "outlet" not in house.device.profile.components
    house.device._core.components.follow(strip)
    await becomes(house.hass, CHILD, "unknown")


SORTS = (Switch, SwitchLevel, ColorTemperature, Battery, AudioVolume, AudioMute, Momentary, Lock)
CAPABILITIES = st.lists(st.sampled_from(SORTS), min_size=1, unique=True).map(tuple)


def component(of: tuple[type[Capability], ...]) -> st.SearchStrategy[Component]:
    """Return a strategy for components with these capabilities."""
    names = st.sampled_from(("", "Left", "Right"))
    return st.builds(Component, st.just(of), names, child=st.booleans())


PROFILES = st.builds(
    lambda main, parts: Profile(*main, **parts),
    CAPABILITIES,
    st.dictionaries(st.sampled_from("abc"), CAPABILITIES.flatmap(component)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[Check.function_scoped_fixture])
@given(profiles=st.lists(PROFILES, min_size=2, max_size=5), at_once=st.booleans())
async def test_the_last_profile_is_what_is_there(
    house: House, profiles: list[Profile], at_once: bool
) -> None:
    random.seed()  # hypothesis has set it, and the registries' ids would repeat
    for profile in profiles:
        house.puppet.become(profile)
        if not at_once:
            await house.hass.async_block_till_done()
    await house.hass.async_block_till_done()
    last = profiles[-1]
    registry = er.async_get(house.hass)
    entries = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    wanted = {f"{house.entry.unique_id}-{v.key}" for v in entity_specs(house.device)}
    assert sorted(e.unique_id for e in entries) == sorted(wanted)
    assert not any(unavailable(house.hass, entity_id) for entity_id in known(house))
    parts = last.components.items()
    assert set(children(house)) == {name for name, part in parts if part.child}
    assert house.entry.state is ConfigEntryState.LOADED


def removals(hass: HomeAssistant) -> list[str]:
    """Return a list that gets each entity that leaves the registry."""
    gone: list[str] = []

    @callback
    def updated(event: Event[Any]) -> None:
        if event.data["action"] == "remove":
            gone.append(event.data["entity_id"])

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, updated)
    return gone
