"""Peers of a transport that do what a test says, and what can be seen of ours from outside."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
import socket
import ssl
from typing import Self

from lan_edge import Address

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


def _ours(timer: asyncio.TimerHandle) -> bool:
    called = timer._callback  # type: ignore[attr-defined]
    return "lan_edge" in f"{called!r} {getattr(called, '__module__', '')}"


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # nothing to be told by
            await asyncio.sleep(0.002)


class Wire:
    """One accepted connection; what is sent by `send` passes through the peer's faults."""

    def __init__(
        self, peer: TcpPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer
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
        for at in range(0, len(data), size):
            self.writer.write(data[at : at + size])
            with suppress(ConnectionError):
                await self.writer.drain()
            if peer.split:
                await asyncio.sleep(0)
        if peer.cut is not None:
            self.writer.close()


type Serve = Callable[[Wire], Awaitable[None]]


class TcpPeer:
    """A TCP server for one test; `serve` plays a device as it should be."""

    def __init__(self, serve: Serve, host: str = LOOPBACK, port: int = 0) -> None:
        self._serve = serve
        self.address = Address(host, port)
        self.tls: ssl.SSLContext | None = None
        """What it shows, where it speaks TLS."""
        self.silent = False
        """Read, and send nothing."""
        self.cut: float | None = None
        """Close after this part of a message."""
        self.instead: bytes | None = None
        """Send this for each message."""
        self.split = 0
        """Send so many bytes at a time."""
        self.accepted = 0
        self.wires: list[Wire] = []
        self._tasks = set[asyncio.Task[None]]()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, self.address.host, self.address.port, limit=1 << 20, ssl=self.tls
        )
        self.address = Address(*self._server.sockets[0].getsockname()[:2])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.drop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def drop(self) -> None:
        """End every connection at once."""
        for wire in self.wires:
            wire.writer.transport.abort()
        self.wires.clear()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        wire = Wire(self, reader, writer)
        self.wires.append(wire)
        task = asyncio.create_task(self._attend(wire))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, wire: Wire) -> None:
        try:
            with suppress(OSError, EOFError):
                await self._serve(wire)
        finally:
            wire.writer.close()
            if wire in self.wires:
                self.wires.remove(wire)


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
        await asyncio.sleep(0.01)
        yield Address(*server.getsockname())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in held:
            each.close()


def closed_port(host: str = LOOPBACK) -> Address:
    """Return an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return Address(*probe.getsockname())
