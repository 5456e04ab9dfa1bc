"""A limit on new connections: whoever connects too often is turned away before any work is done."""

import asyncio
from collections.abc import Callable
import socket
from typing import Any, override

from ..network.hosts import canonical_host
from ..network.sockets import reset_on_close

STRANGERS = 100.0
"""Connections a second from all addresses together that are not a device's."""
DEVICES = 500.0
"""Connections a second from each address of a device; many devices may share one."""


class TokenBucket:
    """Allows so many a second, and as many at a time."""

    def __init__(self, rate: float) -> None:
        """Start full."""
        self._rate = self._left = rate
        self._at = asyncio.get_running_loop().time()

    def take(self) -> bool:
        """Take a token; return False if none is left."""
        now = asyncio.get_running_loop().time()
        self._left = min(self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class RateLimiter:
    """A bucket for each address of a device, and one for all strangers."""

    def __init__(self, is_device: Callable[[str], bool]) -> None:
        """Tell by `is_device` whether an address is a device's."""
        self._is_device = is_device
        self._strangers = TokenBucket(STRANGERS)
        self._devices: dict[str, TokenBucket] = {}

    def admit(self, source: str) -> bool:
        """Return whether a connection from there may be accepted now."""
        if not self._is_device(source):
            self._devices.pop(source, None)
            return self._strangers.take()
        if source not in self._devices:
            self._devices[source] = TokenBucket(DEVICES)
        return self._devices[source].take()


class RateLimitedSocket(socket.socket):
    """A listening socket on which asyncio accepts only what is admitted."""

    admit: Callable[[str], bool] = staticmethod(lambda _source: True)

    @override
    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; raise ConnectionAbortedError for one that is not admitted."""
        connection, address = super().accept()
        if not self.admit(canonical_host(address[0])):
            reset_on_close(connection)
            connection.close()
            raise ConnectionAbortedError
        return connection, address
