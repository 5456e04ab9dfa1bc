"""Device triggers, conditions and actions, in automations that really run."""

from collections.abc import AsyncGenerator
import json
from pathlib import Path
from typing import Any

from homeassistant.components.device_automation import DeviceAutomationType
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    async_get_device_automations,
    async_mock_service,
)

from lan_edge import (
    Attribute,
    Button,
    ButtonValue,
    Capability,
    Component,
    Kind,
    Profile,
    Switch,
    SwitchLevel,
)

from .entries import BULB_ID, device_of
from .stage import Actor, enter, stage
from .states import state, unavailable
from .waiting import eventually

CHILD = Profile(Button, outlet=Component((Button, Switch), "Outlet", child=True))


class Reader(Capability, id="acme.reader"):
    """Reads cards."""

    card = Attribute(str, kind=Kind.EVENT)


@pytest.fixture
async def remote(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Remote") as device:
        yield device


def registered(hass: HomeAssistant, name: str = "Remote") -> str:
    """Return the id of the device of that name."""
    registry = dr.async_get(hass)
    [entry] = hass.config_entries.async_entries("lan_edge")
    children = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    parents = dr.async_entries_for_config_entry(registry, entry.entry_id)
    return next(d.id for d in (*parents, *children) if d.name == name)


def trigger(device: str, kind: str, part: str = "main") -> dict[str, Any]:
    return {
        "platform": "device",
        "domain": "lan_edge",
        "device_id": device,
        "type": kind,
        "subtype": part,
    }


async def automate(hass: HomeAssistant, **automation: Any) -> list[ServiceCall]:
    """Have an automation run; return the calls of its action, where it has none of its own."""
    calls: list[ServiceCall] = async_mock_service(hass, "test", "it")
    said = {"of": "{{ trigger.description }}", "value": "{{ trigger.value | default('') }}"}
    action = {"action": "test.it", "data": said}
    whole = {"alias": "It", "id": "it", "actions": action, **automation}
    assert await async_setup_component(hass, "automation", {"automation": whole})
    await hass.async_block_till_done()
    return calls


async def listed(hass: HomeAssistant, device: str) -> list[tuple[str, str]]:
    found = await async_get_device_automations(hass, DeviceAutomationType.TRIGGER, device)
    return [(t["type"], t["subtype"]) for t in found if t["domain"] == "lan_edge"]


async def test_triggers_are_what_the_device_lists(hass: HomeAssistant, remote: Actor) -> None:
    stage(CHILD)
    await enter(hass, remote)
    main, outlet = registered(hass), registered(hass, "Outlet")
    assert len(await listed(hass, main)) == len(ButtonValue)
    remote.show(Button.supported_button_values, (ButtonValue.PUSHED, ButtonValue.HELD))
    assert await listed(hass, main) == [("pushed", "main"), ("held", "main")]
    remote.show(Button.supported_button_values, (ButtonValue.UP,), "outlet")
    assert await listed(hass, outlet) == [("up", "outlet")]


async def test_an_automation_runs_each_time(hass: HomeAssistant, remote: Actor) -> None:
    stage(CHILD)
    await enter(hass, remote)
    calls = await automate(hass, triggers=trigger(registered(hass), "pushed"))
    for value in (ButtonValue.PUSHED, ButtonValue.HELD, ButtonValue.PUSHED):
        remote.show(Button.button, value)
    remote.show(Button.button, ButtonValue.PUSHED, "outlet")  # another part, another device
    await hass.async_block_till_done()
    assert [c.data["of"] for c in calls] == ["main: pushed"] * 2


async def test_of_a_child(hass: HomeAssistant, remote: Actor) -> None:
    stage(CHILD)
    await enter(hass, remote)
    device = registered(hass, "Outlet")
    calls = await automate(hass, triggers=trigger(device, "double", "outlet"))
    remote.show(Button.button, ButtonValue.DOUBLE)
    await hass.async_block_till_done()
    assert not calls
    remote.show(Button.button, ButtonValue.DOUBLE, "outlet")
    await hass.async_block_till_done()
    assert len(calls) == 1


async def test_two_components_of_a_device(hass: HomeAssistant, remote: Actor) -> None:
    left, right = Component((Button,), "Left"), Component((Button,), "Right")
    stage(Profile(left=left, right=right))
    await enter(hass, remote)
    calls = await automate(hass, triggers=trigger(registered(hass), "pushed", "right"))
    remote.show(Button.button, ButtonValue.PUSHED, "left")
    remote.show(Button.button, ButtonValue.PUSHED, "right")
    await hass.async_block_till_done()
    assert [c.data["of"] for c in calls] == ["right: pushed"]


async def test_the_value_of_an_event_without_words(hass: HomeAssistant, remote: Actor) -> None:
    stage(Profile(Reader))
    await enter(hass, remote)
    assert await listed(hass, registered(hass)) == [("card", "main")]
    calls = await automate(hass, triggers=trigger(registered(hass), "card"))
    remote.show(Reader.card, "a1:b2")
    await hass.async_block_till_done()
    assert [c.data["value"] for c in calls] == ["a1:b2"]


async def test_it_lasts_over_reloads_and_reconnections(hass: HomeAssistant, remote: Actor) -> None:
    stage(CHILD)
    entry = await enter(hass, remote)
    calls = await automate(hass, triggers=trigger(registered(hass), "pushed"))
    remote.show(Button.button, ButtonValue.PUSHED)
    await remote.down()
    await eventually(lambda: unavailable(hass, "event.remote_button"))
    await remote.up()
    await eventually(lambda: device_of(entry).available)
    await hass.config_entries.async_reload(entry.entry_id)
    await eventually(lambda: device_of(entry).available)
    er.async_get(hass).async_update_entity(
        "event.remote_button", new_entity_id="event.something_else"
    )
    await hass.async_block_till_done()
    assert len(calls) == 1  # coming back is no push
    remote.show(Button.button, ButtonValue.PUSHED)
    await hass.async_block_till_done()
    assert len(calls) == 2
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)
    remote.show(Button.button, ButtonValue.PUSHED)
    await hass.async_block_till_done()
    assert len(calls) == 2


@pytest.mark.parametrize(("kind", "part"), [("nonsense", "main"), ("pushed", "cellar")])
async def test_an_impossible_trigger_is_invalid(
    hass: HomeAssistant, remote: Actor, kind: str, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage(CHILD)
    await enter(hass, remote)
    await automate(hass, triggers=trigger(registered(hass), kind, part))
    assert "the device has no trigger" in caplog.text
    assert state(hass, "automation.it") == "unavailable"


async def test_an_event_type_that_is_not_listed_now_is_valid(
    hass: HomeAssistant, remote: Actor
) -> None:
    stage(CHILD)
    await enter(hass, remote)
    remote.show(Button.supported_button_values, (ButtonValue.PUSHED,))
    calls = await automate(hass, triggers=trigger(registered(hass), "held"))
    remote.show(Button.supported_button_values, (ButtonValue.HELD,))
    remote.show(Button.button, ButtonValue.HELD)
    await hass.async_block_till_done()
    assert len(calls) == 1


async def test_home_assistants_own_trigger(hass: HomeAssistant, remote: Actor) -> None:
    stage(CHILD)
    await enter(hass, remote)
    calls = await automate(
        hass,
        triggers={
            "trigger": "event.received",
            "target": {"device_id": registered(hass)},
            "options": {"event_type": ["pushed"]},
        },
        actions={"action": "test.it"},
    )
    for value in (ButtonValue.PUSHED, ButtonValue.HELD, ButtonValue.PUSHED):
        remote.show(Button.button, value)
    await hass.async_block_till_done()
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("profile", "domain", "told"),
    [
        (Profile(Button, Switch), "switch", "switch.on"),
        (Profile(Button, Switch, SwitchLevel), "light", "switch.on"),
    ],
)
async def test_conditions_and_actions_of_our_entities(
    hass: HomeAssistant, remote: Actor, profile: Profile, domain: str, told: str
) -> None:
    """A push turns it on, if it is off."""
    stage(profile)
    await enter(hass, remote)
    device, entity = registered(hass), er.async_get(hass).async_get(f"{domain}.remote")
    assert entity is not None
    its = {"device_id": device, "domain": domain, "entity_id": entity.id}
    await automate(
        hass,
        triggers=trigger(device, "pushed"),
        conditions={"condition": "device", "type": "is_off", **its},
        actions={"type": "turn_on", **its},
    )
    remote.show(Switch.switch, True)
    remote.show(Button.button, ButtonValue.PUSHED)
    await hass.async_block_till_done()
    assert not remote.said
    remote.show(Switch.switch, False)
    remote.show(Button.button, ButtonValue.PUSHED)
    await eventually(lambda: [r for r in remote.log if r.command == "do"])
    await hass.async_block_till_done()
    assert [name for name, _, _ in remote.said] == [told]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ko", "nl"])
def test_every_word_has_a_translation(language: str) -> None:
    folder = Path("custom_components/lan_edge/translations")
    texts = json.loads((folder / f"{language}.json").read_text())
    words = {v.value for v in ButtonValue} | {"ring"}
    assert set(texts["device_automation"]["trigger_type"]) == words
    shown = texts["entity"]["event"]["button_button"]["state_attributes"]["event_type"]["state"]
    assert set(shown) == words
    assert len(set(shown.values())) == len(words) - 1  # double is pushed_2x
