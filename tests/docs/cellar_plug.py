"""The cellar plug of the page on ciphers, at an address of this machine."""

import asyncio
import json
import os
from typing import Any, Self, override

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lan_edge import Address

KEY, OTHER = "00112233445566778899aabbccddeeff", "ff" * 16
NONCE = 12


class CellarPlug(asyncio.DatagramProtocol):
    """A plug with a key; an async context manager."""

    def __init__(self, key: str = KEY, serial: str = "CP-17") -> None:
        self.serial = serial
        self.on = False
        self.denied = 0
        """How often it got what it could not decrypt."""
        self.repeats = False
        """Whether it answers with its first answer again, as one that has recorded it."""
        self._recorded = b""
        self._cipher = AESGCM(bytes.fromhex(key))
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        where = ("127.0.0.1", 0)
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=where)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Be gone."""
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)

    @property
    def address(self) -> Address:
        """Where it is."""
        assert self._transport is not None
        return Address(*self._transport.get_extra_info("sockname"))

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        assert self._transport is not None
        try:
            asked = json.loads(self._cipher.decrypt(data[:NONCE], data[NONCE:], None))
        except InvalidTag, ValueError:
            self.denied += 1
            self._transport.sendto(b"", addr)
            return
        self.on = asked.get("on", self.on)
        told = {"id": asked["id"], "serial": self.serial, "on": self.on}
        nonce = os.urandom(NONCE)
        answer = nonce + self._cipher.encrypt(nonce, json.dumps(told).encode(), None)
        self._recorded = self._recorded or answer
        self._transport.sendto(self._recorded if self.repeats else answer, addr)
