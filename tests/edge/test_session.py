"""Signs of life of a device without a lasting connection: a knock, and what it says itself."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
import itertools
import time
from typing import override

import pytest

from custom_components.lan_edge.edge import (
    Driver,
    Http,
    HttpOptions,
    OfflineError,
    Profile,
    Switch,
    TimedOutError,
    UnreachableError,
    commanded as commanded_module,
    connection as connection_module,
    handles,
    session as session_module,
)
from custom_components.lan_edge.edge.transports import http as http_module

from .bench import new_device, online
from .peers import TcpPeer, Wire, until


class Plain(Driver[Http]):
    """A switch that is asked by HTTP."""

    id = "test_plain"
    profile = Profile(Switch)
    options = HttpOptions(timeout=1.0)
    poll = None

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")


class PlainDevice(TcpPeer):
    """It; `delay` is how long it takes for an answer."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.asked: list[str] = []
        self.delay = 0.0
        self._on = "off"

    async def _talk(self, wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head.partition(" HTTP")[0])
            if head.startswith("POST"):
                self._on = (
                    await wire.reader.readexactly(3 - ("length: 2" in head.lower()))
                ).decode()
            await asyncio.sleep(self.delay)
            body = "bench-1" if "/id" in head else self._on
            await wire.send(
                f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )


class Door:
    """Answers knocks as a test says."""

    def __init__(self) -> None:
        self.answers: Iterable[bool | None] = itertools.repeat(True)
        self.knocks = 0

    async def __call__(self, _address: object) -> bool | None:
        self.knocks += 1
        return next(iter(self.answers))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    made = Door()
    monkeypatch.setattr(http_module, "knock", made)
    monkeypatch.setattr(Http, "heartbeat", 0.05)
    monkeypatch.setattr(session_module, "DOUBTFUL", 0.2)
    monkeypatch.setattr(connection_module, "SHORTEST_PAUSE", 0.01)
    monkeypatch.setattr(commanded_module, "SILENCE", 0.05)
    return made


@pytest.fixture
async def peer() -> AsyncGenerator[PlainDevice]:
    async with PlainDevice() as made:
        yield made


async def test_a_door_that_opens_will_do(door: Door, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        asked = len(peer.asked)
        await until(lambda: door.knocks > 3)
        assert len(peer.asked) == asked
        assert device.available


async def test_where_nobody_opens_it_is_asked_itself(door: Door, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        asked = len(peer.asked)
        door.answers = itertools.repeat(False)
        await until(lambda: len(peer.asked) > asked + 1)
        assert set(peer.asked[asked:]) == {"GET /id"}
        assert device.available
        peer.silent, began = True, time.monotonic()
        await until(lambda: not device.available)
        assert time.monotonic() - began < 0.6
        assert isinstance(device.connection.reason, TimedOutError)


async def test_where_the_door_is_shut_it_is_asked_itself(door: Door, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        asked = len(peer.asked)
        door.answers = itertools.repeat(None)
        await until(lambda: len(peer.asked) > asked + 1)
        assert device.available


async def test_a_program_that_hangs_behind_an_open_door(
    door: Door, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "HANGING", 0.3)
    monkeypatch.setattr(Http, "patience", 0.2)
    async with online(new_device(Plain, peer.address)) as device:
        asked, peer.silent = len(peer.asked), True
        await until(lambda: not device.available)
        assert door.knocks
        assert peer.asked[asked] == "GET /id"


async def test_a_slow_command_is_waited_for_behind_an_open_door(
    door: Door, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        peer.delay = 0.4
        await device.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        assert device.connection.attempts == 1
        assert door.knocks


async def test_a_command_is_not_waited_for_where_nobody_opens(
    door: Door, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "heartbeat", 30)
    async with online(new_device(Plain, peer.address)) as device:
        peer.silent, began = True, time.monotonic()
        door.answers = itertools.repeat(False)
        waiting = asyncio.ensure_future(device.execute(Switch.off, {}))
        with pytest.raises(UnreachableError):
            await device.execute(Switch.on, {})
        with pytest.raises(OfflineError):
            await waiting
        assert time.monotonic() - began < 0.6
        assert not device.available
