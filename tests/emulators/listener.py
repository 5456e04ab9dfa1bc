"""A listening address of an emulated device, and the connections to it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
import contextlib
import socket
import ssl
import struct
from typing import NamedTuple

from .faults import SPLIT_PAUSE, Faults

LIMIT = 64 * 1024
TCP_REPAIR = 19
"""Linux's number; a connection that is closed while it is being repaired is just gone."""


class Connections(NamedTuple):
    """TCP connections of a device: accepted since it was made, and open now."""

    accepted: int
    open: int


class Peer:
    """One accepted connection; what it sends passes through the device's faults."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        listener: Listener,
    ) -> None:
        self.reader = reader
        self.address = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        self._writer = writer
        self._listener = listener
        self._outbox: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._closing = False

    @property
    def silent(self) -> bool:
        """Tell whether nothing may be answered here now."""
        return self._listener.silent or self._listener.faults.silent

    def send(self, data: bytes) -> None:
        """Queue a message, unless the device is silent."""
        if not self.silent:
            self.inject(data)

    def inject(self, data: bytes) -> None:
        """Queue any bytes, even if the device is silent."""
        self._outbox.append(data)
        self._ready.set()

    def close(self) -> None:
        """Close once everything queued is sent."""
        self._closing = True
        self._ready.set()

    def abort(self) -> None:
        """Reset the connection (RST), whatever is still queued."""
        sock = self._writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()

    def forget(self) -> None:
        """Have no such connection any more: neither FIN nor RST (CAP_NET_ADMIN is needed)."""
        sock = self._writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self._writer.transport.abort()

    def leave(self) -> None:
        """Let go of the connection."""
        self._writer.close()

    async def outlast_silence(self) -> None:
        """Where the device is silent, keep the connection until the client goes."""
        with contextlib.suppress(OSError):
            while self.silent and await self.reader.read(LIMIT):
                pass

    async def pump(self) -> None:
        """Send what is queued until the connection ends."""
        with contextlib.suppress(OSError):
            while await self._next_is_there():
                if not await self._write(await self._take()):
                    break
        self.leave()

    async def _next_is_there(self) -> bool:
        while not self._outbox:
            if self._closing:
                return False
            self._ready.clear()
            await self._ready.wait()
        return True

    async def _take(self) -> bytes:
        if window := self._listener.faults.merge_window():
            await asyncio.sleep(window)
            merged = b"".join(self._outbox)
            self._outbox.clear()
            return merged
        return self._outbox.popleft()

    async def _write(self, data: bytes) -> bool:
        pieces = self._listener.faults.pieces(data)
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(SPLIT_PAUSE)
            allowed, cut = self._listener.faults.spend(len(piece))
            self._writer.write(piece[:allowed])
            await self._writer.drain()
            if cut:
                return False
        return True


class Listener:
    """A listening TCP socket and the connections accepted there."""

    def __init__(
        self,
        host: str,
        port: int,
        serve: Callable[[Peer], Awaitable[None]],
        faults: Faults,
    ) -> None:
        self.host = host
        self.port = port
        self.faults = faults
        self.silent = False
        self.tls: ssl.SSLContext | None = None
        self.accepted = 0
        self.peers: dict[Peer, asyncio.Task[None]] = {}
        self._serve = serve
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; a port of 0 becomes the one the system chose, for good."""
        self._server = await asyncio.start_server(
            self._accept, self.host, self.port, limit=LIMIT, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and reset every connection."""
        if self._server is None:
            return
        # what was accepted just now must become a connection first: asyncio trips over it else
        loop = asyncio.get_running_loop()
        for sock in self._server.sockets:
            loop.remove_reader(sock.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        self._server.close()
        await self.drop()
        self._server.abort_clients()
        await self._server.wait_closed()
        self._server = None

    async def drop(self) -> None:
        """Reset every connection; what they were still doing is forgotten."""
        tasks = list(self.peers.values())
        for peer in list(self.peers):
            peer.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer, self)
        self.accepted += 1
        self.peers[peer] = asyncio.create_task(self._attend(peer))

    async def _attend(self, peer: Peer) -> None:
        pump = asyncio.create_task(peer.pump())
        try:
            with contextlib.suppress(OSError):
                await self._serve(peer)
            await peer.outlast_silence()
            peer.close()
            await pump
        finally:
            self.peers.pop(peer, None)
            peer.leave()
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
