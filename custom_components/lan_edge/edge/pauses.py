"""How long a device that cannot be reached is left alone, from one attempt to the next."""

from collections.abc import Iterator

FIRST_MINUTE = 60.0
SHORTEST_PAUSE = 0.1
"""Seconds from one attempt to the next at least, whatever is sighted meanwhile."""
LONGEST_PAUSE = 60.0


def pauses() -> Iterator[float]:
    """Yield 0.25 s, doubling to 1.5 s for the first minute, then times 1.8 up to 60 s.

    With the jitter of a pause, a device that was away for less is back within 2 s.
    """
    pause, spent = 0.25, 0.0
    while True:
        yield pause
        spent += pause
        pause = min(pause * 2, 1.5) if spent < FIRST_MINUTE else min(pause * 1.8, LONGEST_PAUSE)
