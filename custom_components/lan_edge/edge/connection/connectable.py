"""The interfaces that a connection uses; a device's session implements them."""

from typing import Protocol

from ..errors import EdgeError
from ..network.address import Address
from ..timing.excused import Excused
from .status import Status


class Liveness(Protocol):
    """The signs of life of a connected device."""

    @property
    def heard_at(self) -> float:
        """When something was last received from the device, in loop time."""
        ...

    @property
    def watched_at(self) -> float:
        """When that was received whose absence counts as silence; with one way, `heard_at`."""
        ...

    @property
    def acknowledged_at(self) -> float | None:
        """When the held connection last received anything, in loop time; None: none, or unknown.

        Acknowledgements count, which the device's network stack sends even if its program hangs.
        """
        ...

    @property
    def silent_since(self) -> float:
        """As `heard_at`; later while and after the hub held back what it has to send."""
        ...

    @property
    def held(self) -> Excused:
        """The time in which the hub held that back."""
        ...

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before `check` is called; None: never."""
        ...

    @property
    def patience(self) -> float:
        """Seconds of silence that it may take to give a sign of life."""
        ...

    @property
    def answers_within(self) -> float:
        """Seconds of silence after which a command fails."""
        ...

    async def check(self) -> None:
        """Get the cheapest sufficient sign of life; raise EdgeError or TimeoutError."""

    async def check_claim(self) -> None:
        """Find out whether the device is still there, as a stranger makes that doubtful.

        It takes away none that answers, even if it is slow or refuses; raises EdgeError or
        TimeoutError.
        """

    async def ping(self) -> None:
        """Get an answer from the device's firmware; raise EdgeError."""

    async def check_reachability(self) -> None:
        """Get any answer from the device's network stack; raise EdgeError."""

    def announced(self) -> None:
        """Handle an announcement of the device: it may have restarted."""


class Connectable(Protocol):
    """Something that can be connected and disconnected."""

    @property
    def liveness(self) -> Liveness:
        """Its signs of life."""
        ...

    async def establish(self, address: Address) -> None:
        """Open the transport, prove the identity and read everything; raise EdgeError."""

    async def disconnect(self) -> None:
        """Close the transport; never raises."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Handle a change of the status; `reason`: why it is not online."""

    def available_changed(self, is_available: bool, reason: EdgeError | None) -> None:
        """Handle a change of the availability; short drops do not change it."""
