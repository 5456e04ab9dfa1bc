"""Addresses: a host and a port; and MAC addresses in one spelling."""

from dataclasses import dataclass
from ipaddress import ip_address
import re
from typing import override
from urllib.parse import urlsplit

from .text import MAX_FIELD

MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port."""

    host: str
    """An IP address or a host name."""
    port: int = 0
    """0: the driver's usual port."""

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


def location_address(location: str) -> Address | None:
    """Return the address in an SSDP LOCATION, or None if no device can have it."""
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return Address(host, port or 0) if host and is_device_host(host) else None


def mac_address(text: str) -> str:
    """Return a MAC address as twelve lower-case hex digits; empty if `text` is not one."""
    digits = re.sub(r"[:.\s-]", "", text[:MAX_FIELD]).lower()
    return digits if re.fullmatch(r"[0-9a-f]{12}", digits) else ""
