"""The bytes of one connection, read and written as with a socket."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from time import sleep
from typing import Any, override

from hypothesis import given, settings, strategies as st
import pytest

from lan_edge import (
    ArgumentError,
    CredentialsError,
    DriverError,
    EdgeError,
    RefusedError,
    ReplyError,
    Stream,
    StreamOptions,
    TimedOutError,
    UnreachableError,
)
from lan_edge.timing.slices import SLICE, SlicedWork
from lan_edge.transports.base import Link
from lan_edge.transports.messages.unpacking import PIECE

from ...peers import TcpPeer, Wire, until
from ..contract import Contract, Heard, Kit

LIMIT = 1000


def make(link: Link) -> Stream:
    return Stream(link, StreamOptions(timeout=0.2, limit=LIMIT))


async def serve(wire: Wire) -> None:
    async for line in wire.lines():
        await wire.send(line.upper())


async def ask(stream: Stream) -> bytes:
    async def conversation() -> bytes:
        stream.write(b"power?\n")
        return await stream.read_until(b"\n")

    assert stream.turns is not None
    return await stream.turns.take(conversation)


class TestStream(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=ask,
        answer=b"POWER?\n",
        garbage=b"\xff\xfe\x00",
        oversize=b"x" * (LIMIT + 1),
    )

    @override
    async def test_cancelled_at_every_step(self, transport: Any, peer: Any, heard: Heard) -> None:
        await super().test_cancelled_at_every_step(transport, peer, Heard())
        assert all("late answer" in str(error) for error in heard.lost)


class Bench:
    """A stream, and a device that says what a test has it say."""

    def __init__(self, **options: Any) -> None:
        self.heard = Heard()
        self.got = bytearray()
        self.stream = Stream(self.heard.link(), StreamOptions(timeout=0.2, limit=LIMIT, **options))
        self.peer = TcpPeer(self._listen)

    async def _listen(self, wire: Wire) -> None:
        while data := await wire.reader.read(1000):
            self.got += data

    def say(self, data: bytes) -> None:
        self.peer.wires[-1].write(data)

    async def turn[T](self, work: Callable[[], Awaitable[T]]) -> T:
        assert self.stream.turns is not None
        return await self.stream.turns.take(work)

    async def arrived(self, count: int) -> None:
        await until(lambda: self.stream.unread >= count)


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    async with made.peer:
        await made.stream.open(made.peer.address)
        yield made
        await made.stream.close()


async def test_as_with_a_socket(bench: Bench) -> None:
    async def conversation() -> list[bytes]:
        bench.stream.write(b"hi")
        await until(lambda: bench.got == b"hi")
        bench.say(b"\x02abrest\r\nmore")
        head = await bench.stream.read(1)
        return [
            await bench.stream.read(head[0]),
            await bench.stream.read_until(b"\r\n"),
            await bench.stream.read_some(),
        ]

    assert await bench.turn(conversation) == [b"ab", b"rest\r\n", b"more"]
    assert bench.stream.unread == 0
    assert bench.heard.messages == []


async def test_what_arrives_outside_of_a_turn_is_kept_for_the_next(bench: Bench) -> None:
    bench.say(b"early ")
    await bench.arrived(6)
    bench.say(b"bird\n")
    assert await bench.turn(lambda: bench.stream.read_until(b"\n")) == b"early bird\n"
    assert bench.heard.messages == []


async def test_or_it_is_reported() -> None:
    bench = Bench(report_unasked=True)
    async with bench.peer:
        await bench.stream.open(bench.peer.address)
        bench.say(b"news")
        await until(lambda: bench.heard.messages)

        async def conversation() -> bytes:
            bench.stream.write(b"?")
            await until(lambda: bench.got)
            bench.say(b"yes, and news")
            await bench.arrived(13)
            return await bench.stream.read(3)

        assert await bench.turn(conversation) == b"yes"
        assert bench.heard.messages == [b"news", b", and news"]
        await bench.stream.close()


@pytest.mark.parametrize("how", ["read", "read_until", "read_some"])
async def test_no_answer_in_time_closes_the_connection(bench: Bench, how: str) -> None:
    arguments = {"read": (3,), "read_until": (b"\n",), "read_some": ()}[how]

    async def conversation() -> None:
        bench.stream.write(b"?")
        await getattr(bench.stream, how)(*arguments)

    with pytest.raises(TimedOutError, match="no answer"):
        await bench.turn(conversation)
    assert bench.stream.gave_up()
    with pytest.raises(UnreachableError):  # not the late answer, whenever that comes
        await bench.turn(bench.stream.read_some)
    await until(lambda: bench.heard.lost)
    assert "late answer" in str(bench.heard.lost[0])


@pytest.mark.parametrize("seconds", [0.01, 0.1])
async def test_a_late_answer_is_not_taken_for_the_next(bench: Bench, seconds: float) -> None:
    """The command is given up by its own deadline before it reads, or while it does."""

    async def conversation() -> bytes:
        bench.stream.write(b"?")
        await asyncio.sleep(0.05)
        return await bench.stream.read(1)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await bench.turn(conversation)
    bench.say(b"late")
    with pytest.raises(UnreachableError):
        await bench.turn(conversation)
    await until(lambda: bench.heard.lost)
    await bench.stream.open(bench.peer.address)
    bench.say(b"new")
    assert await bench.turn(conversation) == b"n"


@pytest.mark.parametrize(
    ("error", "is_closed"),
    [(RefusedError("no"), False), (ReplyError("odd"), True), (KeyError("bug"), True)],
)
async def test_an_error_in_the_middle_of_an_answer(
    bench: Bench, error: Exception, is_closed: bool
) -> None:
    async def conversation() -> None:
        bench.stream.write(b"?")
        raise error

    with pytest.raises(type(error)):
        await bench.turn(conversation)
    assert bench.stream.gave_up() is is_closed


async def test_an_error_before_anything_was_sent_changes_nothing(bench: Bench) -> None:
    async def conversation() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await bench.turn(conversation)
    bench.say(b"x")
    assert await bench.turn(lambda: bench.stream.read(1)) == b"x"


# bounds


async def test_too_much_that_nobody_reads(bench: Bench) -> None:
    bench.say(b"x" * (LIMIT + 1))
    await until(lambda: bench.heard.lost)
    assert str(bench.heard.lost[0]) == f"more than {LIMIT} bytes that nobody has read"


async def test_a_long_answer_is_read_in_parts(bench: Bench) -> None:
    """More than `limit` waits in the network, not here, while a turn reads it."""

    async def conversation() -> int:
        bench.stream.write(b"?")
        bench.say(b"x" * 500_000)
        total = 0
        while total < 500_000:
            total += len(await bench.stream.read(500))
            assert bench.stream.unread <= LIMIT + 64 * 1024
        return total

    assert await bench.turn(conversation) == 500_000
    assert bench.heard.lost == []


async def test_a_delimiter_that_does_not_come(bench: Bench) -> None:
    bench.say(b"x" * LIMIT)
    await bench.arrived(LIMIT)

    async def conversation() -> None:
        reading = asyncio.ensure_future(bench.stream.read_until(b"\n"))
        await asyncio.sleep(0.01)
        bench.say(b"x")
        await reading

    with pytest.raises(ReplyError, match=f"more than {LIMIT} bytes without"):
        await bench.turn(conversation)
    await until(lambda: bench.heard.lost)


@pytest.mark.parametrize("count", [0, -1, LIMIT + 1])
async def test_a_count_that_cannot_be_read(bench: Bench, count: int) -> None:
    with pytest.raises(ArgumentError, match=f"{count} bytes to read"):
        await bench.stream.read(count)
    with pytest.raises(ArgumentError, match="empty delimiter"):
        await bench.stream.read_until(b"")
    assert not bench.stream.gave_up()


async def test_two_readers_at_once(bench: Bench) -> None:
    first = asyncio.ensure_future(bench.stream.read(1))
    await asyncio.sleep(0)
    with pytest.raises(DriverError, match="is being read already"):
        await bench.stream.read(1)
    bench.say(b"x")
    assert await first == b"x"


@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=60), st.lists(st.integers(0, 60), max_size=6))
async def test_any_split_of_bytes_reads_alike(data: bytes, cuts: list[int]) -> None:
    stream = Stream(Heard().link(), StreamOptions(limit=100))
    stream._connected = lambda: None  # type: ignore[method-assign,assignment,return-value]
    places = sorted({min(c, len(data)) for c in cuts} | {0, len(data)})
    text = data.replace(b"\r\n", b"") + b"\r\n" + data

    async def conversation() -> list[bytes]:
        line = asyncio.ensure_future(stream.read_until(b"\r\n"))
        await asyncio.sleep(0)
        at = 0
        for a, b in pairwise(places):
            stream._received(text[a:b])
            at = b
            await asyncio.sleep(0)
        stream._received(text[at:])
        return [await line, await stream.read(len(data))]

    assert stream.turns is not None
    end = text.index(b"\r\n") + 2
    assert await stream.turns.take(conversation) == [text[:end], text[end : end + len(data)]]


# login, and what is secret


async def test_a_login_reads_and_writes() -> None:
    async def log_in(stream: Stream) -> None:
        stream.write(b"hunter2\n", secret="hunter2")
        if await stream.read_until(b"\n") != b"HUNTER2\n":
            raise CredentialsError

    link = Link(lambda _: None, lambda _: None)
    stream = Stream(link, StreamOptions(login=log_in))
    async with TcpPeer(serve) as peer:
        await stream.open(peer.address)
        assert await ask(stream) == b"POWER?\n"
        await stream.close()
    shown = "\n".join(entry.text for entry in link.trace.entries())
    assert "hunter" not in shown.lower()


async def test_a_login_that_fails_leaves_nothing() -> None:
    async def log_in(stream: Stream) -> None:
        await stream.read(5)

    heard = Heard()
    stream = Stream(heard.link(), StreamOptions(timeout=0.1, login=log_in))
    async with TcpPeer(serve) as peer:
        with pytest.raises(EdgeError):
            await stream.open(peer.address)
    assert heard.lost == []


# while the loop is busy


@contextmanager
def busy_loop() -> Generator[None]:
    """Have other long work take its turn first, so that what arrives has to wait."""
    is_over = False

    def work() -> Iterator[None]:
        while not is_over:
            sleep(SLICE)
            yield

    SlicedWork(work(), lambda: None).start_later()
    try:
        yield
    finally:
        is_over = True


async def test_bytes_keep_their_order_while_they_wait_to_be_handled(bench: Bench) -> None:
    stream = Stream(bench.heard.link(), StreamOptions(limit=4 * PIECE))
    await stream.open(bench.peer.address)
    bench.say(b"begin")
    await until(lambda: stream.unread == 5)

    async def conversation() -> bytes:
        begin = await stream.read(5)  # reads on, although what comes next is not handled yet
        bench.say(b"end\n")
        for _ in range(100):
            await asyncio.sleep(0)
        return begin + await stream.read_until(b"\n")

    assert stream.turns is not None
    with busy_loop():
        bench.say(b"-" * 2 * PIECE)
        for _ in range(3):
            await asyncio.sleep(0)
        got = await stream.turns.take(conversation)
    assert got == b"begin" + b"-" * 2 * PIECE + b"end\n"
    await stream.close()
