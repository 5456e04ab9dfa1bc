"""Where devices are, and where the hub is for each of them."""

import asyncio
from ipaddress import IPv6Address, ip_address
import socket

from ..errors import UnreachableError

_DISCARD = 9
"""A port to name in a connect that sends nothing."""


def now() -> float:
    """Return the event loop's seconds."""
    return asyncio.get_running_loop().time()


def plain_host(host: str | None) -> str:
    """Return an IP address in its one form: without a scope, IPv4 not inside IPv6."""
    try:
        ip = ip_address((host or "").partition("%")[0])
    except ValueError:
        return ""
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(mapped or ip)


async def addresses_of(host: str) -> tuple[str, ...]:
    """Return the IP addresses of a host; raise UnreachableError."""
    if plain := plain_host(host):
        return (plain,)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        msg = f"{host}: {err}"
        raise UnreachableError(msg) from err
    return tuple(dict.fromkeys(plain_host(str(each[4][0])) for each in found))


def source_towards(host: str) -> str:
    """Return the hub's own address on the way to `host`; raise UnreachableError. Sends nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, _DISCARD))
            return plain_host(probe.getsockname()[0])
    except OSError as err:
        msg = f"no way to {host}: {err.strerror or err}"
        raise UnreachableError(msg) from err
