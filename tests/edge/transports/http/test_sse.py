"""Server-sent events: the parser, the contract on the stream, and both body forms."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import gc
from typing import Any, override

from hypothesis import example, given, strategies as st
import pytest

from lan_edge import (
    CredentialsError,
    EdgeError,
    ReplyError,
    Sse,
    SseOptions,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.base import Link
from lan_edge.transports.http.event_stream import EventParser

from ...peers import TcpPeer, Wire, until
from ..contract import Contract, Heard, Kit

# the parser


def parsed(stream: bytes, at: list[int] | None = None, limit: int = 1000) -> list[Sse.Event]:
    parser = EventParser(limit)
    ends = sorted({min(a, len(stream)) for a in at or []} | {len(stream)})
    pieces = [stream[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    return [event for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        # the standard's own examples
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [Sse.Event("message", "YHOO\n+2\n10")]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third",
            [Sse.Event("message", "first event", "1"), Sse.Event("message", "second event")],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [Sse.Event("message", ""), Sse.Event("message", "\n")]),
        (b"data:test\n\ndata: test\n\n", [Sse.Event("message", "test")] * 2),
        (b"event: add\ndata: 73857293\n\n", [Sse.Event("add", "73857293")]),
        # and its small print
        (b"\xef\xbb\xbfdata: x\n\n", [Sse.Event("message", "x")]),
        (b"\n\xef\xbb\xbfdata: x\n\n", []),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n", []),
        (b"data: x\r\r", [Sse.Event("message", "x")]),
        (b"data: x\r\n\r\n", [Sse.Event("message", "x")]),
        (b"data: x\n\r", [Sse.Event("message", "x")]),
        (b"data: x\ndata: y\r\ndata: z\r\r\n", [Sse.Event("message", "x\ny\nz")]),
        (b"event: add\n\ndata: x\n\n", [Sse.Event("message", "x")]),
        (b"id: 1\n\ndata: x\n\n", [Sse.Event("message", "x", "1")]),
        (b"id: 1\nid: a\0b\ndata: x\n\n", [Sse.Event("message", "x", "1")]),
        (b"data : x\n data: y\nDATA: z\n\n", []),
        (b"data:   x \n\n", [Sse.Event("message", "  x ")]),
        (b"data:a:b\n\n", [Sse.Event("message", "a:b")]),
        (b":data: x\n\n", []),
        (b"data: x\n", []),
        (b"data: \xff\n\n", [Sse.Event("message", "\ufffd")]),
        ("data: ä\u2028b\x85c\x0bd\n\n".encode(), [Sse.Event("message", "ä\u2028b\x85c\x0bd")]),
        (b"5f\ndata: dead\n\n", [Sse.Event("message", "dead")]),
    ],
)
def test_as_in_the_standard(stream: bytes, events: list[Sse.Event]) -> None:
    assert parsed(stream) == events
    assert parsed(stream, list(range(len(stream)))) == events


def test_odd_text_in_the_json_of_an_event() -> None:
    (event,) = parsed(b'data: {"name": "K\xfcche\x07"}\n\n')
    assert event.json() == {"name": "K\ufffdche\x07"}


@pytest.mark.parametrize(
    ("stream", "retry"),
    [
        (b"retry: 10000\n", 10000),
        (b"retry\n", None),
        (b"retry: 1.5\n", None),
        (b"retry: -1\n", None),
        ("retry: ٣\n".encode(), None),
        ("retry: ²\n".encode(), None),
        (b"retry: " + b"9" * 5000 + b"\n", None),
    ],
)
def test_retry(stream: bytes, retry: int | None) -> None:
    parser = EventParser()
    assert parser.feed(stream) == []
    assert parser.retry == retry


text = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=20)
written = st.lists(
    st.tuples(text, st.lists(text, min_size=1, max_size=4), text.filter(lambda i: len(i) < 9)),
    max_size=5,
)
ends = st.sampled_from(["\n", "\r", "\r\n"])
cuts = st.lists(st.integers(0, 400), max_size=20)


@given(written, st.lists(ends, min_size=1, max_size=7), st.booleans(), cuts)
def test_written_events_are_read_however_they_are_cut(
    events: list[tuple[str, list[str], str]], line_ends: list[str], bom: bool, at: list[int]
) -> None:
    lines = list[str]()
    for kind, data, number in events:
        lines += [f"event: {kind}", ": comment", *(f"data: {d}" for d in data), f"id: {number}", ""]
    # "\r" before "\n" would be one end, not two: an empty line gets the end of the line before
    stream = ""
    for i, line in enumerate(lines):
        end = line_ends[(i - (not line)) % len(line_ends)]
        stream += line + end
    wire = b"\xef\xbb\xbf" * bom + stream.encode()
    expected = [Sse.Event(k or "message", "\n".join(d), n) for k, d, n in events]
    assert parsed(wire, at, limit=10_000) == expected


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from([b"data", b"id", b"event", b":", b" ", b"\r", b"\n", b"\0", b"x", b"\xef"])
    ).map(b"".join),
    cuts,
)
@example(b"data: x\r\n\r\n", [8, 9, 10])
def test_garbage_is_read_the_same_however_it_is_cut(stream: bytes, at: list[int]) -> None:
    assert parsed(stream, at) == parsed(stream) == parsed(stream, list(range(len(stream))))


@pytest.mark.parametrize(
    "stream",
    [b"x" * 1001, b"data: " + b"x" * 995, (b"data:" + b"x" * 90 + b"\n") * 12, b":" * 2000],
)
def test_bounds(stream: bytes) -> None:
    with pytest.raises(ReplyError, match="more than 1000"):
        parsed(stream)
    with pytest.raises(ReplyError, match="more than 1000"):
        parsed(stream, list(range(len(stream))))


def test_many_events_are_not_a_large_one() -> None:
    assert len(parsed(b"data: x\n\n" * 1000)) == 1000


def test_json() -> None:
    assert Sse.Event("message", '{"on": true}').json() == {"on": True}
    with pytest.raises(ReplyError, match="add"):
        Sse.Event("add", "{").json()


# the contract: a request that is answered by an event on the stream

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"


class AskingSse(Sse):
    """A device that answers on its stream alone."""

    def __init__(self, link: Link, options: SseOptions) -> None:
        self.link = Link(link.on_message, link.on_lost)
        super().__init__(Link(self._message, self._gone), options)
        self._waiting: asyncio.Future[str] | None = None

    async def ask(self) -> str:
        self._waiting = asyncio.get_running_loop().create_future()
        await self.post("/ask")
        try:
            async with asyncio.timeout(0.4):
                return await self._waiting
        except TimeoutError:
            raise TimedOutError from None

    @override
    async def close(self) -> None:
        await super().close()
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(UnreachableError("closed"))
            self._waiting.exception()

    def _message(self, event: Sse.Event) -> None:
        self.link.on_message(event)
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(event.data)

    def _gone(self, reason: EdgeError) -> None:
        self.link.on_lost(reason)
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(reason)
            self._waiting.exception()


class Hub:
    """Streams, and requests that make them speak."""

    def __init__(self) -> None:
        self.streams = list[Wire]()

    async def serve(self, wire: Wire) -> None:
        while head := await wire.reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"GET /events"):
                wire.write(HEAD + b"\r\n: hello\n\n")
                self.streams.append(wire)
                try:
                    await wire.reader.read()
                finally:
                    self.streams.remove(wire)
                return
            wire.write(b"HTTP/1.1 204 OK\r\n\r\n")
            for stream in self.streams[-1:]:
                await stream.send(b"data: POWER\n\n")


hub = Hub()


class TestSse(Contract):
    kit = Kit(
        make=lambda link: AskingSse(link, SseOptions(timeout=0.4, limit=1000)),
        serve=lambda wire: Hub.serve(hub, wire),
        use=lambda sse: sse.ask(),
        answer="POWER",
        garbage=b"\xff\0\r\n\r\n",
        oversize=b"data: " + b"x" * 1001 + b"\n\n",
    )

    @override
    async def test_open_ends_the_last_connection(
        self, transport: Any, peer: Any, heard: Heard
    ) -> None:
        for _ in range(5):
            await self.works(transport, peer.address)
        await until(lambda: len(hub.streams) == 1)
        assert not heard.lost


# the stream


@pytest.fixture
def heard() -> Heard:
    return Heard()


class Streamer:
    """A device of which a test decides every byte of the stream."""

    def __init__(self, head: bytes = HEAD + b"\r\n", first: bytes = b"") -> None:
        self.first = head + first
        self.asked: list[dict[str, str]] = []
        self.wire: Wire | None = None

    async def serve(self, wire: Wire) -> None:
        head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
        if not head.startswith("GET /events "):
            wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\non")
            return
        pairs = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        self.asked.append({name.lower(): value for name, _, value in pairs})
        self.wire = wire
        wire.write(self.first)
        await wire.reader.read()

    def say(self, data: bytes) -> None:
        assert self.wire
        self.wire.write(data)


@asynccontextmanager
async def opened(
    device: Streamer, heard: Heard, options: SseOptions | None = None
) -> AsyncGenerator[tuple[Sse, TcpPeer]]:
    async with TcpPeer(device.serve) as peer:
        sse = Sse(heard.link(), options or SseOptions())
        try:
            await sse.open(peer.address)
            yield sse, peer
        finally:
            await sse.close()


async def test_requests_beside_the_stream(heard: Heard) -> None:
    device = Streamer(first=b"event: add\ndata: 1\n\n")
    async with opened(device, heard) as (sse, _):
        assert await sse.get_text("/power") == "on"
        await until(lambda: heard.messages)
        assert heard.messages == [Sse.Event("add", "1")]
        assert device.asked[0]["accept"] == "text/event-stream"
        assert "last-event-id" not in device.asked[0]


async def test_a_chunked_body(heard: Heard) -> None:
    """Chunk sizes are no events, and an event may be cut anywhere, between CR and LF too."""
    chunks = [b"data: de", b"ad\r", b"\n\r", b"\ndata: 2\r\n\r\n"]
    body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks)
    device = Streamer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", body)
    async with opened(device, heard):
        await until(lambda: len(heard.messages) == 2)
        assert [e.data for e in heard.messages] == ["dead", "2"]
        device.say(b"0\r\n\r\n")
        await until(lambda: heard.lost)
        assert "ended" in str(heard.lost[0])


@pytest.mark.parametrize("rest", [b"zz\r\nnot a chunk\r\n", b"ff\r\ncut"])
async def test_a_broken_chunked_body(heard: Heard, rest: bytes) -> None:
    device = Streamer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    async with opened(device, heard) as (_, peer):
        device.say(rest)
        await asyncio.sleep(0.01)
        peer.drop()
        await until(lambda: heard.lost)
        assert len(heard.lost) == 1
        assert not heard.messages


async def test_a_stream_continues_after_the_last_id(heard: Heard) -> None:
    device = Streamer(first=b"id: 7\ndata: a\n\nid: 8\n\nretry: 1500\nid: 9\ndata: never\n")
    async with opened(device, heard) as (sse, peer):
        await until(lambda: heard.messages)
        peer.drop()
        await until(lambda: heard.lost)
        assert sse.last_event_id == "9"
        assert sse.retry == 1.5
        device.first = HEAD + b"\r\ndata: b\n\n"
        await sse.open(peer.address)
        await until(lambda: len(heard.messages) == 2)
        assert device.asked[1]["last-event-id"] == "9"
        assert heard.messages == [Sse.Event("message", "a", "7"), Sse.Event("message", "b", "9")]


async def test_an_id_that_is_too_long_to_send_back(heard: Heard) -> None:
    device = Streamer(first=b"id: " + b"x" * 5000 + b"\ndata: a\n\n")
    async with opened(device, heard) as (sse, peer):
        await until(lambda: heard.messages)
        await sse.open(peer.address)
        assert "last-event-id" not in device.asked[1]


async def test_silence_is_a_loss_and_a_comment_is_not(heard: Heard) -> None:
    device = Streamer()
    async with opened(device, heard, SseOptions(silence=0.1)) as (sse, _):
        for _ in range(4):
            await asyncio.sleep(0.05)
            before = sse.heard_at
            device.say(b":\n")
            await until(lambda: sse.heard_at > before)  # noqa: B023  # awaited here
        assert not heard.lost
        await until(lambda: heard.lost, 0.3)
        assert isinstance(heard.lost[0], TimedOutError)
        assert "silent" in str(heard.lost[0])
        assert device.wire
        await until(device.wire.reader.at_eof, 0.3)
        await asyncio.sleep(0.15)
        assert len(heard.lost) == 1


async def test_silence_without_a_limit(heard: Heard) -> None:
    async with opened(Streamer(), heard, SseOptions(silence=None)):
        await asyncio.sleep(0.1)
        assert not heard.lost


@pytest.mark.parametrize(
    ("head", "error", "words"),
    [
        (b"HTTP/1.1 401 No\r\n\r\n", CredentialsError, "was refused"),
        (b"HTTP/1.1 404 No\r\n\r\n", UnreachableError, "404"),
        (b"HTTP/1.1 204 No\r\n\r\n", UnreachableError, "204"),
        (b"HTTP/1.1 307 No\r\nLocation: /events2\r\n\r\n", UnreachableError, "307"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", UnreachableError, "text/html"),
        (b"HTTP/1.1 200 OK\r\n\r\n", UnreachableError, "not an event stream"),
        (b"SSH-2.0\r\n\r\n", EdgeError, "GET /events"),
        (b"", TimedOutError, "GET /events"),
    ],
)
async def test_not_an_event_stream(
    heard: Heard, head: bytes, error: type[EdgeError], words: str
) -> None:
    device = Streamer(head)
    with pytest.raises(error, match=words):
        async with opened(device, heard, SseOptions(timeout=0.2)):
            pytest.fail("it opened")
    assert not heard.lost


@given(st.binary(max_size=100))
async def test_any_garbage_on_the_stream(garbage: bytes) -> None:
    heard = Heard()
    async with TcpPeer(Streamer(first=garbage).serve) as peer:
        sse = Sse(heard.link(), SseOptions())
        await sse.open(peer.address)
        for _ in range(3):
            await asyncio.sleep(0)
        peer.drop()
        with suppress(TimeoutError):
            await until(lambda: heard.lost)
        assert len(heard.lost) == 1
        await sse.close()


async def test_a_refusal_with_a_late_body_leaves_nothing(heard: Heard) -> None:
    async def refuse(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        await wire.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno")
        await wire.reader.read()

    async with TcpPeer(refuse) as peer:
        stream = Sse(heard.link(), SseOptions())
        with pytest.raises(UnreachableError, match="status 404"):
            await stream.open(peer.address)
        del stream
        gc.collect()  # what is not closed by now complains, and the test with it


async def test_new_options_are_for_the_next_connection(heard: Heard) -> None:
    device = Streamer(first=b"data: 1\n\n")
    async with opened(device, heard) as (sse, peer):
        sse.configure(SseOptions(headers={"X-Token": "1"}, silence=0.05))
        await sse.open(peer.address)
        await until(lambda: heard.lost)
    assert "silent for 0.05 s" in str(heard.lost)
    assert [asked.get("x-token") for asked in device.asked] == [None, "1"]
