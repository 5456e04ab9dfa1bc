"""How long a thread has waited for a processor, while other programs used them all.

That is no work of its own: on a busy machine, code that takes a moment may be done much later.
Linux counts it, in nanoseconds; elsewhere it is unknown, and counts as work.
"""

from contextlib import suppress
import os
import threading

COUNTED_IN = "/proc/thread-self/schedstat"
"""The time on a processor, the time spent waiting for one, and how often the thread ran."""
FRESH = 0.01
"""Seconds for which a mark is good enough: looking at the count takes as long as ten calls."""


class ProcessorWait(threading.local):
    """What the current thread has waited since its last mark."""

    def __init__(self) -> None:
        """Begin in a thread, without a mark."""
        self._marked_at = float("-inf")
        self._waited = 0.0

    def mark(self, now: float) -> None:
        """Begin to count at `now`, by `perf_counter`, or a moment earlier."""
        if now - self._marked_at > FRESH:
            self._marked_at, self._waited = now, _waited()

    def since_mark(self) -> float:
        """Return the seconds since the last mark in which it waited; 0 if that is not known."""
        return _waited() - self._waited


def _waited() -> float:
    with suppress(OSError, IndexError, ValueError):
        count = os.open(COUNTED_IN, os.O_RDONLY)
        try:
            return int(os.read(count, 64).split()[1]) / 1e9
        finally:
            os.close(count)
    return 0.0
