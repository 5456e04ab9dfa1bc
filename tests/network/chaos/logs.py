"""What Home Assistant wrote into its log."""

from collections import Counter
from dataclasses import dataclass
import re

OURS = ("custom_components.lan_edge", "lan_edge")
START = re.compile(r"^\S+ \S+ ([A-Z]+) \(.*?\) \[([\w.]+)\] ", re.MULTILINE)
BAD = ("Traceback", "Detected blocking call", "never retrieved", "never awaited", "Unclosed")
STOPPED = "CancelledError: Home Assistant is stopping"
"""Home Assistant ends what it had only begun to set up, and says so in our name."""
LOOP = ("asyncio", "aiohttp")
"""Who tells of tasks and connections that somebody has left behind."""


@dataclass(frozen=True)
class Entry:
    """One entry of a log, all its lines."""

    level: str
    logger: str
    text: str

    @property
    def ours(self) -> bool:
        """Whether we wrote it."""
        return self.logger.startswith(OURS)

    @property
    def bad(self) -> bool:
        """Whether it tells of a fault that may be ours."""
        concerns = "lan_edge" in self.text or self.logger.startswith(LOOP)
        return concerns and STOPPED not in self.text and any(bad in self.text for bad in BAD)


def entries(logs: list[str]) -> list[Entry]:
    """Return the entries of logs."""
    found: list[Entry] = []
    for log in logs:
        starts = [*START.finditer(log)]
        ends = [*(s.start() for s in starts[1:]), len(log)]
        found += [
            Entry(start[1], start[2], log[start.start() : end])
            for start, end in zip(starts, ends, strict=True)
        ]
    return found


def levels(written: list[Entry]) -> dict[str, int]:
    """Count ours by their level."""
    return dict(Counter(entry.level for entry in written if entry.ours))
