"""How a Meross device answers a search: from UDP port 9988, to port 9989 of who asks."""

import asyncio
import json
import socket
from typing import Any, override


class Answering(asyncio.DatagramProtocol):
    """Answers at one address for as long as the device is there."""

    def __init__(self, host: str, port: int, answer_port: int, told: dict[str, Any]) -> None:
        self._place = host, port
        self._answer_port = answer_port
        self._told = told
        self._transport: asyncio.DatagramTransport | None = None

    async def announce(self) -> None:
        """Answer those who search; it says nothing by itself."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind(self._place)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)

    async def goodbye(self) -> None:
        """Go; it does not say so."""
        await self.vanish()

    async def vanish(self) -> None:
        """Stop without a word."""
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asked = json.loads(data)
        if asked.get("id") and asked.get("devName") == "*" and self._transport is not None:
            self._transport.sendto(json.dumps(self._told).encode(), (addr[0], self._answer_port))
