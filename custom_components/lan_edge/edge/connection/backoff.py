"""How long to wait between attempts to reach a device."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
import random

from ..timing.lazy_event import LazyEvent

FIRST_MINUTE = 60.0
SHORTEST_DELAY = 0.1
"""Seconds between two attempts at least, no matter how often the device is sighted."""
LONGEST_DELAY = 60.0


def delays() -> Iterator[float]:
    """Yield 0.25 s, doubling up to 1.5 s during the first minute, then growing to 60 s.

    With the jitter added, a device that was off for less than a minute is connected within 2 s.
    """
    delay, waited = 0.25, 0.0
    while True:
        yield delay
        waited += delay
        delay = min(delay * 2, 1.5) if waited < FIRST_MINUTE else min(delay * 1.8, LONGEST_DELAY)


class Backoff:
    """The delays of one connection; `wake` ends one early and makes the next ones short again."""

    __slots__ = ("_began_at", "_delays", "_wake")

    def __init__(self) -> None:
        """Start with no attempt made."""
        self._delays: Iterator[float] | None = None  # made only when something fails
        self._wake = LazyEvent()
        self._began_at = -LONGEST_DELAY
        """When the last attempt began."""

    async def begin(self) -> bool:
        """Wait until an attempt may begin; return whether `wake` was called since the last one."""
        loop = asyncio.get_running_loop()
        if (early := self._began_at + SHORTEST_DELAY - loop.time()) > 0:
            await asyncio.sleep(early)
        self._began_at = loop.time()
        was_woken = self._wake.is_set()
        self._wake.clear()
        return was_woken

    def wake(self) -> None:
        """Let the next attempt begin now: it has a better chance than the last one."""
        self._wake.set()

    def succeeded(self) -> None:
        """Discard earlier calls of `wake`: the device is connected."""
        self._wake.clear()

    def reset(self) -> None:
        """Start again with short delays."""
        self._delays = None

    async def wait(self, *, longest: bool) -> None:
        """Wait before the next attempt; with `longest`, for the longest delay."""
        self._delays = self._delays or delays()
        delay = next(self._delays)
        if await self._pause(LONGEST_DELAY if longest else delay):
            self.reset()

    async def _pause(self, seconds: float) -> bool:
        """Wait for about `seconds`; return whether `wake` ended it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
                return True
        return False
