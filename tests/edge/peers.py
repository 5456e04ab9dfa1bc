"""Peers of a transport that do what a test says, and what can be seen of ours from outside."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
import socket
from typing import Self

import aiohttp
from aiohttp import web

from lan_edge import Address
from lan_edge.network.pings import Pings
from tests.clock import is_virtual
from tests.ports import free_port
from tests.tcp import Connection, Server

LOOPBACK = "127.0.0.1"


def sockets() -> set[str]:
    """Return the sockets this process has open."""
    found = set[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(descriptor.readlink()))
    return {f for f in found if f.startswith("socket:")}


def loop_timers() -> list[asyncio.TimerHandle]:
    """Return the timers of the running loop that the library set."""
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return [t for t in scheduled if not t.cancelled() and _ours(t)]


def websocket_timers() -> list[object]:
    """Return what timers of the running loop keep of WebSockets, open or closed."""
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    sides = (aiohttp.ClientWebSocketResponse, web.WebSocketResponse, Pings)
    owners = [getattr(t._callback, "__self__", None) for t in scheduled if not t.cancelled()]  # type: ignore[attr-defined]
    return [owner for owner in owners if isinstance(owner, sides)]


def _ours(timer: asyncio.TimerHandle) -> bool:
    called = timer._callback  # type: ignore[attr-defined]
    return "lan_edge" in f"{called!r} {getattr(called, '__module__', '')}"


REAL_PATIENCE = 60.0


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    """Wait until a condition holds, which is looked at less often the longer it takes.

    A clock that passes while the machine is busy has more `seconds`.
    """
    pause = 0.002
    async with asyncio.timeout(seconds if is_virtual() else seconds + REAL_PATIENCE):
        while not condition():  # nothing to be told by
            await asyncio.sleep(pause)
            pause *= 1.02


class Wire(Connection):
    """One accepted connection; what is sent by `send` passes through the peer's faults."""

    def __init__(
        self, peer: TcpPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._peer = peer

    async def send(self, data: bytes) -> None:
        """Send one whole message, as the peer's faults have it."""
        peer = self._peer
        if peer.silent:
            return
        if peer.instead is not None:
            data = peer.instead
        if peer.cut is not None:
            data = data[: int(len(data) * peer.cut)]
        size = peer.split or max(len(data), 1)
        with self.until_gone():
            for at in range(0, len(data), size):
                self.write(data[at : at + size])
                await self.drain()
                if peer.split:
                    await asyncio.sleep(0)
        if peer.cut is not None:
            self.close()


type Serve = Callable[[Wire], Awaitable[None]]


class TcpPeer(Server[Wire]):
    """A TCP server for one test; `serve` plays a device as it should be."""

    def __init__(self, serve: Serve, host: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(self._wire, serve, host, port, limit=1 << 20)
        self.silent = False
        """Read, and send nothing."""
        self.cut: float | None = None
        """Close after this part of a message."""
        self.instead: bytes | None = None
        """Send this for each message."""
        self.split = 0
        """Send so many bytes at a time."""
        self._dropped = set[Wire]()

    @property
    def address(self) -> Address:
        """Where it listens."""
        return Address(self.host, self.port)

    @property
    def wires(self) -> list[Wire]:
        """The connections that are being served, in the order they came."""
        return [wire for wire in self.connections if wire not in self._dropped]

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def drop(self) -> None:
        """End every connection at once; who serves it finds that out."""
        for wire in self.wires:
            wire.abort()
            self._dropped.add(wire)

    def _wire(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Wire:
        return Wire(self, reader, writer)


@asynccontextmanager
async def black_hole(host: str = LOOPBACK) -> AsyncGenerator[Address]:
    """Yield an address that takes no connection and refuses none: its queue is full."""
    loop = asyncio.get_running_loop()
    held = [socket.socket() for _ in range(4)]
    server = held[0]
    server.bind((host, 0))
    server.listen(0)
    tasks = list[asyncio.Task[None]]()
    try:
        for each in held[1:]:
            each.setblocking(False)
            tasks.append(asyncio.ensure_future(loop.sock_connect(each, server.getsockname())))
        await asyncio.wait(
            tasks, return_when=asyncio.FIRST_COMPLETED
        )  # that is all it has room for
        yield Address(*server.getsockname())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in held:
            each.close()


def closed_port(host: str = LOOPBACK) -> Address:
    """Return an address where nobody listens."""
    return Address(host, free_port(host))
