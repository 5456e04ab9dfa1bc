"""A message that changes hundreds of values: its subscribers are called in slices, in order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Button,
    ButtonValue,
    Component,
    Device,
    Driver,
    JsonRpc,
    PowerMeter,
    Profile,
    Switch,
    handles,
)
from lan_edge.timing import slices
from lan_edge.timing.slices import GIVE_WAY, SLICE

from ..bench import BenchDevice, new_device, online
from ..peers import until
from ..rounds import measure_by, measured_rounds, work

COUNT = 250
NAMES = [f"outlet{number}" for number in range(COUNT)]
BY_SLICE = 5
"""How many calls of a subscriber take a slice."""


class Strip(Driver[JsonRpc]):
    """Sets all its outlets at once; `pressed` are events of one button."""

    id = "test_strip"
    profile = Profile(Switch, Button, **{name: Component((PowerMeter,), name) for name in NAMES})

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        level = message.data.get("level", 0)
        for name in NAMES[: message.data.get("outlets", COUNT)]:
            self.emit(PowerMeter.power, level, name)
        for value in message.data.get("pressed", ()):
            self.emit(Button.button, value)
        if "on" in message.data:
            self.emit(Switch.switch, message.data["on"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True, level=7)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)


class Hub:
    """Notes what it is told: the component, the level that it shows, and in which round."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.told = list[tuple[str, float | None]]()
        self.rounds = [0]
        """How much was told in each round of the loop."""
        self.now = 0.0
        """The clock by which slices are measured."""
        self.unsubscribes = {
            name: device.state.subscribe(PowerMeter.power, name, partial(self.note, name))
            for name in NAMES
        }

    def note(self, name: str) -> None:
        self.now += SLICE / BY_SLICE * 1.001
        self.rounds[-1] += 1
        self.told.append((name, self.device.state.get(PowerMeter.power, name)))

    async def busy_round(self) -> None:
        """Let the loop be busy with something else, for so long that work gets its turn."""
        await asyncio.sleep(0)
        self.now += GIVE_WAY

    async def until_more_than(self, count: int) -> None:
        """Wait until more than that was told."""
        for _ in range(10_000):
            if len(self.told) > count:
                return
            self.rounds.append(0)
            await self.busy_round()

    async def until(self, count: int) -> None:
        """Wait until so much was told, and no more."""
        await self.until_more_than(count - 1)
        for _ in range(10):
            await self.busy_round()
        assert len(self.told) == count


@asynccontextmanager
async def told_hub(peer: BenchDevice) -> AsyncGenerator[Hub]:
    async with online(new_device(Strip, peer.address)) as device:
        yield Hub(device)


@pytest.fixture
async def peer() -> AsyncGenerator[BenchDevice]:
    async with BenchDevice() as peer:
        yield peer


@pytest.fixture
async def hub(peer: BenchDevice, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Hub]:
    async with told_hub(peer) as hub:
        measure_by(monkeypatch, lambda: hub.now)
        yield hub


def all_of(level: int) -> list[tuple[str, int]]:
    """Return what is told of one message."""
    return [(name, level) for name in NAMES]


async def test_one_message_does_not_keep_the_loop(peer: BenchDevice) -> None:
    async with online(new_device(Strip, peer.address)) as device:
        told = list[str]()

        def note(name: str) -> None:
            work(0.0005)
            told.append(name)

        for name in NAMES:
            device.state.subscribe(PowerMeter.power, name, partial(note, name))
        with measured_rounds() as rounds:
            await peer.push(level=1)
            await until(lambda: len(told) == COUNT)
        assert told == NAMES
        rounds.check()


async def test_others_have_their_turn_in_between(peer: BenchDevice, hub: Hub) -> None:
    await peer.push(level=1)
    await hub.until(COUNT)
    assert hub.told == all_of(1)
    assert max(hub.rounds) <= 2 * BY_SLICE


async def test_a_small_message_is_told_at_once(peer: BenchDevice, hub: Hub) -> None:
    await peer.push(level=1, outlets=BY_SLICE)
    await until(lambda: hub.told)
    assert hub.told == all_of(1)[:BY_SLICE]


async def test_the_next_message_waits(peer: BenchDevice, hub: Hub) -> None:
    """Each state is told, however soon the next message changes it."""
    for level in (1, 2, 3):
        await peer.push(level=level)
    await hub.until(3 * COUNT)
    assert hub.told == [*all_of(1), *all_of(2), *all_of(3)]
    assert max(hub.rounds) <= 2 * BY_SLICE


async def test_messages_in_one_piece(peer: BenchDevice, hub: Hub) -> None:
    lines = (b'{"method":"state","params":{"level":%d}}' % level for level in (1, 2, 3, 4))
    await peer.raw(b"\n".join(lines) + b"\n[" + b",".join(lines) + b"]\n")
    await hub.until(4 * COUNT)
    assert hub.told == [each for level in (1, 2, 3, 4) for each in all_of(level)]


async def test_a_command_returns_when_its_result_is_told(peer: BenchDevice, hub: Hub) -> None:
    await hub.device.commands.execute(Switch.on, {})
    assert hub.device.state.get(Switch.switch) is True
    assert hub.told == all_of(7)


async def test_a_read_returns_when_its_result_is_told(peer: BenchDevice, hub: Hub) -> None:
    peer.state["level"] = 3
    await hub.device.commands.refresh()
    assert hub.told == all_of(3)


async def test_each_event_is_told(peer: BenchDevice, hub: Hub) -> None:
    presses = ["pushed", "double", "held", "pushed"] * 20
    heard = list[ButtonValue | None]()

    def note() -> None:
        hub.now += SLICE / BY_SLICE
        heard.append(hub.device.state.get(Button.button))
        assert not hub.device.state.is_first_read

    hub.device.state.subscribe(Button.button, "main", note)
    await peer.push(level=1, pressed=presses)
    await until(lambda: len(heard) == len(presses))
    assert [str(value) for value in heard] == presses
    assert len(hub.told) == COUNT  # all that came first


async def test_events_of_a_first_read(peer: BenchDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subscriber knows that they may have happened long ago, also when it is called later."""
    clock, firsts = 0.0, list[bool]()

    def note() -> None:
        nonlocal clock
        clock += SLICE
        firsts.append(device.state.is_first_read)

    measure_by(monkeypatch, lambda: clock)
    peer.state["pressed"] = ["pushed"] * 9
    device = new_device(Strip, peer.address)
    device.state.subscribe(Button.button, "main", note)
    async with online(device):
        assert len(firsts) == 9
        heard_of_reply = firsts.copy()
        peer.state["pressed"] = ["held"]
        await peer.push(**peer.state)
        await until(lambda: len(firsts) == 10)
    assert heard_of_reply == [False] * 9  # JSON-RPC's replies are messages, outside of the read
    assert not firsts[-1]


async def test_nothing_is_lost_when_the_device_is_lost_or_stopped(
    peer: BenchDevice, hub: Hub
) -> None:
    await peer.push(level=1)
    await hub.until_more_than(0)
    assert len(hub.told) < COUNT
    await hub.device.stop()
    assert hub.told == all_of(1)
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_who_unsubscribes_is_not_called(peer: BenchDevice, hub: Hub) -> None:
    await peer.push(level=1)
    await hub.until_more_than(0)
    for name in NAMES[::2]:
        hub.unsubscribes[name]()
    before = len(hub.told)
    assert before < COUNT
    await until(lambda: hub.told[-1][0] == NAMES[-1])
    rest = [name for name, _ in hub.told[before:]]
    assert rest == [name for name in NAMES[before:] if name in NAMES[1::2]]
    for name in NAMES[::2]:
        hub.unsubscribes[name] = lambda: None


async def test_components_that_are_gone_meanwhile(peer: BenchDevice, hub: Hub) -> None:
    await peer.push(level=1)
    await hub.until_more_than(0)
    hub.device.driver.set_profile(Profile(Switch))
    before = len(hub.told)
    assert before < COUNT
    await hub.device.state.backlog.made()
    assert len(hub.told) == before


async def test_what_cannot_wait_is_told_in_order_of_the_messages(hub: Hub) -> None:
    """Of datagrams, for instance, the next may come meanwhile: the last value is told, later."""
    driver: Any = hub.device.driver
    call = hub.device._core.guard.call
    call(driver.on_message, JsonRpc.Message("state", {"level": 1}, None, False))
    first = len(hub.told)
    assert first == BY_SLICE
    call(driver.on_message, JsonRpc.Message("state", {"level": 2, "outlets": 20}, None, False))
    await hub.until(COUNT + first)
    assert hub.told == [*all_of(1)[:first], *all_of(1)[20:], *all_of(2)[:20]]


async def test_a_value_that_changes_all_the_time_is_told(hub: Hub) -> None:
    driver: Any = hub.device.driver
    call = hub.device._core.guard.call
    call(driver.on_message, JsonRpc.Message("state", {"level": 1}, None, False))
    for level in range(2, 2 + COUNT):
        call(driver.on_message, JsonRpc.Message("state", {"level": level % 100}, None, False))
        await hub.busy_round()
    assert {name for name, _ in hub.told} == set(NAMES)
    await hub.device.state.backlog.made()
    assert dict(hub.told) == dict.fromkeys(NAMES, (1 + COUNT) % 100)
