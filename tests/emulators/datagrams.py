"""A listening address of an emulated device by UDP: each client is a peer, as by TCP."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast, override

from .faults import Faults
from .listener import Listener, Peer

END = b"\0"
"""What ends a datagram where a peer reads it."""


class DatagramListener(Listener):
    """A UDP socket, and those who have sent anything to it."""

    def __init__(
        self, host: str, port: int, serve: Callable[[Peer], Awaitable[None]], faults: Faults
    ) -> None:
        super().__init__(host, port, serve, faults)
        self._clients: dict[tuple[str, int], asyncio.StreamReader] = {}
        self._transport: asyncio.DatagramTransport | None = None

    @override
    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Receiver(self._received), local_addr=(self.host, self.port)
        )
        self.port = self._transport.get_extra_info("sockname")[1]

    @override
    async def close(self) -> None:
        await self.end_all()
        self._clients.clear()
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)

    def _received(self, data: bytes, sender: tuple[str, int]) -> None:
        if (reader := self._clients.get(sender)) is None:
            reader = self._clients[sender] = asyncio.StreamReader()
            assert self._transport is not None
            writer = _Writer(self._transport, sender)
            self._begin(reader, cast("asyncio.StreamWriter", writer))
        reader.feed_data(data + END)


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, on_datagram: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._on_datagram = on_datagram

    @override
    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._on_datagram(data, addr[:2])


class _Writer:
    """As much of a StreamWriter as a peer needs: each write is a datagram to one client."""

    def __init__(self, transport: asyncio.DatagramTransport, to: tuple[str, int]) -> None:
        self._socket = transport
        self._to = to
        self._is_closed = False
        self.transport = self
        """What is aborted."""

    def get_extra_info(self, name: str) -> Any:
        """Return the client's address; it has no socket of its own."""
        return self._to if name == "peername" else None

    def is_closing(self) -> bool:
        """Return whether nothing is sent any more."""
        return self._is_closed or self._socket.is_closing()

    def write(self, data: bytes) -> None:
        """Send a datagram."""
        self._socket.sendto(data, self._to)

    async def drain(self) -> None:
        """Return: a datagram is sent at once."""

    def close(self) -> None:
        """Send nothing more."""
        self._is_closed = True

    abort = close
