"""How often something may be done that a device causes."""

from collections.abc import Callable
from math import ceil


class Budget:
    """Allows something `size` times at once, and once more after each `interval`, in seconds."""

    __slots__ = ("_clock", "_full_at", "_interval", "_size")

    def __init__(self, size: int, interval: float, clock: Callable[[], float]) -> None:
        """Start with nothing spent; `clock` returns the time in seconds, and never jumps."""
        self._size = size
        self._interval = interval
        self._clock = clock
        self._full_at = clock()
        """When nothing is spent any more."""

    @property
    def left(self) -> int:
        """How many times are left."""
        return self._size - ceil(max(0.0, self._full_at - self._clock()) / self._interval)

    def spend(self, number: int) -> None:
        """Count something that was done `number` times."""
        self._full_at = max(self._full_at, self._clock()) + number * self._interval
