"""How much processor time an amount of work may take, on slower machines too."""

from functools import cache
from time import thread_time

USUAL = 0.006
"""Seconds that the yardstick takes on a fast machine."""


def allowed_processor_time(seconds: float) -> float:
    """Return how many seconds of this processor are what `seconds` are on a fast one."""
    return seconds * _slowness()


@cache
def _slowness() -> float:
    return max(min(_yardstick() for _ in range(3)) / USUAL, 1)


def _yardstick() -> float:
    began = thread_time()
    total = 0
    for each in range(200_000):
        total += each % 7
    return thread_time() - began
