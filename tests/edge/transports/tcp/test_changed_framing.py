"""A framer that changes in the middle of a connection, with whatever has arrived by then."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Codec,
    DriverError,
    EdgeError,
    Frames,
    FramesOptions,
    LengthFramer,
    RefusedError,
    VarintFramer,
)
from lan_edge.transports.base import Link

from ...peers import TcpPeer, Wire, until

SMALL = partial(LengthFramer, 2)


class Xor(Codec):
    """A cipher."""

    @override
    def encode(self, message: Any) -> bytes:
        return bytes(b ^ 0x55 for b in message)

    @override
    def decode(self, data: bytes) -> Any:
        return bytes(b ^ 0x55 for b in data)


def new_way(message: bytes) -> bytes:
    return SMALL(limit=100).wrap(Xor().encode(message))


class Bench:
    """Speaks numbers of variable size, and after `hello` lengths of two bytes, with a cipher."""

    def __init__(self) -> None:
        self.messages = list[bytes]()
        self.lost = list[EdgeError]()
        self.got = bytearray()
        options = FramesOptions(timeout=0.5, framer=VarintFramer, is_reply=lambda m: m[:1] != b"!")
        self.io = Frames(Link(self.messages.append, self.lost.append), options)
        self.peer = TcpPeer(self._listen)

    async def _listen(self, wire: Wire) -> None:
        while data := await wire.reader.read(1000):
            self.got += data

    def switch(self, reply: bytes) -> None:
        assert reply == b"welcome"
        self.io.change_framer(SMALL)
        self.io.codec = Xor()


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    async with made.peer:
        await made.io.open(made.peer.address)
        yield made
        await made.io.close()


def said() -> bytes:
    plain = b"".join(VarintFramer().wrap(m) for m in (b"!before", b"welcome"))
    return plain + b"".join(map(new_way, (b"!after", b"!more", b"")))


@pytest.mark.parametrize("cut", [*range(0, len(said()), 3), len(said())])
async def test_what_has_arrived_with_the_reply_is_framed_in_the_new_way(
    bench: Bench, cut: int
) -> None:
    asking = asyncio.ensure_future(bench.io.ask(b"hello", then=bench.switch))
    await until(lambda: bench.got)
    assert bench.got == b"\x05hello"
    data = said()
    bench.peer.wires[0].write(data[:cut])
    await asyncio.sleep(0.01)
    bench.peer.wires[0].write(data[cut:])
    assert await asking == b"welcome"
    await until(lambda: len(bench.messages) == 5)
    assert bench.messages == [b"!before", b"welcome", b"!after", b"!more", b""]
    bench.got.clear()
    bench.io.send(b"on")
    await until(lambda: bench.got)
    assert bench.got == new_way(b"on")
    assert bench.lost == []


async def test_a_new_connection_begins_as_the_first(bench: Bench) -> None:
    asking = asyncio.ensure_future(bench.io.ask(b"hello", then=bench.switch))
    await until(lambda: bench.got)
    bench.peer.wires[0].write(said())
    await asking
    bench.got.clear()
    await bench.io.open(bench.peer.address)
    bench.io.send(b"hello")
    await until(lambda: bench.got)
    assert bench.got == b"\x05hello"


@pytest.mark.parametrize(
    ("error", "expected"), [(RefusedError("no"), RefusedError), (KeyError("bug"), DriverError)]
)
async def test_what_follows_a_reply_fails(
    bench: Bench, error: Exception, expected: type[EdgeError]
) -> None:
    def fail(_reply: bytes) -> None:
        raise error

    asking = asyncio.ensure_future(bench.io.ask(b"hello", then=fail))
    await until(lambda: bench.got)
    bench.peer.wires[0].write(VarintFramer().wrap(b"welcome"))
    with pytest.raises(expected):
        await asking


async def test_nowhere_else_is_the_framer_changed(bench: Bench) -> None:
    with pytest.raises(DriverError, match="then"):
        bench.io.change_framer(SMALL)
    asking = asyncio.ensure_future(bench.io.ask(b"hello", then=bench.switch))
    await until(lambda: bench.got)
    with pytest.raises(DriverError, match="then"):
        bench.io.change_framer(SMALL)
    asking.cancel()


async def test_a_flood_behind_the_reply(bench: Bench) -> None:
    asking = asyncio.ensure_future(bench.io.ask(b"hello", then=bench.switch))
    await until(lambda: bench.got)
    bench.peer.wires[0].write(said() + new_way(b"!x") * 20_000)
    assert await asking == b"welcome"
    await until(lambda: len(bench.messages) == 20_005)
    assert bench.lost == []
