"""SSDP's multicast group and port, and the message that searches (UPnP Device Architecture 1.1)."""

from ..errors import ArgumentError
from .text import is_sendable

SSDP_GROUP = "239.255.255.250"
SSDP_PORT = 1900


def search_message(target: str, host: str, port: int = SSDP_PORT, *, max_wait: int = 0) -> bytes:
    """Return an M-SEARCH for `target`, to be sent to `host` (the group, or one device).

    `max_wait` is the MX header, the most seconds a device may wait before it answers; 0: no such
    header, as in a search sent to a single device. Some devices need the space after each colon.
    Raises ArgumentError if `target` is more than a line.
    """
    if not is_sendable(target):
        raise ArgumentError(f"{target!r} is not a valid search target")
    lines = [
        "M-SEARCH * HTTP/1.1",
        f"HOST: {host}:{port}",
        'MAN: "ssdp:discover"',
        *([f"MX: {max_wait}"] if max_wait else []),
        f"ST: {target}",
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
