"""Commands on a network that loses, repeats, delays and reorders datagrams, in both directions."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import json
from random import Random
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Driver,
    EdgeError,
    JsonCodec,
    Profile,
    Switch,
    Udp,
    UdpOptions,
    handles,
)
from tests.clock import now
from tests.network.chaos.ledger import Command, Executed, not_done

from ...bench import new_device, online
from ...peers import LOOPBACK

COMMANDS = 40
LATEST = 0.7
"""Seconds that a datagram takes at most: it is sent again after 0.25 and 0.75 s."""


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its reply have in common."""
    return message.get("id")


class Lamp(Driver[Udp]):
    """A lamp whose requests and replies have numbers."""

    id = "test_numbered_lamp"
    profile = Profile(Switch)
    options = UdpOptions(codec=JsonCodec, key=number_of)

    async def ask(self, **message: object) -> dict[str, Any]:
        reply: dict[str, Any] = await self.io.ask({"id": self.io.number(), **message})
        return reply

    @override
    async def identify(self) -> str:
        return str((await self.ask())["serial"])

    @override
    async def refresh(self) -> None:
        await self.ask()

    @override
    def on_message(self, message: dict[str, Any]) -> None:
        self.emit(Switch.switch, message["on"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.ask(set=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.ask(set=False)


class Far(asyncio.DatagramProtocol):
    """The lamp at the other end of such a network; it notes what it has carried out."""

    def __init__(self, random: Random) -> None:
        self.on = False
        self.executed: list[Executed] = []
        self._random = random
        self.is_bad = False
        """Whether the network does anything to datagrams."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._carry(lambda: self._obey(json.loads(data), addr))

    def _obey(self, request: dict[str, Any], addr: tuple[str | Any, int]) -> None:
        if "set" in request:
            self.on = request["set"]
            self.executed.append(Executed(now(), self.on))
        reply = json.dumps({"id": request["id"], "on": self.on, "serial": "bench-1"}).encode()
        self._carry(lambda: self._send(reply, addr))

    def _send(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if not self.transport.is_closing():
            self.transport.sendto(data, addr)

    def _carry(self, deliver: Callable[[], object]) -> None:
        """Deliver a datagram: at once, late, twice, or not at all."""
        copies = self._random.choice((0, 1, 1, 1, 2)) if self.is_bad else 1
        for _ in range(copies):
            delay = self._random.uniform(0, LATEST) if self._random.random() < 0.5 else 0.0
            asyncio.get_running_loop().call_later(delay if self.is_bad else 0, deliver)


@asynccontextmanager
async def far_lamp(random: Random) -> AsyncGenerator[tuple[Far, Address]]:
    transport, lamp = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Far(random), local_addr=(LOOPBACK, 0)
    )
    try:
        yield lamp, Address(*transport.get_extra_info("sockname")[:2])
    finally:
        transport.abort()
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(6))
async def test_commands_that_are_done_were_done_in_order(seed: int) -> None:
    random, commands = Random(seed), list[Command]()
    async with far_lamp(random) as (lamp, address), online(new_device(Lamp, address)) as device:
        lamp.is_bad = True

        async def command(number: int, value: bool) -> None:
            given = Command(0, number, value, now(), was=lamp.on)
            commands.append(given)
            try:
                await device.commands.execute(Switch.on if value else Switch.off, {})
            except EdgeError:
                given.outcome = "failed"
            else:
                given.outcome = "done"
            given.ended = now()

        async with asyncio.TaskGroup() as group:
            for number in range(COMMANDS):
                group.create_task(command(number, random.random() < 0.5))
                await asyncio.sleep(random.choice((0.001, 0.001, 0.4, 2)))
    assert not_done(commands, lamp.executed, []) == []
    assert sum(each.outcome == "done" for each in commands) > COMMANDS / 2
    assert len(lamp.executed) > len(commands)  # some arrived more than once
