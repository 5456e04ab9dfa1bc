"""A device on a host of its own, which hangs, lies, is killed, loses power and moves."""

import asyncio
from contextlib import AsyncExitStack
import socket
import struct
import time
from typing import Any

from tests.network.lab import Host, Lan
from tests.network.resident import Resident
from tests.real.isolated import ip

from .family import Family, spelled

UDP = (socket.AF_INET, socket.SOCK_DGRAM, 0)
CLIENT, SERVER = 68, 67
"""The ports of DHCP."""
COOKIE = bytes((99, 130, 83, 99))
REQUEST = bytes((53, 1, 3))
REQUESTED, HOSTNAME, END = 50, 12, 255
"""Options of DHCP (RFC 2132)."""


class Placed:
    """A device of a family, and the host where it is."""

    def __init__(self, family: Family, number: int) -> None:
        """Prepare the device with a number."""
        self.family = family
        self.number = number
        self.name = f"{family.title.split()[-1]} {number}"
        """What it calls itself, if it does."""

    async def join(self, lan: Lan, stack: AsyncExitStack) -> None:
        """Start it on a host of its own, which has its MAC address."""
        self.host = host = lan.join()
        mac = spelled(self.family.mac_of(self.number))
        ip(f"link set eth0 address {mac}", *host.via)
        self._resident = Resident[Any](host, lambda: self.family.make(self.number, host.address))
        await stack.enter_async_context(self._resident)

    async def is_set(self) -> bool:
        """Tell which of the two it really is."""

        async def read(device: Any) -> bool:
            return self.family.control.true(device.state)

        return await self._resident.do(read)

    async def set_fault(self, name: str, *, on: bool) -> None:
        """Begin or end a fault: `silent` or `lie`."""

        async def begin(device: Any) -> None:
            setattr(device.faults, name, on)

        await self._resident.do(begin)

    async def kill(self) -> float:
        """End its program: its host resets the connections, and refuses new ones; return when."""
        at = time.monotonic()
        await self._resident.do(lambda device: device.down())
        return at

    async def start(self) -> float:
        """Start its program again; return when it had said so."""
        await self._resident.do(lambda device: device.up())
        return self._there()

    async def lose_power(self) -> float:
        """Have it gone without a word; return when."""
        at = time.monotonic()
        self.host.unplug()
        await self._resident.do(lambda device: device.down())
        return at

    async def get_power(self) -> float:
        """Have it back at its address; return when it had said so."""
        self.host.plug_in()
        return await self.start()

    def unplug(self) -> float:
        """Have it without network while its program runs; return since when."""
        self.host.unplug()
        return time.monotonic()

    def plug_in(self) -> float:
        """Have it with network again; return since when."""
        self.host.plug_in()
        return time.monotonic()

    async def pair_anew(self) -> float:
        """Have it restart with another key; return when it had said so."""
        key = self.family.key
        other = key.of(self.number)[::-1]
        await self.kill()

        async def take(device: Any) -> None:
            setattr(device, key.attribute, other)

        await self._resident.do(take)
        return await self.start()

    async def tried(self) -> int:
        """Return how often it was tried."""

        async def count(device: Any) -> int:
            return self.family.tried(device)

        return await self._resident.do(count)

    async def move(self, address: str, away: float) -> float:
        """Have it lose the network, and come back with another address; return when it said so."""
        await self.lose_power()
        await asyncio.sleep(away)
        self.host.plug_in()
        self.host.move(address)
        await self._resident.do(lambda device: device.move(address, old="closed"))
        return self._there()

    def _there(self) -> float:
        """Return the moment, after the router was asked for its address."""
        at = time.monotonic()
        hostname = self.family.hostname.format(self.number)
        ask_router(self.host, self.family.mac_of(self.number), hostname)
        return at


def ask_router(host: Host, mac: str, hostname: str) -> None:
    """Broadcast the request for an address that the host has by now (DHCPREQUEST, RFC 2131)."""
    address, name = socket.inet_aton(host.address), hostname.encode()
    head = struct.pack("!BBBBIHH", 1, 1, 6, 0, 1, 0, 0x8000)
    fields = bytes(16) + bytes.fromhex(mac).ljust(16, b"\0") + bytes(192) + COOKIE
    options = REQUEST + bytes((REQUESTED, 4)) + address + bytes((HOSTNAME, len(name))) + name
    with host.socket(UDP) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        sender.bind(("", CLIENT))
        sender.sendto(head + fields + options + bytes((END,)), ("255.255.255.255", SERVER))
