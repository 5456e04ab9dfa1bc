"""How long to wait between attempts to reach a device."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
import random

from ..timing.lazy_event import LazyEvent

FIRST_MINUTE = 60.0
SHORTEST_DELAY = 0.1
"""The least seconds between two attempts, no matter how often the device is sighted."""
LONGEST_DELAY = 60.0


def delays() -> Iterator[float]:
    """Yield 0.25 s, doubling up to 1.5 s during the first minute, then growing to 60 s.

    With jitter on top, a device that was away for less than a minute is back within 2 s.
    """
    delay, waited = 0.25, 0.0
    while True:
        yield delay
        waited += delay
        delay = min(delay * 2, 1.5) if waited < FIRST_MINUTE else min(delay * 1.8, LONGEST_DELAY)


class Backoff:
    """The waits of one connection; `wake` ends one early, and the next begin short again."""

    __slots__ = ("_began_at", "_delays", "_wake")

    def __init__(self) -> None:
        """Start with no attempt made."""
        self._delays: Iterator[float] | None = None  # made only when something fails
        self._wake = LazyEvent()
        self._began_at = -LONGEST_DELAY
        """When the last attempt began."""

    async def begin(self) -> bool:
        """Begin an attempt, not too soon after the last; return whether it was called for."""
        loop = asyncio.get_running_loop()
        if (early := self._began_at + SHORTEST_DELAY - loop.time()) > 0:
            await asyncio.sleep(early)
        self._began_at = loop.time()
        is_awake = self._wake.is_set()
        self._wake.clear()
        return is_awake

    def wake(self) -> None:
        """Have the next attempt begin now, because something changed for the better."""
        self._wake.set()

    def succeeded(self) -> None:
        """Forget who called: the device is connected."""
        self._wake.clear()

    def reset(self) -> None:
        """Begin with short waits again."""
        self._delays = None

    async def wait(self, *, longest: bool) -> None:
        """Wait for the next attempt; `longest`: as long as ever."""
        self._delays = self._delays or delays()
        delay = next(self._delays)
        if await self._pause(LONGEST_DELAY if longest else delay):
            self.reset()

    async def _pause(self, seconds: float) -> bool:
        """Wait about so long; return whether something woke us."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
                return True
        return False
