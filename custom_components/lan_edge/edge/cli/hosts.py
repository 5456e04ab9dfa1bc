"""Where a device is, as it is typed: a host name or IP address, perhaps with a port."""

import re

from ..errors import UnreachableError
from ..network.address import MAX_PORT, Address, is_device_host
from ..network.hosts import addresses_of, canonical_host
from .exits import CallError

_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")


def parse_host(text: str) -> Address:
    """Return the address that was typed, such as 192.168.1.40:8080; raise CallError."""
    if host := canonical_host(text):
        return _of_device(host)
    typed = _WITH_PORT.fullmatch(text)
    port = int((typed and typed["port"]) or 0)
    if typed is None or port > MAX_PORT or not _is_host(typed["host"], typed["six"]):
        raise CallError(f"{text!r} is no address: use one such as 192.168.1.40 or lamp.local:8080")
    return _of_device(typed["six"], port) if typed["six"] else Address(typed["host"], port)


def _of_device(host: str, port: int = 0) -> Address:
    """Return an IP address; raise CallError for one that means nothing without its network."""
    if ":" in host and not is_device_host(host):
        raise CallError(f"{host} is an address in one network only: use another one of the device")
    return Address(host, port)


def _is_host(name: str | None, address: str | None) -> bool:
    """Return whether a name can be looked up, or an address in brackets is one."""
    if name is None:
        return bool(canonical_host(address))
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False


async def resolve_host(text: str) -> Address:
    """Return the address that was typed, with an IP address; raise CallError or UnreachableError.

    Of the IP addresses that a name has, the first one of version 4 is used, if there is one.
    """
    typed = parse_host(text)
    found = [each for each in await addresses_of(typed.host) if each]
    if not found:
        raise UnreachableError(f"{typed.host} has no IP address")
    return Address(min(found, key=lambda each: ":" in each), typed.port)
