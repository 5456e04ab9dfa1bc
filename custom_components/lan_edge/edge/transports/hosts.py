"""Addresses as sockets want them: looked up, of the right family, of a group or not."""

import asyncio
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
import socket

from ..discovery import Address
from .base import network_errors


async def resolved(address: Address) -> Address:
    """Return `address` with its IP address where it has a name; raise UnreachableError."""
    with suppress(ValueError):
        return Address(str(ip_address(address.host)), address.port)
    loop = asyncio.get_running_loop()
    with network_errors(f"looking up {address.host}"):
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
    return Address(str(found[0][4][0]), address.port)


def everywhere(peer: Address) -> str:
    """Return the local address that means every interface, of the family of `peer`."""
    return "::" if ":" in peer.host else "0.0.0.0"  # noqa: S104  # devices answer on any of them


def is_group(host: str) -> bool:
    """Whether it is the address of an IPv4 multicast group."""
    with suppress(ValueError):
        return IPv4Address(host).is_multicast
    return False
