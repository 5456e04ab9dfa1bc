"""The history of a device's connection: counters, and the last changes of its status."""

from dataclasses import asdict, dataclass
import time
from typing import Any

from ..network.address import Address

MAX_CHANGES = 50
MAX_REASON = 200
"""A reason is cut to this many characters."""


@dataclass(slots=True)
class StatusChange:
    """One status of the connection: since when, why, how often in a row, and for how long."""

    status: str
    address: Address | None
    reason: str
    at: float
    """When it began, in seconds since the epoch."""
    times: int = 1
    lasted: float = 0.0
    """Seconds, measured by a monotonic clock."""

    def is_repeated_by(self, other: StatusChange) -> bool:
        """Return whether both differ in nothing but their times."""
        fields = (self.status, self.address, self.reason)
        return fields == (other.status, other.address, other.reason)


class History:
    """The last status changes of one device, and its counters since it was set up."""

    __slots__ = ("_changes", "_is_connected", "_since", "connects", "drops", "failed", "succeeded")

    def __init__(self) -> None:
        """Start empty."""
        self.connects = 0
        self.drops = 0
        self.succeeded = 0
        """Commands that succeeded."""
        self.failed = 0
        """Commands that failed, for any reason."""
        self._changes: list[StatusChange] = []
        self._since = 0.0
        self._is_connected = False

    def add(
        self, status: str, address: Address | None, reason: object, *, is_connected: bool
    ) -> None:
        """Add a change; one that repeats the last only increments its count."""
        self.connects += is_connected
        self.drops += self._is_connected and not is_connected
        self._is_connected = is_connected
        change = StatusChange(status, address, str(reason or "")[:MAX_REASON], time.time())
        if self._changes and self._changes[-1].is_repeated_by(change):
            self._changes[-1].times += 1
        else:
            self._update_duration()
            self._changes = [*self._changes[1 - MAX_CHANGES :], change]
            self._since = time.monotonic()

    def changes(self) -> list[StatusChange]:
        """Return the changes, oldest first; the last one is the current status."""
        self._update_duration()
        return list(self._changes)

    def as_dict(self) -> dict[str, Any]:
        """Return the history as JSON data."""
        return {
            "connects": self.connects,
            "drops": self.drops,
            "commands_done": self.succeeded,
            "commands_failed": self.failed,
            "steps": [asdict(change) for change in self.changes()],
        }

    def _update_duration(self) -> None:
        """Update how long the current status has lasted."""
        if self._changes:
            self._changes[-1].lasted = round(time.monotonic() - self._since, 3)
