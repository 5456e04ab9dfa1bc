"""What a device and its hub said to each other: the last entries, for people to read."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
import logging
import time
from typing import Any

_LOGGER = logging.getLogger(__name__)

MAX_ENTRIES = 200
MAX_ENTRY = 500
"""The part of a frame that is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One frame, command, value or event; `at` is seconds since the epoch."""

    at: float
    kind: str
    text: str


class Trace:
    """A bounded record of one device; whoever wants to see it live subscribes."""

    def __init__(self) -> None:
        """Start empty."""
        self._entries: list[Any] = []
        """When, of which kind, what, and so on: in one row, it weighs half as much."""
        self._oldest = 0
        self._subscribers: list[Callable[[Entry], None]] = []

    def add(self, kind: str, what: object) -> None:
        """Record `what`; it is made text only when somebody looks."""
        if isinstance(what, (bytes, str)):
            what = what[:MAX_ENTRY]
        at = time.time()
        if len(self._entries) < 3 * MAX_ENTRIES:
            self._entries += (at, kind, what)
        else:
            self._entries[self._oldest : self._oldest + 3] = at, kind, what
            self._oldest = (self._oldest + 3) % (3 * MAX_ENTRIES)
        if self._subscribers:
            self._tell(_entry(at, kind, what))

    def _tell(self, entry: Entry) -> None:
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(entry)
            except Exception:
                _LOGGER.exception("a subscriber of the trace failed")

    def entries(self) -> list[Entry]:
        """Return what is kept, oldest first."""
        in_order = self._entries[self._oldest :] + self._entries[: self._oldest]
        return [_entry(*each) for each in batched(in_order, 3, strict=True)]

    def subscribe(self, subscriber: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `subscriber` with each new entry; return what ends that."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)


def _entry(at: float, kind: str, what: object) -> Entry:
    text = what.decode(errors="replace") if isinstance(what, bytes) else str(what)
    return Entry(at, kind, text[:MAX_ENTRY])
