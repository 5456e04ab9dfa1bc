"""The head of an answer: bounded, for it is kept until all of it is there."""

import asyncio
from collections.abc import AsyncGenerator
import gc
import tracemalloc

import pytest

from lan_edge import EdgeError, Http, HttpOptions
from lan_edge.transports.base import Link

from ...peers import TcpPeer, Wire

MAX_KEPT = 384 * 1024
"""Bytes of memory that the head of an answer may take."""
HEADS = {
    "status": b"HTTP/1.1 200 " + b"x" * 8000,
    "one header": b"HTTP/1.1 200 OK\r\nA: " + b"x" * 8000,
    "headers": b"HTTP/1.1 200 OK\r\n"
    + b"".join(b"A%d: %b\r\n" % (n, b"x" * 8000) for n in range(99)),
    "headers that fit": b"HTTP/1.1 200 OK\r\n"
    + b"".join(b"A%d: %b\r\n" % (n, b"x" * 4000) for n in range(99)),
}


class Peer(TcpPeer):
    """Answers with a head that never ends."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.head = b""

    async def _talk(self, wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        wire.write(self.head)
        await wire.reader.read()


@pytest.fixture
async def peer() -> AsyncGenerator[Peer]:
    async with Peer() as made:
        yield made


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_one_that_never_ends_takes_little_memory(peer: Peer, head: bytes) -> None:
    peer.head = head
    http = Http(Link(lambda _: None, lambda _: None), HttpOptions(timeout=2))
    await http.open(peer.address)
    asking = asyncio.ensure_future(http.get("/"))
    await asyncio.sleep(0)
    tracemalloc.start()
    try:
        await asyncio.wait([asking], timeout=1)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < MAX_KEPT
    finally:
        tracemalloc.stop()
        with pytest.raises(EdgeError):
            await asking
        await http.close()
