"""Lamps of transports that no bundled driver has: WebSocket, an event stream, HTTP beside both."""

import asyncio
import base64
from collections.abc import AsyncIterator
import hashlib
import json
from typing import Any, ClassVar, override

from tests.emulators.device import Announcer, EmulatedDevice, State
from tests.emulators.faults import seconds
from tests.emulators.http_messages import Answer, Request, requests
from tests.emulators.listener import Peer
from tests.emulators.mdns import MdnsAnnouncer, Service

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n"
ALIVE = 10.0
"""Seconds between two comments of a stream."""

type Json = dict[str, Any]


class Lamp[Message](EmulatedDevice[Message]):
    """What both are: `on` and `level`, pushed to `watchers`."""

    service: ClassVar[str]

    def __init__(self, host: str, port: int, *, id: str, name: str) -> None:  # noqa: A002
        super().__init__(host, port, id, name, announce=False)
        self._state = {"on": False, "level": 50}
        self.watchers = set[Peer]()

    @override
    def apply(self, state: State) -> None:
        before = self.state
        super().apply(state)
        if self.state != before:
            for peer in self.watchers & set(self.peers):
                peer.send(self.news())

    def news(self) -> bytes:
        """Return what is pushed."""
        raise NotImplementedError

    def take(self, asked: Json) -> None:
        """Do what is asked for, or not."""
        if not (self.faults.lie or self.faults.ignore):
            self.apply({name: asked[name] for name in ("on", "level") if name in asked})

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - {"on", "level"}:
            raise ValueError(f"unknown: {unknown}")

    @override
    def new_announcer(self) -> Announcer:
        txt, server = {"serial": self.identity}, self.id
        return MdnsAnnouncer(Service(self.service, self.name, self.host, self.port, txt, server))


class WsLamp(Lamp[Json]):
    """JSON over a WebSocket."""

    service = "_ws-lamp._tcp.local."

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Json]:
        try:
            await self._upgrade(peer)
            self.watchers.add(peer)
            while (frame := await _frame(peer.reader))[0] != CLOSE:
                if frame[0] == PING:
                    peer.send(_framed(frame[1], PONG))
                elif frame[0] == TEXT:
                    yield json.loads(frame[1])
            peer.send(_framed(frame[1], CLOSE))
        except asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError:
            pass
        finally:
            self.watchers.discard(peer)

    @override
    def received(self, message: Json) -> tuple[str, Any]:
        return str(message.get("do")), message

    @override
    async def answer(self, peer: Peer, message: Json) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        if self.faults.refuses(message["do"]):
            self.deliver(peer, _text({"id": message["id"], "error": "refused"}))
            return
        if message["do"] == "write":
            self.take(message)
        told = {"id": message["id"], "serial": self.identity, **self.state}
        self.deliver(peer, _text(told))

    @override
    def news(self) -> bytes:
        return _text(self.state)

    async def _upgrade(self, peer: Peer) -> None:
        head = await peer.reader.readuntil(b"\r\n\r\n")
        key = head.lower().partition(b"sec-websocket-key: ")[0]
        peer.send(_switched(head[len(key) + len(b"sec-websocket-key: ") :].partition(b"\r\n")[0]))


class SseLamp(Lamp[Request]):
    """HTTP, and an event stream."""

    service = "_sse-lamp._tcp.local."

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Request]:
        try:
            async for request in requests(peer.reader):
                yield request
        finally:
            self.watchers.discard(peer)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return f"{message.method} {message.path}", message.body.decode(errors="replace")

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        if message.path == "/events" and not self.faults.refuses("events"):
            self.watchers.add(peer)
            peer.send(EVENTS + self.news())
            self.in_background(self._comment(peer))
            return
        self.deliver(peer, self._answer(message).encode(keep_alive=message.keep_alive))

    def _answer(self, request: Request) -> Answer:
        if self.faults.refuses(request.method):
            return Answer(500, b"refused")
        if request.error or request.path != "/lamp":
            return Answer(request.error or 404)
        if request.method == "POST":
            self.take(json.loads(request.body))
        told = json.dumps({"serial": self.identity, **self.state}).encode()
        return Answer(body=told, headers={"Content-Type": "application/json"})

    async def _comment(self, peer: Peer) -> None:
        while peer in self.watchers:
            await asyncio.sleep(ALIVE)
            peer.send(b":\n\n")

    @override
    def news(self) -> bytes:
        return f"event: lamp\ndata: {json.dumps(self.state)}\n\n".encode()


class DeskLamp(Lamp[Request]):
    """HTTP, and a WebSocket beside it at the same port."""

    service = "_desk-lamp._tcp.local."

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Request]:
        try:
            async for request in requests(peer.reader):
                yield request
                if peer in self.watchers:
                    await self._watched(peer)
                    return
        except asyncio.IncompleteReadError, asyncio.LimitOverrunError:
            pass
        finally:
            self.watchers.discard(peer)

    async def _watched(self, peer: Peer) -> None:
        """Answer what arrives by the WebSocket, until it is closed."""
        while (frame := await _frame(peer.reader))[0] != CLOSE:
            if frame[0] == PING:
                peer.send(_framed(frame[1], PONG))
        peer.send(_framed(frame[1], CLOSE))

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return f"{message.method} {message.path}", message.body.decode(errors="replace")

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        if message.path == "/events" and not self.faults.refuses("events"):
            peer.send(_switched(message.headers["sec-websocket-key"].encode()))
            self.watchers.add(peer)
            return
        self.deliver(peer, self._answer(message).encode(keep_alive=message.keep_alive))

    def _answer(self, request: Request) -> Answer:
        if self.faults.refuses(request.method):
            return Answer(500, b"refused")
        if request.error or request.path not in {"/lamp", "/info"}:
            return Answer(request.error or 404)
        if request.method == "PATCH":
            self.take(json.loads(request.body))
        told = json.dumps({"serial": self.identity, **self.state}).encode()
        return Answer(body=told, headers={"Content-Type": "application/json"})

    @override
    def news(self) -> bytes:
        return _text(self.state)


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return a client's frame: opcode and data."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length > 125:  # longer than anything that is said here
        length = int.from_bytes(await reader.readexactly(2))
    mask = await reader.readexactly(4)
    data = await reader.readexactly(length)
    return first & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


def _switched(key: bytes) -> bytes:
    """Return the answer with which a WebSocket begins."""
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324  # RFC 6455
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _framed(data: bytes, opcode: int = TEXT) -> bytes:
    """Return a device's frame of at most 125 bytes."""
    return bytes([0x80 | opcode, len(data)]) + data


def _text(message: Json) -> bytes:
    return _framed(json.dumps(message).encode())
