"""What a connected device announces reaches its driver; what others say in its name, hardly."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Device,
    Match,
    Sighting,
    Switch,
    SwitchLevel,
    UnreachableError,
)
from lan_edge.device.announcements import MAX_SIGHTING_SIZE, RATE

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import until

ELSEWHERE = "127.0.0.2"


@dataclass
class Heard:
    """What the driver got, in order."""

    all: list[Any] = field(default_factory=list[Any])


class Announcing(Bench):
    """Its level is in its announcements."""

    id = "test_announcing"
    memory: Heard  # type: ignore[assignment]

    @override
    async def connected(self) -> None:
        self.memory.all.append("connected")

    @override
    async def disconnected(self) -> None:
        self.memory.all.append("disconnected")

    @override
    async def refresh(self) -> None:
        self.memory.all.append("refresh")
        await self.io.call("get")

    @override
    def hook(self, name: str) -> None:
        """Note nothing."""

    @override
    def on_message(self, message: Any) -> None:
        if message.method == "state":
            self.memory.all.append(("pushed", message.data["level"]))
            self.emit_field(Switch.switch, message.data, "on")

    @override
    def on_sighting(self, sighting: Sighting) -> None:
        data = sighting.json("{txt[data1]}{txt[data2]}")
        if data == ["x"]:
            raise RuntimeError
        self.memory.all.append(data)
        self.emit_field(SwitchLevel.level, data, "level")


def announce(
    device: Device, data1: str, address: Address, *others: Address, kind: str = "_x._tcp.local."
) -> None:
    sighting = Sighting("mdns", kind, address, "Bench", {"txt": {"data1": data1}}, others)
    device.sighted(sighting, Match("bench-1", address, "Bench", others))


def heard(device: Device) -> list[Any]:
    memory: Heard = device.driver.memory
    return memory.all


@pytest.fixture
async def peer() -> AsyncGenerator[BenchDevice]:
    async with BenchDevice() as made:
        yield made


@pytest.fixture
async def device(peer: BenchDevice) -> AsyncGenerator[Device]:
    async with online(new_device(Announcing, peer.address)) as made:
        await until(lambda: made.available)
        heard(made).clear()
        yield made


async def test_its_state_is_what_it_announces(device: Device, peer: BenchDevice) -> None:
    announce(device, '{"level": 42}', peer.address)
    assert device.state.get(SwitchLevel.level) == 42
    announce(device, '{"level": 43}', Address("10.0.0.9"), peer.address)
    assert device.state.get(SwitchLevel.level) == 43
    announce(device, '{"level": 43}', peer.address)
    assert heard(device) == [{"level": 42}, {"level": 43}, {"level": 43}]


async def test_in_the_order_of_arrival_among_messages(device: Device, peer: BenchDevice) -> None:
    for level in (1, 2, 3):
        await peer.push(level=level)
        await until(partial(heard(device).__contains__, ("pushed", level)))
        announce(device, f'{{"level": {level}}}', peer.address)
    assert heard(device) == [
        each for level in (1, 2, 3) for each in (("pushed", level), {"level": level})
    ]


async def test_what_it_announced_before_comes_once_it_is_identified(peer: BenchDevice) -> None:
    made = new_device(Announcing, peer.address)
    announce(made, '{"level": 1}', peer.address)
    announce(made, '{"level": 2}', peer.address)
    announce(made, '{"level": 3}', Address(ELSEWHERE))
    assert not made.driver.memory.all
    async with online(made):
        await until(lambda: made.available)
        assert heard(made) == ["connected", {"level": 2}, "refresh"]
        peer.drop()
        await until(lambda: not made.state.is_proven)
        announce(made, '{"level": 5}', peer.address)
        assert {"level": 5} not in heard(made)
        await until(lambda: {"level": 5} in heard(made))
        assert heard(made)[3:] == ["disconnected", "connected", {"level": 5}, "refresh"]


async def test_it_is_asked_again_for_what_it_announces_when_it_is_read(
    device: Device, peer: BenchDevice
) -> None:
    """Its last announcement may have been lost."""
    asked = list[str]()
    device.observer.on_reading = asked.append
    await device.commands.refresh()
    assert asked == [peer.address.host]
    device.connection.lost(UnreachableError("gone"))
    await until(lambda: device.available and device.state.is_proven)
    assert asked == [peer.address.host]  # a first reading is no second one


async def test_from_another_address_it_is_not_believed(device: Device, peer: BenchDevice) -> None:
    announce(device, '{"level": 66}', Address(ELSEWHERE, peer.address.port))
    await asyncio.sleep(1)
    assert not heard(device)
    assert device.state.get(SwitchLevel.level) != 66
    assert device.counts["ignored_messages"] == {"announced from another address": 1}
    assert device.available


async def test_a_flood_reaches_the_driver_at_a_bounded_rate_the_latest_last(
    device: Device, peer: BenchDevice
) -> None:
    for level in range(100):
        announce(device, f'{{"level": {level}}}', peer.address)
    assert len(heard(device)) == RATE
    await asyncio.sleep(0.2)
    assert heard(device)[-1] == {"level": 99}
    assert len(heard(device)) == RATE + 1
    assert device.counts["ignored_messages"]["announced too often"] == 100 - RATE - 1
    await asyncio.sleep(5)
    announce(device, '{"level": 7}', peer.address)
    assert heard(device)[-1] == {"level": 7}


async def test_a_flood_from_elsewhere_does_not_take_its_place(
    device: Device, peer: BenchDevice
) -> None:
    for level in range(50):
        announce(device, f'{{"level": {level}}}', peer.address)
        announce(device, '{"level": 66}', Address(ELSEWHERE))
    await asyncio.sleep(0.2)
    assert heard(device)[-1] == {"level": 49}
    assert {"level": 66} not in heard(device)


async def test_kinds_do_not_replace_each_other(device: Device, peer: BenchDevice) -> None:
    for n in range(20):
        for kind in ("one", "two"):
            announce(device, f'{{"level": {n}, "kind": "{kind}"}}', peer.address, kind=kind)
    await asyncio.sleep(0.5)
    assert heard(device)[-2:] == [{"level": 19, "kind": kind} for kind in ("one", "two")]


async def test_what_waits_is_bounded(peer: BenchDevice) -> None:
    made = new_device(Announcing, peer.address)
    for n in range(100):
        announce(made, f'{{"level": {n}}}', peer.address, kind=f"_{n}")
    async with online(made):
        await until(lambda: made.available)
        levels = [each["level"] for each in heard(made) if isinstance(each, dict)]
        assert levels == [96, 97, 98, 99]


async def test_one_that_is_too_large(device: Device, peer: BenchDevice) -> None:
    announce(device, f'{{"level": 1, "x": "{"x" * MAX_SIGHTING_SIZE}"}}', peer.address)
    assert not heard(device)
    assert device.counts["ignored_messages"] == {"announced too much": 1}
    announce(device, '{"level": 1}', peer.address)
    assert heard(device) == [{"level": 1}]


@pytest.mark.parametrize(
    ("data", "counted"),
    [("no JSON", "Announcing.on_sighting refused"), ('["x"]', "Announcing.on_sighting")],
)
async def test_an_error_of_the_driver_is_contained_and_counted(
    device: Device, peer: BenchDevice, caplog: pytest.LogCaptureFixture, data: str, counted: str
) -> None:
    for _ in range(3):
        announce(device, data, peer.address)
    assert device.counts["driver_errors"] == {counted: 3}
    assert len([r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}]) == 1
    assert device.available
    await send(device, Switch.on)


async def test_it_is_no_sign_of_life(device: Device, peer: BenchDevice) -> None:
    peer.silent = True
    loop = asyncio.get_running_loop()
    began = loop.time()
    while device.available:
        announce(device, '{"level": 1}', peer.address)
        await asyncio.sleep(0.5)
        assert loop.time() - began < 60


async def test_it_is_in_the_trace(device: Device, peer: BenchDevice) -> None:
    for level in (42, 42, 42, 43):
        announce(device, f'{{"level": {level}}}', peer.address)
    first, second = (e.text for e in device.trace.entries() if e.kind == "sighted")
    assert first.startswith('mdns Bench {"txt": {"data1": ')
    assert "42" in first
    assert "43" in second


async def test_a_driver_without_it_keeps_nothing(peer: BenchDevice) -> None:
    async with online(new_device(Bench, peer.address)) as made:
        await until(lambda: made.available)
        announce(made, '{"level": 1}', peer.address)
        assert not made._session.announcements._waiting
        assert "sighted" not in {entry.kind for entry in made.trace.entries()}


async def test_a_device_that_was_added_by_its_name(peer: BenchDevice) -> None:
    named = Address("localhost", peer.address.port)
    async with online(new_device(Announcing, named)) as made:
        await until(lambda: made.available)
        announce(made, '{"level": 12}', peer.address)
        assert made.state.get(SwitchLevel.level) == 12


async def test_it_tells_where_the_device_is(peer: BenchDevice) -> None:
    async with (
        BenchDevice(ELSEWHERE) as moved,
        online(new_device(Announcing, peer.address)) as made,
    ):
        await until(lambda: made.available)
        await peer.__aexit__()
        announce(made, '{"level": 9}', moved.address)
        await until(lambda: made.record.addresses[0] == moved.address)
        assert made.state.get(SwitchLevel.level) == 9
        announce(made, '{"level": 10}', moved.address)
        assert made.state.get(SwitchLevel.level) == 10
