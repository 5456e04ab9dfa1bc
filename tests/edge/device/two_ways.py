"""A lamp with HTTP and a WebSocket, each on a port of its own or both on one, and its driver."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import ssl
from typing import Any, ClassVar, override

from aiohttp import web

from lan_edge import (
    Address,
    Beside,
    Device,
    Driver,
    Http,
    HttpOptions,
    Identity,
    Json,
    Profile,
    Record,
    Switch,
    SwitchLevel,
    Tls,
    WebSocket,
    WebSocketOptions,
    handles,
    id_at,
)
from tests.ports import free_port

from .. import bench

ID = "two-ways-1"
HOST = "127.0.0.72"


class TwoWays:
    """The lamp: what it is, what it was asked, and what is wrong with it."""

    def __init__(self, *, events_apart: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.state: dict[str, Any] = {"on": False, "level": 10}
        self.heard = list[str]()
        """Requests and messages in the order of arrival, secrets included."""
        self.sockets = list[web.WebSocketResponse]()
        self.events_id = ID
        """Who it says it is on the WebSocket."""
        self.refuses_events = False
        self.pushes = True
        self.answering = asyncio.Event()
        self.answering.set()
        self.port = self.events_port = 0
        self._apart = events_apart
        self._tls = tls
        self._runners = list[web.AppRunner]()

    async def start(self, port: int = 0) -> None:
        self.port = self.events_port = await self._serve(port or free_port(HOST), None)
        if self._apart:
            self.events_port = await self._serve(0, self._tls)

    async def _serve(self, port: int, tls: ssl.SSLContext | None) -> int:
        app = web.Application()
        app.router.add_get("/events", self._events)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, HOST, port, ssl_context=tls).start()
        self._runners.append(runner)
        return int(runner.addresses[0][1])

    async def stop(self) -> None:
        self.answering.set()
        await self.hang_up()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Token", "")
        self.heard.append(f"{request.method} {request.path} {token}".strip())
        await self.answering.wait()
        if request.path == "/info":
            return web.json_response({"serial": ID})
        if request.method == "PATCH":
            await self.change(**await request.json())
        return web.json_response(self.state)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(f"events {request.headers.get('Token', '')}".strip())
        if self.refuses_events:
            raise web.HTTPNotFound
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            self.heard.append(f"on events: {message.data}")
            if message.data == '"who"':
                await socket.send_json({"serial": self.events_id})
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def change(self, **values: Any) -> None:
        """Change, and push that."""
        self.state.update(values)
        for socket in self.sockets if self.pushes else ():
            with suppress(ConnectionError):
                await socket.send_json(values)

    async def hang_up(self) -> None:
        """Close every WebSocket."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            await socket.close()


class Lamp(Driver[Http]):
    """HTTP for commands, a WebSocket for events."""

    id = "two_ways"
    profile = Profile(Switch, SwitchLevel)
    options = HttpOptions(port=8080)
    events = Beside(WebSocket, WebSocketOptions(port=8080, path="/events"))
    told: ClassVar[list[tuple[str, Json]]] = []
    """The messages, each with the way on which it came."""

    @override
    async def identify(self) -> str:
        return id_at(await self.io.get_json("/info"), "serial")

    @override
    async def refresh(self) -> None:
        self.report(await self.io.get_json("/lamp"))

    @override
    def on_message(self, message: Json) -> None:
        self.told.append((self.way, message))
        self.report(message)

    def report(self, message: Json) -> None:
        self.emit_field(Switch.switch, message, "on", unchanged=True)
        self.emit_field(SwitchLevel.level, message, "level", unchanged=True)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.request("PATCH", "/lamp", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.request("PATCH", "/lamp", {"on": False})

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        del rate
        await self.io.request("PATCH", "/lamp", {"level": level})


class Optional(Lamp):
    """Does without its events."""

    events = Beside(WebSocket, WebSocketOptions(port=8080, path="/events"), optional=True)


def apart(lamp: TwoWays, base: type[Lamp] = Lamp, **how: Any) -> type[Lamp]:
    """Return the driver of a lamp whose WebSocket has a port of its own, and identifies itself."""

    async def who(self: Any) -> str:
        return id_at(await self.events.ask("who"), "serial")

    def options(self: Any) -> WebSocketOptions:
        headers = {"Token": self.secrets["token"]} if self.secrets else {}
        tls = Tls() if how.get("tls") else None
        return WebSocketOptions(port=lamp.events_port, path="/events", headers=headers, tls=tls)

    class Apart(base):  # type: ignore[misc,valid-type]
        events = Beside(WebSocket, options, identify=who, optional=how.get("optional", False))

        @override
        def transport_options(self) -> HttpOptions:
            headers = {"Token": self.secrets["token"]} if self.secrets else {}
            return HttpOptions(headers=headers)

    return Apart


@asynccontextmanager
async def running(lamp: TwoWays) -> AsyncGenerator[TwoWays]:
    """Have the lamp there."""
    Lamp.told.clear()
    await lamp.start()
    try:
        yield lamp
    finally:
        await lamp.stop()


def handle(lamp: TwoWays, driver: type[Lamp], **known: Any) -> Device:
    """Return the lamp's device, not started."""
    secrets = known.pop("secrets", None)
    record = Record(Identity(ID), (Address(HOST, lamp.port),), **known)
    return Device(driver, record, secrets=secrets)


@asynccontextmanager
async def online(lamp: TwoWays, driver: type[Lamp], **known: Any) -> AsyncGenerator[Device]:
    """Keep the lamp connected."""
    async with bench.online(handle(lamp, driver, **known)) as device:
        yield device
