"""Memory: what a device can make us keep is bounded in bytes, with the largest legal messages."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
import gc
import tracemalloc

from hypothesis import given, settings, strategies as st
import pytest

from lan_edge import Http, HttpOptions, JsonCodec, Udp, UdpOptions
from lan_edge.diagnostics.trace import Trace
from lan_edge.transports.base import Link
from lan_edge.transports.http.event_stream import EventParser

from ..peers import TcpPeer, Wire, until
from .speakers import LIMIT, SPEAKERS, Speaker, speaking
from .udp.test_udp import UdpPeer

MAX_KEPT = 256 * 1024
"""Bytes of memory that a device may take beyond that of a connection on which it is silent."""
LARGE = LIMIT - 1024
LARGE_MESSAGES = 60
"""How many are sent; kept whole as they were parsed, each took about a megabyte."""
WHILE_HANDLED = 2 * 1024 * 1024
"""Bytes that one message may take while it is handled, in all its forms."""


class Memory:
    """The memory taken since the beginning of the measurement."""

    def __init__(self) -> None:
        self._before = self.now

    @property
    def now(self) -> int:
        """Bytes taken now, without what is garbage."""
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    @property
    def kept(self) -> int:
        """Bytes that are kept since."""
        return self.now - self._before

    @property
    def peak(self) -> int:
        """The most bytes that were taken since."""
        return tracemalloc.get_traced_memory()[1] - self._before


@contextmanager
def measured_memory() -> Generator[Memory]:
    """Measure the memory that is taken inside the block."""
    memory = Memory()
    tracemalloc.reset_peak()
    yield memory


@pytest.fixture(autouse=True)
def traced() -> Generator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.fixture(params=SPEAKERS, ids=str)
def speaker(request: pytest.FixtureRequest) -> Speaker:
    chosen: Speaker = request.param
    return chosen


async def test_of_large_messages(speaker: Speaker) -> None:
    async with speaking(speaker, is_counted=True) as hearing:
        data = speaker.large(LARGE)
        with measured_memory() as memory:
            for _ in range(max(LARGE_MESSAGES // speaker.pieces, 2)):
                hearing.count = 0
                hearing.wire.write(data)
                await until(lambda: hearing.count)
            assert memory.kept < MAX_KEPT


async def test_of_a_part_of_a_message(speaker: Speaker) -> None:
    async with speaking(speaker, is_counted=True) as hearing:
        data = speaker.large(LARGE)
        with measured_memory() as memory:
            hearing.wire.write(data[: len(data) * 9 // 10])
            for _ in range(100):
                await asyncio.sleep(0)
            assert memory.kept < MAX_KEPT


async def test_of_many_small_messages(speaker: Speaker) -> None:
    async with speaking(speaker, is_counted=True) as hearing:
        hearing.wire.write(speaker.flood(range(20_000)))
        with measured_memory() as memory:
            await until(lambda: hearing.count == 20_000)
            assert memory.peak < WHILE_HANDLED
            assert memory.kept < MAX_KEPT


async def test_of_large_datagrams() -> None:
    data = b'{"a":[%b{}]}' % (b"{}," * 20_000)
    heard = asyncio.Event()
    async with UdpPeer(lambda _: [data]) as peer:
        udp = Udp(Link(lambda _: heard.set(), lambda _: None), UdpOptions(codec=JsonCodec))
        await udp.open(peer.address)
        with measured_memory() as memory:
            for _ in range(LARGE_MESSAGES):
                heard.clear()
                udp.send({})
                await heard.wait()
            peer.received.clear()
            assert memory.kept < MAX_KEPT
        await udp.close()


async def test_of_large_answers() -> None:
    body = b"\xff" * (1024 * 1024)

    async def serve(wire: Wire) -> None:
        while await wire.reader.readuntil(b"\r\n\r\n"):
            wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            wire.write(body)

    async with TcpPeer(serve) as peer:
        http = Http(Link(lambda _: None, lambda _: None), HttpOptions())
        await http.open(peer.address)
        await http.get("/")
        with measured_memory() as memory:
            for _ in range(20):
                assert len((await http.get("/")).body) == len(body)
            assert memory.kept < MAX_KEPT
            assert memory.peak < 4 * len(body)
        await http.close()


texts = st.text(min_size=1, max_size=20) | st.binary(min_size=1, max_size=20)


@settings(max_examples=20)
@given(st.lists(st.tuples(texts, st.integers(1, 4000)), min_size=1, max_size=20))
def test_of_the_trace(contents: list[tuple[str | bytes, int]]) -> None:
    trace = Trace()
    with measured_memory() as memory:
        for content, times in contents * 50:
            trace.add("received", content * times)
        assert memory.kept < MAX_KEPT // 2


@pytest.mark.parametrize("field", ["id", "event", "x"])
def test_of_a_field_of_an_event(field: str) -> None:
    parser = EventParser()
    line = f"{field}: {'\U0001f4a1' * 12_000}\ndata: a\n\n".encode()
    with measured_memory() as memory:
        (event,) = parser.feed(line)
        assert event.data == "a"
        del event
        assert memory.kept < len(line) // 2
