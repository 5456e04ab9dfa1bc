"""A listening address of an emulated device, and the connections to it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
import socket
from typing import NamedTuple, override

from tests.tcp import LIMIT, Connection, Server, ended, watched

from .faults import SPLIT_PAUSE, Faults

TCP_REPAIR = 19
"""Linux's number; a connection that is closed while it is being repaired is just gone."""


class Connections(NamedTuple):
    """TCP connections of a device: accepted since it was made, and open now."""

    accepted: int
    open: int


class Peer(Connection):
    """One accepted connection; what it sends passes through the device's faults."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        listener: Listener,
    ) -> None:
        super().__init__(reader, writer)
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

    def finish(self) -> None:
        """Close once everything queued is sent."""
        self._closing = True
        self._ready.set()

    def forget(self) -> None:
        """Have no such connection any more: neither FIN nor RST (CAP_NET_ADMIN is needed)."""
        self.set_option(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.abort()

    async def outlast_silence(self) -> None:
        """Where the device is silent, keep the connection until the client goes."""
        while self.silent and await self.reader.read(LIMIT):
            pass

    async def pump(self) -> None:
        """Send what is queued until the connection ends."""
        with self.until_gone():
            while await self._next_is_there():
                if not await self._send(await self._take()):
                    break
        self.close()

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

    async def _send(self, data: bytes) -> bool:
        pieces = self._listener.faults.pieces(data)
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(SPLIT_PAUSE)
            allowed, cut = self._listener.faults.spend(len(piece))
            self.write(piece[:allowed])
            await self.drain()
            if cut:
                return False
        return True


class Listener(Server[Peer]):
    """A listening TCP socket of a device and the connections accepted there."""

    def __init__(
        self,
        host: str,
        port: int,
        serve: Callable[[Peer], Awaitable[None]],
        faults: Faults,
    ) -> None:
        super().__init__(self._new_peer, self._pumping, host, port)
        self.faults = faults
        self.silent = False
        self._serve_peer = serve

    @override
    def end(self, connection: Peer) -> None:
        connection.reset()

    def _new_peer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Peer:
        return Peer(reader, writer, self)

    async def _pumping(self, peer: Peer) -> None:
        """Serve a connection while what is queued for it is sent."""
        pump = watched(peer.pump())
        try:
            with peer.until_gone():
                await self._serve_peer(peer)
            with peer.until_gone():
                await peer.outlast_silence()
            peer.finish()
            await ended(pump)
        finally:
            pump.cancel()
            await ended(pump)
