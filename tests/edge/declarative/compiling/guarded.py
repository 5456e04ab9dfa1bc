"""A switch that answers nothing before a login, by each way to talk; its protocol is made up."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast, override

from aiohttp import WSMsgType, web
from yarl import URL

from lan_edge import Address
from tests.tcp import Connection, Server

HOST = "127.0.0.1"
PASSWORD = "s3same"


class Guarded:
    """One switch, and all that has been sent to it."""

    def __init__(self) -> None:
        self.on = False
        self.asks = True
        """Whether it requires a login."""
        self.received = list[str]()

    def session(self) -> Callable[[str], str]:
        """Return what answers on a new connection."""
        let_in = not self.asks

        def answer(request: str) -> str:
            nonlocal let_in
            self.received.append(request)
            verb, *words = request.split(" ")
            if verb == "LOGIN":
                let_in = words == ["me", PASSWORD]
                return "WELCOME" if let_in else "DENIED wrong password"
            return self._answer(verb) if let_in else "ERROR log in first"

        return answer

    def _answer(self, verb: str) -> str:
        if verb == "ID?":
            return "ID S-1"
        if verb in {"ON", "OFF"}:
            self.on = verb == "ON"
        return f"STATE {'on' if self.on else 'off'}"


@asynccontextmanager
async def by_lines(device: Guarded) -> AsyncGenerator[Address]:
    async def serve(connection: Connection) -> None:
        answer = device.session()
        async for line in connection.lines():
            connection.write(answer(line.decode().strip()).encode() + b"\n")

    server = Server(Connection, serve, HOST)
    await server.open()
    try:
        yield Address(HOST, server.port)
    finally:
        await server.close()


@asynccontextmanager
async def by_frames(device: Guarded) -> AsyncGenerator[Address]:
    async def serve(connection: Connection) -> None:
        answer = device.session()
        while True:
            size = int.from_bytes(await connection.reader.readexactly(2))
            data = answer((await connection.reader.readexactly(size)).decode()).encode()
            connection.write(len(data).to_bytes(2) + data)

    server = Server(Connection, serve, HOST)
    await server.open()
    try:
        yield Address(HOST, server.port)
    finally:
        await server.close()


@asynccontextmanager
async def by_websocket(device: Guarded) -> AsyncGenerator[Address]:
    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        answer = device.session()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(answer(message.data))
        return socket

    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    try:
        yield Address(HOST, runner.addresses[0][1])
    finally:
        await runner.cleanup()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, device: Guarded) -> None:
        self._answer = device.session()
        self._transport: asyncio.DatagramTransport

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self._transport.sendto(self._answer(data.decode()).encode(), addr)


@asynccontextmanager
async def by_udp(device: Guarded) -> AsyncGenerator[Address]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(device), local_addr=(HOST, 0)
    )
    try:
        yield Address(HOST, transport.get_extra_info("sockname")[1])
    finally:
        transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def calling(device: Guarded, url: str) -> AsyncGenerator[Address]:
    """Call the hub by lines, again whenever it hangs up."""

    async def call_again() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await _call(device, URL(url))
            await asyncio.sleep(1)

    task = asyncio.create_task(call_again())
    try:
        yield Address(HOST)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _call(device: Guarded, url: URL) -> None:
    reader, writer = await asyncio.open_connection(url.host, url.port)
    answer = device.session()
    try:
        writer.write(f"{url.path}\n".encode())
        while True:
            line = (await reader.readuntil(b"\n")).decode().strip()
            writer.write(answer(line).encode() + b"\n")
    finally:
        writer.close()
