"""What became of a device's connection and of its commands: counted, the last steps kept."""

from dataclasses import asdict, dataclass
import time
from typing import Any

from .discovery import Address

MAX_STEPS = 50
MAX_REASON = 500
"""The part of a reason that is kept, in characters."""


@dataclass(slots=True)
class Step:
    """A state of the connection: since when, why, how often in a row, and for how long."""

    status: str
    address: Address | None
    reason: str
    at: float
    """When it began, in seconds since the epoch."""
    times: int = 1
    lasted: float = 0.0
    """Seconds, by a clock that nobody sets."""

    def same(self, other: Step) -> bool:
        """Whether both say the same, but for the time."""
        said = (self.status, self.address, self.reason)
        return said == (other.status, other.address, other.reason)


class History:
    """A bounded record of one device's connection, and what was counted since it was set up."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.connects = 0
        self.drops = 0
        self.done = 0
        """Commands that were carried out."""
        self.failed = 0
        """Commands that were not, for whatever reason."""
        self._steps: list[Step] = []
        self._since = 0.0
        self._connected = False

    def reached(
        self, status: str, address: Address | None, reason: object, *, connected: bool
    ) -> None:
        """Record a step; one that says the same as the last is only counted there."""
        self.connects += connected
        self.drops += self._connected and not connected
        self._connected = connected
        step = Step(status, address, str(reason or "")[:MAX_REASON], time.time())
        if self._steps and self._steps[-1].same(step):
            self._steps[-1].times += 1
        else:
            self._clock()
            self._steps = [*self._steps[1 - MAX_STEPS :], step]
            self._since = time.monotonic()

    def steps(self) -> list[Step]:
        """Return what is kept, oldest first; the last one goes on."""
        self._clock()
        return list(self._steps)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "connects": self.connects,
            "drops": self.drops,
            "commands_done": self.done,
            "commands_failed": self.failed,
            "steps": [asdict(step) for step in self.steps()],
        }

    def _clock(self) -> None:
        """Note how long the last step has lasted by now."""
        if self._steps:
            self._steps[-1].lasted = round(time.monotonic() - self._since, 3)
