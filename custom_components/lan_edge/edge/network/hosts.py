"""Hosts: resolving them, IP addresses in one spelling, and our own address towards them."""

import asyncio
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
import socket

from ..errors import UnreachableError
from ..sentences import said
from .address import Address, one_spelling
from .os_errors import network_errors, reason_of

_ANY_PORT = 9
"""Connecting a UDP socket sends nothing, so any port will do."""


def canonical_host(host: str | None) -> str:
    """Return an IP address without scope and not IPv4-mapped; empty if `host` is not one."""
    try:
        return one_spelling((host or "").partition("%")[0])
    except ValueError:
        return ""


async def addresses_of(host: str) -> tuple[str, ...]:
    """Return the canonical IP addresses of a host; raise UnreachableError."""
    if canonical := canonical_host(host):
        return (canonical,)
    try:
        resolved = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise UnreachableError(t"{host}: {reason_of(err)}") from err
    return tuple(dict.fromkeys(canonical_host(str(each[4][0])) for each in resolved))


async def resolve(address: Address) -> Address:
    """Return `address` with an IP address for its host; raise UnreachableError."""
    with suppress(ValueError):
        return Address(str(ip_address(address.host)), address.port)
    with network_errors(said(t"looking up {address.host}")):
        resolved = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_DGRAM
        )
    return Address(str(resolved[0][4][0]), address.port)


def source_towards(host: str) -> str:
    """Return our own IP address on the route to `host`; raise UnreachableError. Sends nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as unsent:
            unsent.connect((host, _ANY_PORT))
            return canonical_host(unsent.getsockname()[0])
    except OSError as err:
        raise UnreachableError(t"no route to {host}: {reason_of(err)}") from err


def any_local_host(peer: Address) -> str:
    """Return the local address for all interfaces, in the IP family of `peer`."""
    return "::" if ":" in peer.host else "0.0.0.0"  # noqa: S104  # a device may be on any of them


def is_group(host: str) -> bool:
    """Return whether `host` is an IPv4 multicast group."""
    with suppress(ValueError):
        return IPv4Address(host).is_multicast
    return False
