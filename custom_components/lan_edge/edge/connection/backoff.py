"""How long to wait between attempts to reach a device."""

from collections.abc import Iterator

FIRST_MINUTE = 60.0
SHORTEST_DELAY = 0.1
"""The least seconds between two attempts, no matter how often the device is sighted."""
LONGEST_DELAY = 60.0


def backoff() -> Iterator[float]:
    """Yield 0.25 s, doubling up to 1.5 s during the first minute, then growing to 60 s.

    With jitter on top, a device that was away for less than a minute is back within 2 s.
    """
    delay, waited = 0.25, 0.0
    while True:
        yield delay
        waited += delay
        delay = min(delay * 2, 1.5) if waited < FIRST_MINUTE else min(delay * 1.8, LONGEST_DELAY)
