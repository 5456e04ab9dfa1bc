"""What people enter or paste as the address of a device, made a host and a port, and back."""

from ipaddress import ip_address
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from homeassistant.const import CONF_HOST, CONF_PORT

MAX_NAME_LENGTH = 253
"""Characters of a host name (RFC 1035)."""


class EnteredAddressError(Exception):
    """The entered text is not an address; the message is what was entered, `key` says why."""

    def __init__(self, key: str, entered: str) -> None:
        """`key` is the translation key of an error of the form."""
        super().__init__(entered)
        self.key = key


def parse_entered(text: str) -> tuple[str, int]:
    """Return the host and port in a text, port 0 if it has none; raise EnteredAddressError.

    It may be a name or an IP address, with or without a port, or a whole URL.
    """
    entered = "".join(c for c in text if c.isprintable()).strip(" \"'<>")
    if not entered:
        raise EnteredAddressError("no_address", "")
    url = entered if "://" in entered else f"//{_in_brackets(entered)}"
    try:
        parts = urlsplit(url)
    except ValueError as err:
        raise EnteredAddressError("incomplete_address", entered) from err
    host = (parts.hostname or "").rstrip(".")
    if not host or (re.fullmatch(r"[\d.]+", host) and not _is_ip_address(host)):
        raise EnteredAddressError("incomplete_address", entered)
    if len(host) > MAX_NAME_LENGTH:
        raise EnteredAddressError("unknown_host", f"{host[:60]}...")
    return host, _port_of(parts, entered)


def as_entered(host: str, port: int) -> dict[str, Any]:
    """Return an address as a form has it: without the usual port, 0, which nobody may enter."""
    return {key: value for key, value in ((CONF_HOST, host), (CONF_PORT, port)) if value}


def _port_of(parts: SplitResult, entered: str) -> int:
    try:
        port = parts.port
    except ValueError as err:
        raise EnteredAddressError("port_range", entered) from err
    if port == 0:
        raise EnteredAddressError("port_range", entered)
    return port or 0


def _in_brackets(text: str) -> str:
    """Return a bare IPv6 address as URLs have it."""
    return f"[{text}]" if _is_ip_address(text) and ":" in text else text


def _is_ip_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
