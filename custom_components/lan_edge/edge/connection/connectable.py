"""What a connection keeps connected: the interfaces of a device's session towards it."""

from typing import Protocol

from ..errors import EdgeError
from ..network.address import Address
from .status import Status


class Liveness(Protocol):
    """The signs of life of what is connected."""

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in loop time."""
        ...

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before `check` is called; None: never."""
        ...

    async def check(self) -> None:
        """Get the cheapest sign of life that will do; raise EdgeError or TimeoutError."""

    async def ping(self) -> None:
        """Get an answer from the device's program; raise EdgeError."""

    async def check_system(self) -> None:
        """Get any answer from the device's system; raise EdgeError."""

    def announced(self) -> None:
        """Take note that the device announces itself: it may have restarted."""


class Connectable(Protocol):
    """Something that can be connected and disconnected."""

    @property
    def liveness(self) -> Liveness:
        """Its signs of life."""
        ...

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""

    async def hang_up(self) -> None:
        """Close the transport; never raises."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Take note of each step."""

    def available_changed(self, is_available: bool, reason: EdgeError | None) -> None:
        """Take note of what others see: a short drop does not show."""
