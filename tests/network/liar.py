"""A stranger who answers searches with other people's addresses, and serves what never ends."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import socket
import time
from typing import override

from tests.emulators.ssdp import (
    Advertisement,
    listening_socket,
    parse_search,
    sending_socket,
)
from tests.tcp import Connection, Server

TARGET = "venstar:thermostat:ecp"
"""What our own search looks for, and Home Assistant's does not."""
PIECE = bytes(64 * 1024)
HUGE = 100 * 1024 * 1024
ROOM = 16 * 1024
"""What is under way at most: nearly all that was sent has been asked for."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@dataclass
class Asked:
    """One connection that came, and what became of it."""

    first_line: str = ""
    headers: str = ""
    sent: int = 0
    lasted: float = 0.0


@dataclass
class Pages:
    """An HTTP server whose bodies are huge, endless or never come; it notes who asks."""

    host: str
    port: int
    asked: list[Asked] = field(default_factory=list)

    async def talk(self, connection: Connection) -> None:
        """Answer one request as its path says."""
        began, asked = time.monotonic(), Asked()
        self.asked.append(asked)
        connection.set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        try:
            head = (await connection.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            asked.first_line, _, asked.headers = head.partition("\r\n")
            await self._answer(asked, connection)
        finally:
            asked.lasted = time.monotonic() - began
            connection.abort()

    async def _answer(self, asked: Asked, connection: Connection) -> None:
        path = asked.first_line.split(" ")[1]
        if "never" in path:
            await connection.reader.read()  # until the other one has had enough
        elif "huge" in path or "endless" in path:
            length = f"Content-Length: {HUGE}\r\n".encode() if "huge" in path else b""
            connection.write(HEAD + length + b"\r\n")
            while asked.sent < HUGE:
                connection.write(PIECE)
                await connection.drain()
                asked.sent += len(PIECE)
        else:
            connection.write(HEAD + b"Content-Length: 0\r\n\r\n")
            await connection.drain()


@asynccontextmanager
async def pages(host: str, port: int) -> AsyncGenerator[Pages]:
    """Serve at an address."""
    made = Pages(host, port)
    server = Server(Connection, made.talk, host, port)
    await server.open()
    try:
        yield made
    finally:
        await server.close()


class Liar(asyncio.DatagramProtocol):
    """Answers each search for a thermostat with every location it was given."""

    def __init__(self, host: str, locations: list[str]) -> None:
        self._host = host
        self._locations = locations
        self._sender = sending_socket(host)
        self.searched = 0

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Lie."""
        if parse_search(data).get("st") != TARGET:
            return
        self.searched += 1
        for number, location in enumerate(self._locations):
            lie = Advertisement(self._host, f"lie-{number}", TARGET, location)
            self._sender.sendto(lie.response(TARGET), addr)

    def close(self) -> None:
        """End."""
        self._sender.close()


@dataclass
class Stranger:
    """The liar and its pages."""

    liar: Liar
    pages: Pages


@asynccontextmanager
async def stranger(host: str, port: int, locations: list[str]) -> AsyncGenerator[Stranger]:
    """Live on a host, and lie."""
    liar = Liar(host, locations)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: liar, sock=listening_socket(host))
    try:
        async with pages(host, port) as served:
            yield Stranger(liar, served)
    finally:
        transport.close()
        liar.close()
