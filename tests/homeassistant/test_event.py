"""Events: each emit is one, and nothing else is."""

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge import (
    Attribute,
    Button,
    ButtonValue,
    Capability,
    Component,
    Driver,
    Kind,
    Profile,
    Switch,
)

from .entries import BULB_ID, device_of
from .stage import Actor, enter, stage
from .states import becomes, state, unavailable
from .waiting import eventually

PUSH = "event.remote_button"


class Knock(StrEnum):
    """How somebody knocks."""

    SOFT = "soft"
    LOUD = "loud"


class Door(Capability, id="acme.door"):
    """Events of a driver's own, of every sort."""

    knock = Attribute(Knock, kind=Kind.EVENT)
    card_id = Attribute(str, kind=Kind.EVENT)
    count = Attribute(int, kind=Kind.EVENT)
    chime = Attribute(bool, kind=Kind.EVENT, device_class="doorbell")
    bell = Attribute(Knock, kind=Kind.EVENT, device_class="doorbell")
    seen = Attribute(bool, kind=Kind.EVENT, device_class="motion")
    scene = Attribute(str, kind=Kind.EVENT, options="scenes")
    scenes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)


@pytest.fixture
async def remote(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Remote") as device:
        yield device


def heard(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return the list in which each event that Home Assistant sees will be."""
    found: list[tuple[str, str]] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        entity = event.data["entity_id"]
        if (
            new is None
            or not entity.startswith("event.")
            or new.state in {"unknown", "unavailable"}
        ):
            return
        if old is None or old.state != new.state:
            found.append((entity, new.attributes["event_type"]))

    hass.bus.async_listen("state_changed", hear)
    return found


def attributes(hass: HomeAssistant, entity: str) -> dict[str, Any]:
    now = hass.states.get(entity)
    assert now is not None, hass.states.async_entity_ids()
    return dict(now.attributes)


async def test_each_emit_is_an_event(hass: HomeAssistant, remote: Actor) -> None:
    stage(Profile(Button))
    await enter(hass, remote)
    assert state(hass, PUSH) == "unknown"
    assert attributes(hass, PUSH)["device_class"] == "button"
    assert attributes(hass, PUSH)["friendly_name"] == "Remote Button"
    assert attributes(hass, PUSH)["event_types"] == [v.value for v in ButtonValue]
    events = heard(hass)
    for value in (ButtonValue.PUSHED, ButtonValue.PUSHED, ButtonValue.PUSHED, ButtonValue.HELD):
        remote.show(Button.button, value)
    await hass.async_block_till_done()
    assert events == [(PUSH, "pushed")] * 3 + [(PUSH, "held")]


@pytest.mark.parametrize(
    ("value", "count"), [("pushed", None), ("double", 2), ("pushed_3x", 3), ("up_6x", 6)]
)
async def test_multiple_presses(
    hass: HomeAssistant, remote: Actor, value: str, count: int | None
) -> None:
    stage(Profile(Button))
    await enter(hass, remote)
    remote.show(Button.button, ButtonValue(value))
    assert attributes(hass, PUSH).get("multi_press_count") == count
    assert attributes(hass, PUSH)["event_type"] == value


async def test_what_the_device_lists_comes_later_and_changes(
    hass: HomeAssistant, remote: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    stage(Profile(Button))
    entry = await enter(hass, remote)
    events = heard(hass)
    remote.show(Button.supported_button_values, (ButtonValue.PUSHED, ButtonValue.HELD))
    assert attributes(hass, PUSH)["event_types"] == ["pushed", "held"]
    for _ in range(3):
        remote.show(Button.button, ButtonValue.DOUBLE)
    await hass.async_block_till_done()
    assert not events
    assert caplog.text.count("does not list") == 1
    remote.show(Button.supported_button_values, (ButtonValue.DOUBLE,))
    remote.show(Button.button, ButtonValue.DOUBLE)
    await hass.async_block_till_done()
    assert events == [(PUSH, "double")]
    nonsense: Any = "nonsense"
    remote.show(Button.button, nonsense)
    await hass.async_block_till_done()
    assert len(events) == 1
    assert device_of(entry).state.rejected


async def test_nothing_fires_but_an_event(hass: HomeAssistant, remote: Actor) -> None:
    """Neither set-up, nor a reconnection, nor another profile, nor a first read is one."""

    def reading(driver: Driver[Any]) -> None:
        if driver.memory.last is not None:
            driver.emit(Button.button, driver.memory.last)

    stage(Profile(Button), parts=(Switch,), reading=reading)
    events = heard(hass)
    entry = await enter(hass, remote)
    device = device_of(entry)
    remote.show(Button.button, ButtonValue.PUSHED)
    await hass.async_block_till_done()
    assert events == [(PUSH, "pushed")]
    device.driver.memory.last = ButtonValue.HELD
    await remote.down()
    await eventually(lambda: unavailable(hass, PUSH))
    await remote.up()
    await eventually(lambda: device.available)
    await hass.async_block_till_done()
    assert device.state.get(Button.button) is ButtonValue.HELD  # it was read
    assert attributes(hass, PUSH)["event_type"] == "pushed"
    del events[:]  # it came back: with the event of before
    device._core.components.replace(Profile(Button, Switch))
    await eventually(lambda: hass.states.get("switch.remote"))
    await hass.config_entries.async_reload(entry.entry_id)
    await eventually(lambda: device_of(entry).available)
    await hass.async_block_till_done()
    assert {kind for _, kind in events} <= {"pushed"}
    before = state(hass, PUSH)
    await device_of(entry).commands.refresh()
    await hass.async_block_till_done()
    assert state(hass, PUSH) == before
    device_of(entry).driver.memory.last = ButtonValue.HELD
    await device_of(entry).commands.refresh()  # a poll that finds something is no first read
    await becomes(hass, PUSH, state(hass, PUSH), event_type="held")


async def test_events_of_a_drivers_own(hass: HomeAssistant, remote: Actor) -> None:
    stage(Profile(Door))
    await enter(hass, remote)
    types = {
        e: attributes(hass, e)["event_types"] for e in sorted(hass.states.async_entity_ids("event"))
    }
    assert types == {
        "event.remote_bell": ["soft", "loud"],
        "event.remote_card_id": ["card_id"],
        "event.remote_chime": ["ring"],
        "event.remote_count": ["count"],
        "event.remote_knock": ["soft", "loud"],
        "event.remote_scene": [],
        "event.remote_seen": ["seen"],
    }
    classes = {e: attributes(hass, e).get("device_class") for e in types}
    assert {e: c for e, c in classes.items() if c} == {
        "event.remote_chime": "doorbell",
        "event.remote_seen": "motion",
    }
    remote.show(Door.card_id, "04:a2")
    assert attributes(hass, "event.remote_card_id")["event_type"] == "card_id"
    assert attributes(hass, "event.remote_card_id")["value"] == "04:a2"
    remote.show(Door.count, 3)
    assert attributes(hass, "event.remote_count")["value"] == 3
    remote.show(Door.chime, True)
    assert attributes(hass, "event.remote_chime")["event_type"] == "ring"
    remote.show(Door.scene, "Movie")
    assert state(hass, "event.remote_scene") == "unknown"
    remote.show(Door.scenes, ("Movie", "Night"))
    remote.show(Door.scene, "Movie")
    assert attributes(hass, "event.remote_scene")["event_type"] == "Movie"


async def test_a_doorbell_rings(hass: HomeAssistant, remote: Actor) -> None:
    front = Component((Button,), "Front door", category="doorbell")
    stage(Profile(front=front, left=Component((Button,), "Left")))
    await enter(hass, remote)
    bell = "event.remote_front_door"
    assert attributes(hass, bell)["device_class"] == "doorbell"
    assert "ring" in attributes(hass, bell)["event_types"]
    assert "pushed" not in attributes(hass, bell)["event_types"]
    remote.show(Button.button, ButtonValue.PUSHED, "front")
    assert attributes(hass, bell)["event_type"] == "ring"
    remote.show(Button.button, ButtonValue.PUSHED, "left")
    assert attributes(hass, "event.remote_left")["event_type"] == "pushed"


async def test_their_words_are_translated(hass: HomeAssistant, remote: Actor) -> None:
    stage(Profile(Button, left=Component((Button,), "Left")))
    await enter(hass, remote)
    registry = er.async_get(hass)
    for entity in (PUSH, "event.remote_left"):
        found = registry.async_get(entity)
        assert found is not None
        assert found.translation_key == "button_button"


async def test_it_is_away_with_its_device(hass: HomeAssistant, remote: Actor) -> None:
    stage(Profile(Button))
    entry: MockConfigEntry = await enter(hass, remote)
    await remote.down()
    await eventually(lambda: unavailable(hass, PUSH))
    assert not device_of(entry).available
