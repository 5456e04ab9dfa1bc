"""Socket options that not every system has.

Linux has all of them. macOS and Windows neither limit how long sent data may stay unacknowledged
nor say when anything was received last: there only a check of the program notices that a device
vanished while something was being sent to it. Nor can they tell whether data is still unsent, so a
device may receive it after the connection closed.
"""

import asyncio
from contextlib import suppress
import socket
import struct
import sys
from time import monotonic
from typing import Any, override

if sys.platform != "win32":
    import fcntl
    import termios

# A peer that vanished is noticed after 4 + 2 * 2 seconds without traffic, or 8 s after something
# was sent and not acknowledged.
_KEEPALIVE = {
    "TCP_KEEPIDLE": 4,
    "TCP_KEEPALIVE": 4,  # the name on macOS
    "TCP_KEEPINTVL": 2,
    "TCP_KEEPCNT": 2,
}
USER_TIMEOUT_MS = 8000
_LINGER_0 = struct.pack("ii", 1, 0)
_TCP_INFO_AGES = struct.Struct("=52xII")
"""In the kernel's `tcp_info`, the milliseconds since data and since an acknowledgement came."""
_PRECISION = 0.02
"""Seconds by which these may be wrong: the kernel counts in steps."""


class ShortReadSocket(socket.socket):
    """A socket of which few bytes are read at a time.

    What comes with one read is parsed without a break, and may be thousands of tiny messages.
    asyncio reads up to 256 KiB, and everybody else waits as long as it takes to parse them.
    """

    max_read = 16 * 1024
    """Bytes that are read at a time."""

    @override
    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive at most `max_read` bytes."""
        return super().recv(min(bufsize, self.max_read), flags)

    @override
    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive at most `max_read` bytes."""
        size = min(nbytes or len(buffer), self.max_read)
        return super().recv_into(buffer, size, flags)


def detect_dead_peer(sock: socket.socket) -> None:
    """Have the kernel end a TCP connection whose peer vanished, if the system supports that."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if (option := getattr(socket, name, None)) is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
    limit_unacknowledged(sock, USER_TIMEOUT_MS)


def limit_unacknowledged(sock: socket.socket, milliseconds: int) -> None:
    """End a TCP connection when sent data stays unacknowledged that long; Linux only."""
    if (option := getattr(socket, "TCP_USER_TIMEOUT", None)) is not None:
        sock.setsockopt(socket.IPPROTO_TCP, option, milliseconds)


def acknowledged_at(sock: socket.socket | None) -> float | None:
    """Return when anything was last received from a TCP peer, in loop time; None: unknown.

    Acknowledgements count, which its kernel sends even if its program hangs. Linux only.
    """
    ages = _ages(sock)
    return asyncio.get_running_loop().time() - min(ages) if ages else None


def received_since(sock: socket.socket | None, moment: float) -> bool:
    """Return whether data came from a TCP peer after a moment of `monotonic`, read or not.

    False where the system cannot tell, or within its precision.
    """
    ages = _ages(sock)
    return ages is not None and monotonic() - ages[0] > moment + _PRECISION


def _ages(sock: socket.socket | None) -> tuple[float, float] | None:
    """Return the seconds since data, and since an acknowledgement came; None: unknown."""
    option = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None
    if sock is None or option is None:
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, option, _TCP_INFO_AGES.size)
        data, acknowledgement = _TCP_INFO_AGES.unpack(info)
    except OSError, struct.error:  # it is closed, or no TCP connection
        return None
    return data / 1000, acknowledgement / 1000


def discard_unsent(sock: socket.socket) -> bool:
    """Have the kernel drop data that is not acknowledged when the socket is closed; say if any is.

    Otherwise the kernel would go on sending it. Dropping it takes a reset; where everything was
    acknowledged the connection ends properly instead, since a device may have few connections.
    """
    if sock.fileno() == -1:
        return False
    with suppress(OSError):  # a system that does not support it
        if _has_unsent(sock):
            reset_on_close(sock)
            return True
    return False


def _has_unsent(sock: socket.socket) -> bool:
    """Return whether data is unacknowledged; False where the system cannot tell."""
    if sys.platform == "win32":
        return False
    return any(fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)))


def reset_on_close(sock: socket.socket) -> None:
    """Have a TCP connection reset when its socket is closed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)


def share_port(sock: socket.socket) -> None:
    """Let a UDP port be shared with the programs that share it: all get what is sent to everybody.

    Some set one of the options, some the other. What is sent to the hub alone gets to one of them.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with suppress(AttributeError, OSError):  # not on Windows
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
