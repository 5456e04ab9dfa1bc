"""How long work may take the processor, where nothing but time shows a promise.

So it is with what is written in C, such as regular expressions and parsers: only work that grows
out of proportion takes several times as long as it may. What else the machine does slows work down
for a while, and so does a collection of garbage: the best of several attempts counts.
"""

from collections.abc import Callable
import gc
from time import thread_time

ATTEMPTS = 5
USUAL = 0.006
"""Seconds that the yardstick takes on a fast machine."""


def done_within[T](seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns; fail if it takes longer than on a fast machine, each time."""
    for _ in range(ATTEMPTS):
        result, took = _timed(work)
        if took < seconds or took < allowed_processor_time(seconds):
            return result
    raise AssertionError(f"it took {took:.2f} s of the processor")


def allowed_processor_time(seconds: float) -> float:
    """Return how many seconds of this processor, as busy as it is, are `seconds` of a fast one."""
    return seconds * max(min(_timed(_yardstick)[1] for _ in range(3)) / USUAL, 1)


def _timed[T](work: Callable[[], T]) -> tuple[T, float]:
    gc.disable()
    began = thread_time()
    try:
        return work(), thread_time() - began
    finally:
        gc.enable()


def _yardstick() -> int:
    total = 0
    for each in range(200_000):
        total += each % 7
    return total
