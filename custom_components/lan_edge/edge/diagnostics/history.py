"""What became of a device's connection: counts, and the last changes of its status."""

from dataclasses import asdict, dataclass
import time
from typing import Any

from ..network.address import Address

MAX_CHANGES = 50
MAX_REASON = 500
"""The characters of a reason that are kept."""


@dataclass(slots=True)
class StatusChange:
    """A status of the connection: since when, why, how often in a row, and for how long."""

    status: str
    address: Address | None
    reason: str
    at: float
    """When it began, in seconds since the epoch."""
    times: int = 1
    lasted: float = 0.0
    """Seconds, by a monotonic clock."""

    def is_repeated_by(self, other: StatusChange) -> bool:
        """Return whether both are alike, but for the time."""
        fields = (self.status, self.address, self.reason)
        return fields == (other.status, other.address, other.reason)


class History:
    """The last status changes of one device, and what was counted since it was set up."""

    __slots__ = ("_changes", "_is_connected", "_since", "connects", "done", "drops", "failed")

    def __init__(self) -> None:
        """Start empty."""
        self.connects = 0
        self.drops = 0
        self.done = 0
        """Commands that succeeded."""
        self.failed = 0
        """Commands that failed, for whatever reason."""
        self._changes: list[StatusChange] = []
        self._since = 0.0
        self._is_connected = False

    def add(
        self, status: str, address: Address | None, reason: object, *, is_connected: bool
    ) -> None:
        """Add a change; one that repeats the last is only counted there."""
        self.connects += is_connected
        self.drops += self._is_connected and not is_connected
        self._is_connected = is_connected
        change = StatusChange(status, address, str(reason or "")[:MAX_REASON], time.time())
        if self._changes and self._changes[-1].is_repeated_by(change):
            self._changes[-1].times += 1
        else:
            self._measure()
            self._changes = [*self._changes[1 - MAX_CHANGES :], change]
            self._since = time.monotonic()

    def changes(self) -> list[StatusChange]:
        """Return what is kept, oldest first; the last one still lasts."""
        self._measure()
        return list(self._changes)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "connects": self.connects,
            "drops": self.drops,
            "commands_done": self.done,
            "commands_failed": self.failed,
            "steps": [asdict(change) for change in self.changes()],
        }

    def _measure(self) -> None:
        """Note how long the last status has lasted by now."""
        if self._changes:
            self._changes[-1].lasted = round(time.monotonic() - self._since, 3)
