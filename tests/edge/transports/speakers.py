"""Devices that send what a test has them send, one for each transport over TCP with pushes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
import ssl
from typing import Any, override

from lan_edge import (
    EscapedFramer,
    FixedFramer,
    Frames,
    FramesOptions,
    JsonRpc,
    JsonRpcOptions,
    LengthFramer,
    Lines,
    LinesOptions,
    Sse,
    SseOptions,
    WebSocket,
    WebSocketOptions,
)
from lan_edge.transports import Transport
from lan_edge.transports.base import Link

from ..peers import TcpPeer, Wire, until
from .websocket.test_websocket import frame, upgrade

LIMIT = 64 * 1024


@dataclass
class Speaker:
    """A device, and the transport that hears it."""

    name: str
    make: Callable[[Link], Transport]
    say: Callable[[int], bytes]
    """Returns a small message with a number, as it is sent."""
    number: Callable[[Any], int]
    """Returns the number in a message that was heard."""
    large: Callable[[int], bytes]
    """Returns a message of about so many bytes, as it is sent."""
    greet: Callable[[Wire], Awaitable[object]] | None = None
    join: Callable[[Iterable[bytes]], bytes] = b"".join
    pieces: int = 1
    """In how many pieces a large message is handled, at least."""

    def flood(self, numbers: Iterable[int]) -> bytes:
        """Return messages in one piece."""
        return self.join(map(self.say, numbers))

    @override
    def __str__(self) -> str:
        return self.name


@dataclass
class Hearing:
    """What was heard of a speaker."""

    wire: Wire
    transport: Transport
    count: int = 0
    numbers: list[int] = field(default_factory=list[int])
    lost_after: int = -1
    """How many messages had been heard when the loss was reported."""

    async def until_heard(self, number: int) -> None:
        """Wait until a message was heard."""
        await until(lambda: self.numbers[-1:] == [number])


@asynccontextmanager
async def speaking(
    speaker: Speaker,
    on_message: Callable[[int], None] | None = None,
    *,
    is_counted: bool = False,
    tls: ssl.SSLContext | None = None,
) -> AsyncGenerator[Hearing]:
    """Connect; inside the block the device says what it is given to write.

    `is_counted`: messages are counted, and not looked at.
    """
    wires = list[Wire]()

    async def serve(wire: Wire) -> None:
        if speaker.greet:
            await speaker.greet(wire)
        wires.append(wire)
        await wire.reader.read()

    def heard(message: Any) -> None:
        hearing.count += 1
        if is_counted:
            return
        hearing.numbers.append(number := speaker.number(message))
        if on_message is not None:
            on_message(number)

    def lost(_reason: object) -> None:
        hearing.lost_after = len(hearing.numbers)

    transport = speaker.make(Link(heard, lost))
    server = TcpPeer(serve)
    server.tls = tls
    async with server:
        await transport.open(server.address)
        while not wires:  # noqa: ASYNC110  # nothing to be told by
            await asyncio.sleep(0)
        hearing = Hearing(wires[0], transport)
        try:
            yield hearing
        finally:
            await transport.close()


SSE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


async def stream(wire: Wire, *, chunked: bool = False) -> None:
    """Answer the request for a stream of events."""
    await wire.reader.readuntil(b"\r\n\r\n")
    wire.write(SSE_HEAD + b"Transfer-Encoding: chunked\r\n" * chunked + b"\r\n")


def in_chunks(messages: Iterable[bytes]) -> bytes:
    """Return HTTP's chunks of a byte each."""
    return b"".join(b"1\r\n%c\r\n" % byte for byte in b"".join(messages))


def text(size: int) -> bytes:
    """Return what takes most memory for its size: one character makes all of them wide."""
    return b"x" * (size - 10) + "\U0001f4a1".encode()


def json(size: int) -> bytes:
    """Return a JSON object whose parsed form takes most memory for its size."""
    return b'{"method":"0","params":{"a":[%b{}]}}' % (b"{}," * ((size - 60) // 3))


def frames(link: Link, framer: Any) -> Frames:
    """Return the transport for frames."""
    return Frames(link, FramesOptions(framer=framer, is_reply=lambda _: False, limit=LIMIT))


def lines(link: Link) -> Lines:
    """Return the transport for lines."""
    return Lines(link, LinesOptions(is_reply=lambda _: False, limit=LIMIT))


def sized(message: bytes, size: int = 2) -> bytes:
    """Return a frame with its length."""
    return len(message).to_bytes(size) + message


def json_line(number: int) -> bytes:
    """Return a notification."""
    return b'{"method":"%d"}' % number


SPEAKERS = (
    Speaker(
        "lines",
        lines,
        say=lambda n: b"%d\n" % n,
        number=lambda line: int(line.partition("x")[0] or 0),
        large=lambda size: text(size) + b"\n",
    ),
    Speaker(
        "JSON-RPC",
        lambda link: JsonRpc(link, JsonRpcOptions(limit=LIMIT)),
        say=lambda n: json_line(n) + b"\n",
        number=lambda message: int(message.method),
        large=lambda size: json(size) + b"\n",
    ),
    Speaker(
        "JSON-RPC in a list",
        lambda link: JsonRpc(link, JsonRpcOptions(limit=LIMIT)),
        say=json_line,
        number=lambda message: int(message.method),
        large=lambda size: b"[" + json(size) + b"]\n",
        join=lambda messages: b"".join(
            b"[%b]\n" % b",".join(some) for some in batched(messages, 2000, strict=False)
        ),
    ),
    Speaker(
        "frames",
        partial(frames, framer=partial(LengthFramer, 2)),
        say=lambda n: sized(b"%d" % n),
        number=lambda message: int(message[:5].strip(b"x") or 0),
        large=lambda size: sized(text(size)),
    ),
    Speaker(
        "frames of one size",
        partial(frames, framer=partial(FixedFramer, 3)),
        say=lambda n: n.to_bytes(3),
        number=int.from_bytes,
        large=lambda size: b"\0" * (size // 3 * 3),
        pieces=20_000,
    ),
    Speaker(
        "escaped frames",
        partial(frames, framer=partial(EscapedFramer, b"\xc0", b"\xdb", mask=32)),
        say=lambda n: b"%d\xc0" % n,
        number=lambda message: int(message[:5].strip(b"x") or 0),
        large=lambda size: text(size) + b"\xc0",
    ),
    Speaker(
        "event stream",
        lambda link: Sse(link, SseOptions()),
        say=lambda n: b"data:%d\n\n" % n,
        number=lambda event: int(event.data.partition("x")[0] or 0),
        large=lambda size: b"data: " + text(size) + b"\n\n",
        greet=stream,
    ),
    Speaker(
        "event stream in chunks",
        lambda link: Sse(link, SseOptions()),
        say=lambda n: b"data:%d\n\n" % n,
        number=lambda event: int(event.data.partition("x")[0] or 0),
        large=lambda size: in_chunks([b"data: " + text(size) + b"\n\n"]),
        greet=partial(stream, chunked=True),
        join=in_chunks,
        pieces=100,
    ),
    Speaker(
        "WebSocket",
        lambda link: WebSocket(link, WebSocketOptions(ping=None, messages="text", limit=LIMIT)),
        say=lambda n: frame(b"%d" % n),
        number=lambda message: int(message.partition("x")[0] or 0),
        large=lambda size: frame(text(size)),
        greet=upgrade,
    ),
    Speaker(
        "WebSocket with JSON",
        lambda link: WebSocket(link, WebSocketOptions(ping=None, limit=LIMIT)),
        say=lambda n: frame(b"%d" % n),
        number=lambda message: message if isinstance(message, int) else 0,
        large=lambda size: frame(json(size)),
        greet=upgrade,
    ),
)
