"""Limits the rate of new connections: excess ones are rejected before they cause any work."""

from collections.abc import Callable
import socket
from typing import Any, override

from ..network.hosts import canonical_host
from ..network.sockets import ShortReadSocket, reset_on_close
from ..timing.token_bucket import TokenBucket

STRANGERS_RATE = 100.0
"""Connections a second from all addresses together that are no device's."""
DEVICE_RATE = 500.0
"""Connections a second from each address of a device; many devices may share one."""
MAX_READ = 2 * 1024
"""Bytes that are read of a connection at a time; a WebSocket's may be a thousand messages."""


class RateLimiter:
    """A bucket for each address of a device, and one for all other addresses."""

    def __init__(self, is_device: Callable[[str], bool]) -> None:
        """`is_device` returns whether an IP address is a device's."""
        self._is_device = is_device
        self._strangers = TokenBucket(STRANGERS_RATE)
        self._devices: dict[str, TokenBucket] = {}

    def admit(self, source: str) -> bool:
        """Return whether a connection from this IP address may be accepted now."""
        if not self._is_device(source):
            is_admitted = self._strangers.take()
            if is_admitted:
                self._forget_former()
            return is_admitted
        if source not in self._devices:
            self._devices[source] = TokenBucket(DEVICE_RATE)
        return self._devices[source].take()

    def _forget_former(self) -> None:
        """Drop the buckets of addresses that are no device's any more."""
        former = [source for source in self._devices if not self._is_device(source)]
        for source in former:
            del self._devices[source]


class RateLimitedSocket(socket.socket):
    """A listening socket that resets connections which are not admitted."""

    admit: Callable[[str], bool] = staticmethod(lambda _source: True)

    @override
    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; raise ConnectionAbortedError for one that is not admitted."""
        connection, address = super().accept()
        if not self.admit(canonical_host(address[0])):
            reset_on_close(connection)
            connection.close()
            raise ConnectionAbortedError
        short = ShortReadSocket(fileno=connection.detach())
        short.max_read = MAX_READ
        return short, address
