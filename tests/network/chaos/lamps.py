"""Lamps of transports that no bundled driver has: WebSocket, an event stream, HTTP beside both."""

import asyncio
from collections.abc import AsyncIterator
import json
from typing import Any, ClassVar, override

from tests.emulators.device import Announcer, EmulatedDevice, State
from tests.emulators.faults import seconds
from tests.emulators.http_messages import Answer, Request, requests
from tests.emulators.listener import Peer
from tests.emulators.mdns import MdnsAnnouncer, Service
from tests.emulators.websocket import accept, framed, switched, texts

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
            await accept(peer)
            self.watchers.add(peer)
            async for text in texts(peer):
                yield json.loads(text)
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
                    async for _ in texts(peer):
                        pass  # it only reports there
                    return
        except asyncio.IncompleteReadError, asyncio.LimitOverrunError:
            pass
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
            peer.send(switched(message.headers["sec-websocket-key"].encode()))
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


def _text(message: Json) -> bytes:
    return framed(json.dumps(message).encode())
