"""Clients that leave a server at the worst moment, over plain TCP or over TLS."""

import asyncio
from contextlib import suppress
import socket
import ssl

from .tcp import RESET

HELD = socket.SOL_SOCKET, socket.SO_LINGER, RESET


def insecure() -> ssl.SSLContext:
    """Return what a client needs that trusts everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Leaver:
    """A connection to a server. It is made at once, before the server can accept it."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=2)
        self.socket.setblocking(False)
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader | None = None

    async def shake_hands(self) -> None:
        """Begin to speak TLS."""
        self._reader, self._writer = await asyncio.open_connection(
            sock=self.socket, ssl=insecure(), server_hostname=""
        )

    async def shake_half(self) -> None:
        """Begin to speak TLS, and fall silent when the server has answered."""
        outgoing = ssl.MemoryBIO()
        spoken = insecure().wrap_bio(ssl.MemoryBIO(), outgoing)
        with suppress(ssl.SSLWantReadError):
            spoken.do_handshake()
        await self.send(outgoing.read())
        await self.receive()

    async def send(self, data: bytes) -> None:
        """Send any bytes."""
        if self._writer is None:
            await asyncio.get_running_loop().sock_sendall(self.socket, data)
        else:
            self._writer.write(data)
            await self._writer.drain()

    async def receive(self) -> bytes:
        """Return some bytes of what it is told."""
        async with asyncio.timeout(5):
            if self._reader is None:
                return await asyncio.get_running_loop().sock_recv(self.socket, 4096)
            return await self._reader.read(4096)

    def close(self) -> None:
        """Leave: the server is told."""
        if self._writer is None:
            self.socket.close()
        else:
            self._writer.close()

    def reset(self) -> None:
        """Leave by an RST, without a word."""
        if self._writer is None:
            self.socket.setsockopt(*HELD)
            self.socket.close()
        else:
            self._writer.get_extra_info("socket").setsockopt(*HELD)
            self._writer.transport.abort()
