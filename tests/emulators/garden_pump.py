"""A pump that says in a beacon what it does; its protocol is made up for docs/examples."""

import asyncio
from contextlib import suppress
import json
import socket
from typing import Any, Self, override

from tests.ports import free_port

PORT, BEACON_PORT, MASK = 38200, 38201, 0x5A
BEACON_INTERVAL = 5.0
"""Seconds between two beacons; a change is told at once."""


class GardenPumpEmulator(asyncio.DatagramProtocol):
    """One pump; an async context manager."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        serial: str = "GP-00112233",
        to: str = "127.255.255.255",
        beacon_port: int = BEACON_PORT,
    ) -> None:
        self.host = host
        self.port = port
        self.serial = serial
        self.running = False
        self.silent = False
        self.log: list[str] = []
        self._to = (to, beacon_port)
        self._transport: asyncio.DatagramTransport | None = None
        self._beacons: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The id without its prefix."""
        return self.serial.removeprefix("GP-")

    async def __aenter__(self) -> Self:
        self.port = self.port or free_port(self.host)
        loop = asyncio.get_running_loop()
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind((self.host, self.port))
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)
        self._beacons = asyncio.create_task(self._say_often())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Say and hear nothing more."""
        if self._beacons and self._transport:
            self._beacons.cancel()
            with suppress(asyncio.CancelledError):
                await self._beacons
            self._transport.abort()
            self._transport = self._beacons = None
            await asyncio.sleep(0)

    async def _say_often(self) -> None:
        while True:
            self.say()
            await asyncio.sleep(BEACON_INTERVAL)

    def beacon(self) -> bytes:
        """Return what it says to everybody."""
        told = {"serial": self.serial, "port": self.port, "running": self.running}
        return bytes(byte ^ MASK for byte in json.dumps(told).encode())

    def say(self) -> None:
        """Send a beacon."""
        if self._transport is not None and not self.silent:
            self._transport.sendto(self.beacon(), self._to)

    def enter(self, *, running: bool) -> None:
        """Start or stop."""
        self.running = running

    def change(self, *, running: bool) -> None:
        """Start or stop, by somebody's hand."""
        self.enter(running=running)
        self.say()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        command = json.loads(data)["cmd"]
        self.log.append(command)
        if self.silent or self._transport is None:
            return
        is_command = command in {"run", "stop"}
        if is_command:
            self.enter(running=command == "run")
        self._transport.sendto(json.dumps({"serial": self.serial}).encode(), addr)
        if is_command:
            self.say()
