"""A device that lets in only those who have its token: by HTTP, event stream and WebSocket."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import socket
from typing import Any

from aiohttp import web

from lan_edge import Address
from tests.ports import free_port

TOKEN, PIN = "t0ken-of-the-gate", "2468"  # no password of anybody
WORDS = "This gate has to be paired first"


class Locked:
    """POST /pair tells the token to the PIN; GET /id and /state, /events and /ws require it."""

    def __init__(self, *, status: int = 403, tells_id: bool = False) -> None:
        self.status, self.tells_id = status, tells_id
        self.unique_id, self.token = "gate-1", TOKEN
        self.asked: list[str] = []
        """All requests, in order."""
        self.refused = 0
        self.address = Address("")
        self._ended = asyncio.Event()
        """Ends the streams that are open."""

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._note])
        app.router.add_post("/pair", self._pair)
        for path, handle in (
            ("/id", self._id),
            ("/state", self._state),
            ("/events", self._events),
            ("/ws", self._socket),
        ):
            app.router.add_get(path, handle)
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        is_open = request.path == "/pair" or (request.path == "/id" and self.tells_id)
        if is_open or request.headers.get("X-Token") == self.token:
            answer: web.StreamResponse = await handler(request)
            return answer
        self.refused += 1
        return web.json_response({"error": {"description": WORDS}}, status=self.status)

    async def _pair(self, request: web.Request) -> web.Response:
        if await request.text() == PIN:
            return web.Response(text=self.token)
        return web.json_response({"message": "Wrong PIN, two tries left"}, status=422)

    async def _id(self, _request: web.Request) -> web.Response:
        return web.Response(text=self.unique_id)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.Response(text="on")

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b":\n\n")
        await self._ended.wait()
        return stream

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_json(self.unique_id if message.json() == "id" else "on")
        return socket

    def lock(self) -> None:
        """Forget the token that was told, and end the streams."""
        self.token = "an0ther"
        self.end()

    def end(self) -> None:
        """End the streams."""
        self._ended.set()
        self._ended = asyncio.Event()


@asynccontextmanager
async def locked(device: Locked, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[Locked]:
    """Run a device."""
    loop, listening = (
        asyncio.get_running_loop(),
        socket.create_server((host, port or free_port(host))),
    )
    runner = web.AppRunner(device.app(), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        device.address = Address(host, runner.addresses[0][1])
        yield device
    finally:
        device.end()
        loop.remove_reader(listening)
        await asyncio.sleep(0)  # asyncio fails for what it has accepted, but not attached yet
        await runner.cleanup()
