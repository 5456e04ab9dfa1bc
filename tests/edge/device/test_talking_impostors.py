"""Another device takes the address of one that is never silent: by UDP, nothing else tells."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import json
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Device,
    Driver,
    IdentityError,
    JsonCodec,
    PowerMeter,
    Profile,
    Udp,
    UdpOptions,
    compile_description,
    read_description,
)
from tests.clock import now

from ..bench import new_device, online
from ..peers import LOOPBACK, until

pytestmark = pytest.mark.usefixtures("nothing_left_running")
NOTICED_WITHIN = 20.0
TEXT = """\
description: 1
id: meter
name: Meter
talks: udp
poll: 2
requests:
  info: {message: {ask: info}}
  state: {message: {ask: state}}
messages:
  info: {when: {path: id}}
  state: {when: {path: watts}}
identity: {from: info, path: id}
components:
  main:
    powerMeter:
      power: {from: state, path: watts}
"""


class Peer(asyncio.DatagramProtocol):
    """A device that answers everything at once; others may have its address by now."""

    def __init__(self) -> None:
        self.id = "bench-1"
        self.asked = list[str]()
        self.transport: Any = None

    @override
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        asked = json.loads(data)["ask"]
        self.asked.append(asked)
        answer = {"id": self.id} if asked == "info" else {"watts": len(self.id)}
        self.transport.sendto(json.dumps(answer).encode(), addr)

    @asynccontextmanager
    async def there(self) -> AsyncGenerator[Address]:
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(LOOPBACK, 0))
        try:
            yield Address(*self.transport.get_extra_info("sockname"))
        finally:
            self.transport.close()


class Nameless(Driver[Udp]):
    """A meter that does not say who it is."""

    id = "test_nameless"
    profile = Profile(PowerMeter)
    poll = 2.0
    options = UdpOptions(codec=JsonCodec)

    @override
    async def refresh(self) -> None:
        self.emit_field(PowerMeter.power, await self.io.ask({"ask": "state"}), "watts")


class Named(Nameless):
    """One that does."""

    id = "test_named"

    @override
    async def identify(self) -> str:
        return str((await self.io.ask({"ask": "info"}))["id"])


DRIVERS: dict[str, Callable[[], type[Driver[Any]]]] = {
    "driver": lambda: Named,
    "described": lambda: compile_description(read_description(TEXT)),
}


def meter(driver: type[Driver[Any]], address: Address) -> Device:
    return new_device(driver, address)


@pytest.mark.parametrize("kind", list(DRIVERS))
async def test_another_one_at_the_address_is_noticed(kind: str) -> None:
    peer = Peer()
    async with peer.there() as address, online(meter(DRIVERS[kind](), address)) as device:
        peer.id, began = "another", now()
        await until(lambda: isinstance(device.connection.reason, IdentityError), NOTICED_WITHIN)
        assert now() - began < NOTICED_WITHIN
        await until(lambda: not device.available)


async def test_it_is_not_asked_often() -> None:
    peer = Peer()
    async with peer.there() as address, online(meter(Named, address)) as device:
        before = peer.asked.count("info")
        await asyncio.sleep(60)
        assert 3 <= peer.asked.count("info") - before <= 6
        assert device.available


async def test_one_that_never_said_who_it_is_is_not_asked() -> None:
    peer = Peer()
    async with peer.there() as address, online(meter(Nameless, address)) as device:
        await asyncio.sleep(60)
        assert peer.asked.count("state") < 60
        assert "info" not in peer.asked
        assert device.available
