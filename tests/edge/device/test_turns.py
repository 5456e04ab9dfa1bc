"""A device with a stream of bytes: whatever uses it at the same time, each gets its own answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import ClassVar, override

import pytest

from lan_edge import (
    Address,
    Device,
    Driver,
    Momentary,
    Options,
    Profile,
    Record,
    Stream,
    StreamOptions,
    Switch,
    TimedOutError,
    handles,
)
from lan_edge.connection.status import Status

from ..peers import TcpPeer, Wire, until

pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Echoing(Driver[Stream]):
    """Has everything repeated, in two parts each time."""

    id = "echoing"
    profile = Profile(Switch, Momentary)
    options: ClassVar[Options | None] = StreamOptions(timeout=1)
    poll = None

    async def conversation(self, word: str) -> None:
        for part in (word, f"{word} again"):
            self.io.write(f"{part}\n".encode())
            answer = await self.io.read_until(b"\n")
            assert answer.decode() == f"{part}\n"

    @override
    async def connected(self) -> None:
        self.every(0.3, lambda: self.conversation("timer"))

    @override
    async def refresh(self) -> None:
        await self.conversation("refresh")
        await asyncio.gather(self.optional(self.meter, Momentary), self.conversation("beside"))
        self.emit(Switch.switch, True)

    async def meter(self) -> None:
        await asyncio.sleep(0.1)

    @override
    async def ping(self) -> str:
        await self.conversation("ping")
        return ""

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.conversation("on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.conversation("late")

    @handles(Momentary.push)
    async def push(self) -> None:
        self.io.write(b"push\n")
        await self.io.read(5)


async def echo(wire: Wire) -> None:
    async for line in wire.lines():
        await asyncio.sleep(1.5 if line == b"late\n" else 0.02)
        await wire.send(line)


@asynccontextmanager
async def echoing() -> AsyncGenerator[Device]:
    async with TcpPeer(echo) as peer:
        device = Device(Echoing, Record(addresses=(Address(peer.host, peer.port),)))
        device.start()
        try:
            await until(lambda: device.available)
            yield device
        finally:
            await device.stop()
    assert device.counts["driver_errors"] == {}


async def test_commands_polls_timers_and_pings_at_once() -> None:
    async with echoing() as device:
        for _ in range(10):
            device.connection.doubt()
            commands = (device.commands.execute(c, {}) for c in (Switch.on, Momentary.push))
            await asyncio.gather(*commands, device.commands.refresh())
        await asyncio.sleep(5)
        assert device.connection.attempts == 1
        assert device.available


async def test_a_ping_waits_for_a_command_that_is_being_answered() -> None:
    async with echoing() as device:
        command = asyncio.ensure_future(device.commands.execute(Momentary.push, {}))
        await asyncio.sleep(0.01)
        device.connection.doubt()
        await command
        await asyncio.sleep(1)
        assert device.connection.attempts == 1


async def test_a_late_answer_is_not_that_of_the_next_command() -> None:
    async with echoing() as device:
        with pytest.raises(TimedOutError):
            await device.commands.execute(Switch.off, {})
        await until(
            lambda: device.connection.status is Status.ONLINE and device.connection.attempts == 2
        )
        await device.commands.execute(Switch.on, {})  # its own answer, or the driver fails
        await asyncio.sleep(3)
        assert device.connection.attempts == 2
