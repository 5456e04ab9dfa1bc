"""Where a device is, as it is typed: a host name or IP address, perhaps with a port."""

import re

from ..errors import UnreachableError
from ..network.address import MAX_PORT, Address
from ..network.hosts import addresses_of, canonical_host
from .exits import CallError

_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")


def parse_host(text: str) -> Address:
    """Return the address that was typed, such as 192.168.1.40:8080; raise CallError."""
    if canonical_host(text):
        return Address(text)
    typed = _WITH_PORT.fullmatch(text)
    port = int((typed and typed["port"]) or 0)
    if typed is None or port > MAX_PORT or (typed["six"] and not canonical_host(typed["six"])):
        raise CallError(f"{text!r} is no address: use one such as 192.168.1.40 or lamp.local:8080")
    return Address(typed["six"] or typed["host"], port)


async def resolve_host(text: str) -> Address:
    """Return the address that was typed, with an IP address; raise CallError or UnreachableError.

    Of the IP addresses that a name has, the first one of version 4 is used, if there is one.
    """
    typed = parse_host(text)
    found = [each for each in await addresses_of(typed.host) if each]
    if not found:
        raise UnreachableError(f"{typed.host} has no IP address")
    return Address(min(found, key=lambda each: ":" in each), typed.port)
