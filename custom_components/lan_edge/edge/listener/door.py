"""The listener's door: who knocks too often is turned away before anything is made of it."""

from collections.abc import Callable
import socket
import struct
from typing import Any, override

from .routes import now, plain_host

STRANGERS = 100.0
"""Connections a second of all together that come from no device's address."""
DEVICES = 500.0
"""Connections a second of each address of a device; many may be behind one."""
_AT_ONCE = struct.pack("ii", 1, 0)


class Budget:
    """So many a second, and as many at a time."""

    def __init__(self, rate: float) -> None:
        """Start with all of a second."""
        self._rate = self._left = rate
        self._at = now()

    def take(self) -> bool:
        """Take one; False: there is none left."""
        at = now()
        self._left = min(self._rate, self._left + (at - self._at) * self._rate)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Budgets:
    """One for each device's address, and one for all strangers."""

    def __init__(self, knows: Callable[[str], bool]) -> None:
        """Tell by `knows` whether an address is a device's."""
        self._knows = knows
        self._strangers = Budget(STRANGERS)
        self._devices: dict[str, Budget] = {}

    def admit(self, source: str) -> bool:
        """Whether somebody may come in from there now."""
        if not self._knows(source):
            self._devices.pop(source, None)
            return self._strangers.take()
        if source not in self._devices:
            self._devices[source] = Budget(DEVICES)
        return self._devices[source].take()


class Door(socket.socket):
    """A listening socket on which asyncio accepts only what is admitted."""

    admit: Callable[[str], bool] = staticmethod(lambda _source: True)

    @override
    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; raise ConnectionAbortedError for one that is turned away."""
        made, address = super().accept()
        if not self.admit(plain_host(address[0])):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            made.close()
            raise ConnectionAbortedError
        return made, address
