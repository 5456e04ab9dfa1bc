"""The coordinator: the entities of a device follow its availability, however many it has."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import override
from unittest.mock import patch

from homeassistant.const import EVENT_STATE_CHANGED, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge import Component, Driver, JsonRpc, Profile, Switch, handles
from lan_edge.timing.slices import SLICE
from tests.edge.rounds import measure_by
from tests.emulators.json_bulb import JsonBulbEmulator

from .entries import BULB_ID, device_of, set_up
from .own_drivers import add_driver
from .states import call
from .waiting import eventually

COUNT = 200
NAMES = [f"outlet{number}" for number in range(COUNT)]


class Writes:
    """The state changes of a device's entities, in order, and how many came in each round."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.changed = list[str]()
        self.by_round = list[int]()
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._note)

    @callback
    def _note(self, event: Event[EventStateChangedData]) -> None:
        self.changed.append(event.data["entity_id"])

    async def until(self, condition: Callable[[], object]) -> None:
        """Count what changes in each round of the loop until a condition holds."""
        for _ in range(10_000):
            if condition():
                return
            before = len(self.changed)
            await asyncio.sleep(0)
            self.by_round.append(len(self.changed) - before)
        pytest.fail("it never came to its end")

    def count(self, state: str) -> int:
        """Return how many entities are in a state."""
        return len([s for s in self.hass.states.async_all() if s.state == state])

    @property
    def unavailable(self) -> int:
        """How many entities are unavailable."""
        return self.count(STATE_UNAVAILABLE)


@pytest.fixture
async def entry(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> MockConfigEntry:
    @add_driver
    class Strip(Driver[JsonRpc]):
        id = "strip"
        profile = Profile(**{name: Component((Switch,), name) for name in NAMES})

        @override
        async def identify(self) -> str:
            return str((await self.io.call("info"))["id"])

        @override
        async def refresh(self) -> None:
            await self.io.call("get")

        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            if "on" in message.data:
                for name in NAMES:
                    self.emit(Switch.switch, message.data["on"], name)

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.call("set", on=True)

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.call("set", on=False)

    return await set_up(hass, "strip", BULB_ID, bulb)


@contextmanager
def slow_clocks() -> Iterator[None]:
    """Have each step, and each state that is written, take a fifth of a slice."""
    steps = count()
    with pytest.MonkeyPatch.context() as context:
        measure_by(context, lambda: next(steps) * SLICE / 5)
        yield


async def test_a_message_that_changes_hundreds_of_entities(
    hass: HomeAssistant, entry: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    writes = Writes(hass)
    with slow_clocks():
        await bulb.change(on=True)
        await writes.until(lambda: writes.count(STATE_ON) == COUNT)
    assert writes.changed == [f"switch.desk_lamp_{name}" for name in NAMES]
    assert max(writes.by_round) <= 12


async def test_an_action_returns_when_all_that_it_changed_is_shown(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    writes = Writes(hass)
    with slow_clocks():
        await call(hass, "switch.turn_on", "switch.desk_lamp_outlet199")
    assert writes.count(STATE_ON) == COUNT


async def test_an_update_returns_when_all_that_was_read_is_shown(
    hass: HomeAssistant, entry: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    bulb._state["on"] = True  # and nothing is pushed
    writes = Writes(hass)
    with slow_clocks():
        await entry.runtime_data.refresh()
    assert writes.count(STATE_ON) == COUNT


async def test_a_device_with_hundreds_of_entities(
    hass: HomeAssistant, entry: MockConfigEntry, bulb: JsonBulbEmulator
) -> None:
    writes = Writes(hass)
    assert writes.unavailable == 0
    with slow_clocks():
        with patch("lan_edge.connection.availability.GRACE", 0.01):
            await bulb.down()
            await eventually(lambda: not device_of(entry).available)
        await writes.until(lambda: writes.unavailable == COUNT)
        await writes.until(lambda: len(writes.changed) == COUNT)
        assert max(writes.by_round) <= 6  # with the last one, for which the time was over
        gone = writes.changed.copy()
        assert gone == [f"switch.desk_lamp_{name}" for name in NAMES]
        writes.changed.clear()
        await bulb.up()
        device_of(entry).connection.retry()
        await eventually(lambda: device_of(entry).available)
        await writes.until(lambda: not writes.unavailable)
        await hass.async_block_till_done()
    assert writes.changed == gone


async def test_it_comes_back_while_its_entities_are_being_updated(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    device, writes = device_of(entry), Writes(hass)
    with slow_clocks():
        for name in NAMES:
            device.driver.set_available(name, False)
        await writes.until(lambda: writes.unavailable > COUNT // 2)
        assert writes.unavailable < COUNT
        for name in NAMES[1:]:
            device.driver.set_available(name, True)
        await writes.until(lambda: writes.unavailable == 1)
        await hass.async_block_till_done()
    assert writes.unavailable == 1
    assert hass.states.get("switch.desk_lamp_outlet0").state == STATE_UNAVAILABLE  # type: ignore[union-attr]
    assert not entry.runtime_data._availability._outdated


async def test_components_that_change_one_after_another(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each entity is updated once or twice, not once for each component."""
    device, updates = device_of(entry), 0
    listeners = entry.runtime_data._availability._listeners

    def counted(update: Callable[[], None]) -> Callable[[], None]:
        def call() -> None:
            nonlocal updates
            updates += 1
            update()

        return call

    entry.runtime_data._availability._listeners = {counted(update): None for update in listeners}
    for name in NAMES:
        device.driver.set_available(name, False)
    await hass.async_block_till_done()
    assert updates <= 2 * COUNT
    assert Writes(hass).unavailable == COUNT
    entry.runtime_data._availability._listeners = listeners


async def test_an_entity_that_is_removed_meanwhile_is_not_updated(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    device, coordinator, writes = device_of(entry), entry.runtime_data, Writes(hass)
    with slow_clocks():
        for name in NAMES:
            device.driver.set_available(name, False)
        assert coordinator._availability._outdated
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
    assert not coordinator._availability._outdated
    assert not coordinator._availability._listeners
    assert writes.unavailable == COUNT


async def test_an_entity_that_fails_does_not_keep_others_from_being_updated(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("broken")

    coordinator = entry.runtime_data
    coordinator._availability._listeners = {fail: None, **coordinator._availability._listeners}
    for name in NAMES:
        device_of(entry).driver.set_available(name, False)
    await hass.async_block_till_done()
    assert Writes(hass).unavailable == COUNT
    assert "an entity cannot be updated" in caplog.text
    del coordinator._availability._listeners[fail]
