"""A device that says what the fuzzer wants: a piece for each request, the rest on its own."""

from collections import deque
from contextlib import suppress
import re
from types import SimpleNamespace
from typing import Any

from yarl import URL

from lan_edge import (
    Address,
    EdgeError,
    FrameRequests,
    Frames,
    Http,
    JsonCodec,
    JsonRpc,
    ReplyError,
    TimedOutError,
    Transport,
    Udp,
    UnreachableError,
    Upnp,
)
from lan_edge.drivers.miot.protocol.packets import MiotCodec
from lan_edge.drivers.tuya.protocol.codec import STATUS, TuyaCodec, TuyaMessage
from lan_edge.transports.http.messages import Request, Response
from lan_edge.transports.messages.codec import decoded
from lan_edge.transports.upnp.events import propertyset
from tests.emulators.miot import TOKEN, sealed

CUT = b"\n--\n"
HERE = Address("10.0.0.5", 80)
MAX_DATAGRAM = 60_000
_STATUS = re.compile(rb"HTTP (\d{3}) ?([^\n]{0,200})\n")


class Script:
    """What the device says; when it has said all, it is gone."""

    def __init__(self, data: bytes) -> None:
        self.pieces = deque(data.split(CUT)[:60])

    def next(self) -> bytes:
        """Return the next piece."""
        if not self.pieces:
            raise UnreachableError("gone")
        return self.pieces.popleft()

    def play(self, io: Transport) -> None:
        """Be the device at the other end of a transport."""
        if isinstance(io, Http):
            _http(io, self)
        elif isinstance(io, JsonRpc):
            _json_rpc(io, self)
        elif isinstance(io, FrameRequests):
            _frames(io, self)
        elif isinstance(io, Frames):
            _tuya(io, self)
        else:
            assert isinstance(io, Udp)
            _udp(io, self)

    def push(self, io: Transport) -> bool:
        """Say the next piece unasked; return False where such a device never does."""
        with suppress(ReplyError):  # which ends the connection, or is counted
            if isinstance(io, JsonRpc):
                io._received(self.next())
            elif isinstance(io, Udp):
                io.datagram(as_sent(io, self.next()), HERE)
            elif isinstance(io, Frames):
                io.received(io.codec.encode(TuyaMessage(STATUS, self.next())))
            elif isinstance(io, Upnp):
                io._link.on_message(Upnp.Event("urn:x", propertyset(self.next())))
            else:
                return False
        return True


class _Client:
    """Answers requests as the script says."""

    def __init__(self, io: Http, script: Script) -> None:
        self.io, self.script = io, script

    async def send(self, request: Request) -> Response:
        piece, status, headers = self.script.next(), 200, {}
        if (first := _STATUS.match(piece)) is not None:
            status, piece = int(first[1]), piece[first.end() :]
            headers = {"Location": first[2].decode(errors="replace")}
        self.io._link.trace.add("received", f"{request.what} {status} {piece!r}")
        return Response(request.what, status, headers, piece)

    async def close(self) -> None:
        """Have nothing to close."""


def _http(io: Http, script: Script) -> None:
    io._client = _Client(io, script)  # type: ignore[assignment]
    io._url = URL("http://10.0.0.5")


def _json_rpc(io: JsonRpc, script: Script) -> None:
    framer = io._framer()

    def write(message: bytes) -> None:
        del message
        try:
            for line in framer.feed(script.next() + io._options.delimiter):
                io.received(line)
        except EdgeError as err:
            io._dropped(err)
        io._correlator.fail_all(TimedOutError("no answer"))

    connection = SimpleNamespace(transport=SimpleNamespace(write=write))
    io._connected = lambda: connection  # type: ignore[method-assign,assignment,return-value]


def _frames(io: FrameRequests, script: Script) -> None:
    async def ask(message: Any, *, secret: bool = False) -> Any:
        del message, secret
        content = decoded(JsonCodec(), script.next())
        io._link.trace.add("received", str(content))
        io._link.on_message(content)
        return content

    async def opened(address: Address) -> None:
        del address

    io._frames.ask = ask  # type: ignore[method-assign,assignment]
    io._frames.open = opened  # type: ignore[method-assign]
    io._address = HERE


def _tuya(io: Frames, script: Script) -> None:
    """Answer each message with one that has the same command, in frames of version 3.3."""
    io.codec = TuyaCodec()

    def transmit(message: bytes, traced: str | bytes) -> None:
        command = int.from_bytes(message[4:8])
        io._link.trace.add("sent", traced)
        try:
            io.received(io.codec.encode(TuyaMessage(command, script.next())))
        except EdgeError as err:
            io._dropped(err)
        io._correlator.fail_all(TimedOutError("no answer"))

    io._transmit = transmit  # type: ignore[method-assign]
    io._connected = SimpleNamespace  # type: ignore[method-assign,assignment]


class _Socket:
    async def leave(self, receiver: object) -> None:
        """Have no socket."""


def as_sent(io: Udp, piece: bytes) -> bytes:
    """Return a piece as a datagram; that of Xiaomi's devices is the text, with the number `0`."""
    if not isinstance(io.codec, MiotCodec):
        return piece
    text = piece.replace(b'"id":0', b'"id":%d' % io.codec._number)
    return sealed(bytes.fromhex(TOKEN), 1, 0, text[:MAX_DATAGRAM])


def _udp(io: Udp, script: Script) -> None:
    def send(shown: str | bytes, data: bytes, port: int) -> None:
        del data, port
        io._link.trace.add("sent", shown)
        try:
            io.datagram(as_sent(io, script.next()), HERE)
        except EdgeError as err:
            io._correlator.fail_all(err)
        io._correlator.fail_all(TimedOutError("no answer"))

    if isinstance(io.codec, MiotCodec):
        io.codec.use(bytes.fromhex(TOKEN))
    io._correlator.match_by(io._options.key, io._options.is_reply)  # as `open` does
    io._send = send  # type: ignore[method-assign]
    io._adapter = lambda peer: "10.0.0.1"  # type: ignore[method-assign]  # noqa: ARG005
    io._socket = _Socket()  # type: ignore[assignment]
