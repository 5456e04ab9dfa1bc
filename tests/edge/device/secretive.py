"""Devices and drivers with every kind of login, and places that note all that is sent to them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
import json
from typing import Annotated, Any, override

from aiohttp import web

from lan_edge import (
    Address,
    Device,
    Driver,
    Frames,
    FramesOptions,
    Http,
    HttpOptions,
    Identity,
    JsonCodec,
    JsonRpc,
    Label,
    Lines,
    LinesOptions,
    Login,
    Profile,
    Record,
    ReplyError,
    Sse,
    SseOptions,
    Stored,
    TemperatureMeasurement,
    Udp,
    UdpOptions,
    WebSocket,
    WebSocketOptions,
)
from tests.emulators.http_messages import Answer, Request, requests
from tests.ports import free_port

from ..peers import TcpPeer, Wire

ID = "secretive-1"
SECRET = "s3cret-4711"
CHALLENGE = "MD5 auth home"
TEMPERATURE = TemperatureMeasurement.temperature


@dataclass(slots=True)
class Place:
    """Where a device, or somebody who takes its place, is."""

    address: Address
    heard: list[str]
    """All that was sent there, in words."""


type Serve = Callable[[Address, str, list[str]], AbstractAsyncContextManager[Address]]


# the drivers


class Web(Driver[Http]):
    """Reads its id and a temperature by HTTP."""

    id = "test_web"
    profile = Profile(TemperatureMeasurement)

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.get_text("/temperature" + self.query)))

    @property
    def query(self) -> str:
        return ""


class BasicWeb(Web):
    """Logs in by HTTP Basic."""

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(login=Login("admin", self.secrets.get("password", "")))


class DigestWeb(Web):
    """Logs in by HTTP Digest."""

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(login=Login("admin", self.secrets.get("password", ""), digest=True))


class BearerWeb(Web):
    """Sends a token with every request."""

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(headers={"Authorization": f"Bearer {self.secrets.get('token')}"})


class ImpatientWeb(Web):
    """Sends its token before it has asked who is there."""

    @override
    async def identify(self) -> str:
        await self.io.post("/login", self.secrets["token"])
        return await super().identify()


class HoarderWeb(Web):
    """Keeps its token in places of its own."""

    @override
    async def connected(self) -> None:
        self.token = self.secrets["token"]
        await self.io.post("/login", self.token)

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id", token=getattr(self, "token", ""))


@dataclass(frozen=True)
class PinSettings:
    """The user enters a PIN."""

    pin: Annotated[str, Label("PIN", secret=True)] = ""


class PinWeb(Web):
    """Has a PIN in its paths."""

    settings: PinSettings

    @property
    @override
    def query(self) -> str:
        return f"?pin={self.settings.pin}" if self.settings.pin else ""


@dataclass
class TokenMemory:
    """The device gives out a token."""

    token: Annotated[str, Stored(), Label(secret=True)] = ""


class MemoryWeb(Web):
    """Has its token in its memory."""

    memory: TokenMemory

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(headers={"X-Token": self.memory.token})


class Events(Driver[Sse]):
    """Reads a temperature by HTTP, beside a stream of events."""

    id = "test_events"
    profile = Profile(TemperatureMeasurement)

    @override
    def transport_options(self) -> SseOptions:
        return SseOptions(headers={"X-Token": self.secrets.get("token", "")})

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.get_text("/temperature")))


class Socket(Driver[WebSocket]):
    """Logs in by a header of the WebSocket's handshake."""

    id = "test_socket"
    profile = Profile(TemperatureMeasurement)

    @override
    def transport_options(self) -> WebSocketOptions:
        return WebSocketOptions(headers={"X-Token": self.secrets.get("token", "")})

    @override
    async def identify(self) -> str:
        return str(await self.io.ask("id"))

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.ask("temperature")))


async def enter(io: Lines, password: str) -> None:
    """Log in on a connection of lines."""
    await io.ask(f"LOGIN admin {password}")


class Telnet(Driver[Lines]):
    """Logs in by a line."""

    id = "test_telnet"
    profile = Profile(TemperatureMeasurement)

    @override
    def transport_options(self) -> LinesOptions:
        return LinesOptions(login=partial(enter, password=self.secrets.get("password", "")))

    @override
    async def identify(self) -> str:
        return await self.io.ask("id")

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.ask("temperature")))


class Rpc(Driver[JsonRpc]):
    """Logs in by a call, once it knows who is there."""

    id = "test_rpc"
    profile = Profile(TemperatureMeasurement)

    @override
    async def identify(self) -> str:
        return str(await self.io.call("id"))

    @override
    async def connected(self) -> None:
        await self.io.call("login", token=self.secrets["token"])

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.call("temperature")))


async def connect(io: Frames, password: str) -> None:
    """Log in as MQTT does: by the first message."""
    await io.ask({"what": "connect", "user": "admin", "password": password})


class Broker(Driver[Frames]):
    """Logs in by a message."""

    id = "test_broker"
    profile = Profile(TemperatureMeasurement)

    @override
    def transport_options(self) -> FramesOptions:
        login = partial(connect, password=self.secrets.get("password", ""))
        return FramesOptions(codec=JsonCodec, login=login)

    @override
    async def identify(self) -> str:
        return str(await self.io.ask({"what": "id"}))

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, float(await self.io.ask({"what": "temperature"})))


class Cipher(JsonCodec):
    """Adds a number, the key, to each byte."""

    def __init__(self, key: str) -> None:
        self._shift = sum(key.encode())

    @override
    def encode(self, message: Any) -> bytes:
        return bytes((byte + self._shift) % 256 for byte in super().encode(message))

    @override
    def decode(self, data: bytes) -> Any:
        return super().decode(bytes((byte - self._shift) % 256 for byte in data))


class Ciphered(Driver[Udp]):
    """Encrypts its datagrams by a key; to others, it does not answer."""

    id = "test_ciphered"
    profile = Profile(TemperatureMeasurement)

    @override
    def transport_options(self) -> UdpOptions:
        return UdpOptions(codec=partial(Cipher, self.secrets.get("key", "")), timeout=0.5)

    @override
    async def identify(self) -> str:
        return str((await self.io.ask({"what": "id"}))["id"])

    @override
    async def refresh(self) -> None:
        self.emit(TEMPERATURE, (await self.io.ask({"what": "temperature"}))["temperature"])


# what answers


@asynccontextmanager
async def serve_http(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def serve(wire: Wire) -> None:
        async for request in requests(wire.reader):
            heard.append(
                f"{request.method} {request.path} {dict(request.headers)} {request.body!r}"
            )
            if request.path == "/events":
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n"
                await wire.send(head)
            else:
                await wire.send(_answer(request, own_id).encode())

    async with TcpPeer(serve, at.host, at.port) as peer:
        yield peer.address


def _answer(request: Request, own_id: str) -> Answer:
    if request.path.startswith("/id"):
        return Answer(body=own_id.encode())
    return Answer(body=b"21.5")


@asynccontextmanager
async def serve_digest(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def serve(wire: Wire) -> None:
        async for request in requests(wire.reader):
            heard.append(f"{request.method} {request.path} {dict(request.headers)}")
            is_open = request.path == "/id" or "authorization" in request.headers
            challenge = {"WWW-Authenticate": 'Digest realm="home", nonce="n", qop="auth"'}
            answer = _answer(request, own_id) if is_open else Answer(401, headers=challenge)
            await wire.send(answer.encode())

    async with TcpPeer(serve, at.host, at.port) as peer:
        yield peer.address


@asynccontextmanager
async def serve_websocket(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def talk(request: web.Request) -> web.WebSocketResponse:
        heard.append(f"{request.path_qs} {dict(request.headers)}")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            heard.append(str(message.data))
            await socket.send_json(own_id if message.json() == "id" else 21.5)
        return socket

    app = web.Application()
    app.router.add_get("/", talk)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        port = at.port or free_port(at.host)
        await web.TCPSite(runner, at.host, port).start()
        yield Address(at.host, port)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_lines(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def serve(wire: Wire) -> None:
        async for line in wire.lines():
            heard.append(line.decode())
            replies = {b"id\n": own_id.encode(), b"temperature\n": b"21.5"}
            await wire.send(replies.get(line, b"OK") + b"\n")

    async with TcpPeer(serve, at.host, at.port) as peer:
        yield peer.address


@asynccontextmanager
async def serve_rpc(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def serve(wire: Wire) -> None:
        async for line in wire.lines():
            heard.append(line.decode())
            call = json.loads(line)
            result = {"id": own_id, "temperature": 21.5}.get(call["method"])
            await wire.send(json.dumps({"id": call["id"], "result": result}).encode() + b"\n")

    async with TcpPeer(serve, at.host, at.port) as peer:
        yield peer.address


@asynccontextmanager
async def serve_frames(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    async def serve(wire: Wire) -> None:
        while True:
            message = await wire.reader.readexactly(
                int.from_bytes(await wire.reader.readexactly(4))
            )
            heard.append(message.decode())
            replies = {"id": own_id, "temperature": 21.5}
            reply = json.dumps(replies.get(json.loads(message)["what"])).encode()
            await wire.send(len(reply).to_bytes(4) + reply)

    async with TcpPeer(serve, at.host, at.port) as peer:
        yield peer.address


class CipheredPeer(asyncio.DatagramProtocol):
    """Answers what is encrypted by the key."""

    def __init__(self, own_id: str, heard: list[str]) -> None:
        self.own_id, self.heard = own_id, heard
        self.cipher = Cipher(SECRET)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        try:
            message = self.cipher.decode(data)
        except ReplyError:
            self.heard.append(repr(data))
        else:
            self.heard.append(f"encrypted by {SECRET}: {message}")
            answer = {"id": self.own_id, "temperature": 21.5}
            self.transport.sendto(self.cipher.encode(answer), addr)


@asynccontextmanager
async def serve_ciphered(at: Address, own_id: str, heard: list[str]) -> AsyncGenerator[Address]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        partial(CipheredPeer, own_id, heard), (at.host, at.port)
    )
    try:
        yield Address(at.host, transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of login: a driver that has it, and a device that requires it."""

    driver: type[Driver[Any]]
    serve: Serve
    signs: tuple[str, ...] = (SECRET,)
    """What is in the words of a place that was sent the secret."""
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    identifies: bool = True
    """Whether the device reports its id without a login."""

    def device(self, *addresses: Address) -> Device:
        """Return the device, which was proven at the first of the addresses."""
        record = Record(Identity(ID), addresses, fields=dict(self.fields), challenge=CHALLENGE)
        return Device(self.driver, record, settings=self.settings, secrets=self.secrets)

    @asynccontextmanager
    async def place(self, at: Address, own_id: str = ID) -> AsyncGenerator[Place]:
        """Serve at an address; everybody can say that they are `own_id`."""
        heard: list[str] = []
        async with self.serve(at, own_id, heard) as address:
            yield Place(address, heard)

    def is_told(self, place: Place) -> bool:
        """Return whether a secret was sent there."""
        return any(sign in heard for heard in place.heard for sign in self.signs)


BASIC = ("YWRtaW46czNjcmV0LTQ3MTE=",)
KINDS = {
    "basic": Kind(BasicWeb, serve_http, BASIC, secrets={"password": SECRET}),
    "digest": Kind(DigestWeb, serve_digest, ("Digest ",), secrets={"password": SECRET}),
    "bearer": Kind(BearerWeb, serve_http, secrets={"token": SECRET}),
    "early": Kind(ImpatientWeb, serve_http, secrets={"token": SECRET}, identifies=False),
    "hoarded": Kind(HoarderWeb, serve_http, secrets={"token": SECRET}),
    "pin": Kind(PinWeb, serve_http, settings={"pin": SECRET}),
    "memory": Kind(MemoryWeb, serve_http, fields={"token": SECRET}),
    "events": Kind(Events, serve_http, secrets={"token": SECRET}),
    "websocket": Kind(Socket, serve_websocket, secrets={"token": SECRET}),
    "lines": Kind(Telnet, serve_lines, secrets={"password": SECRET}),
    "json_rpc": Kind(Rpc, serve_rpc, secrets={"token": SECRET}),
    "frames": Kind(Broker, serve_frames, secrets={"password": SECRET}),
    "udp": Kind(Ciphered, serve_ciphered, secrets={"key": SECRET}, identifies=False),
}
