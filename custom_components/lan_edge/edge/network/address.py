"""Addresses: a host and a port; and MAC addresses in one spelling."""

from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
import re
from typing import override
from urllib.parse import urlsplit

from .text import MAX_FIELD, is_sendable

MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port."""

    host: str
    """An IP address or a host name."""
    port: int = 0
    """0: the driver's usual port."""
    path: str = field(default="", compare=False)
    """Where there the device's UPnP description is, as it has announced; empty: unknown."""

    @override
    def __str__(self) -> str:
        """Return host:port, an IPv6 host in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


def is_device_host(host: str) -> bool:
    """Return whether `host` is an IP address that a device can have.

    Multicast, unspecified, reserved and scoped IPv6 addresses are not.
    """
    try:
        ip = ip_address(host)
    except ValueError:
        return False
    scoped = ip.version == 6 and ip.is_link_local  # noqa: PLR2004
    return not (ip.is_multicast or ip.is_unspecified or ip.is_reserved or scoped)


def one_spelling(host: str) -> str:
    """Return an IP address in its usual spelling, not IPv4-mapped; raise ValueError."""
    ip = ip_address(host)
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(mapped or ip)


def location_address(location: str, sender: str = "", own: Collection[str] = ()) -> Address | None:
    """Return the address in an SSDP LOCATION, or None if no device can have it.

    If the `sender` of the message is known, it must be the sender's address: otherwise anybody
    could make us send a request anywhere. If the sender is this machine, at one of its addresses
    `own`, it may also be another address of the same network.
    """
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or not is_device_host(host) or (sender and not _is_of(host, sender, own)):
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_usable = path.startswith("/") and len(path) <= MAX_FIELD and is_sendable(path)
    return Address(one_spelling(host), port or 0, path if is_usable else "")


def _is_of(host: str, sender: str, own: Collection[str]) -> bool:
    """Return whether the sender of a message may give `host` as its own IP address."""
    try:
        there = ip_address(one_spelling(host))
        here = ip_address(one_spelling(sender.partition("%")[0]))
    except ValueError:
        return False
    if here.is_loopback:
        return there.is_loopback
    return there == here or (sender in own and there in ip_network(f"{sender}/24", strict=False))


def mac_address(text: str) -> str:
    """Return a MAC address as twelve lower-case hex digits; empty if `text` is not one."""
    digits = re.sub(r"[:.\s-]", "", text[:MAX_FIELD]).lower()
    return digits if re.fullmatch(r"[0-9a-f]{12}", digits) else ""
