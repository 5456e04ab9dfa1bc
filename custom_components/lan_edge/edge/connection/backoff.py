"""How long to wait between attempts to reach a device."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
import random

from ..timing.lazy_event import LazyEvent

FIRST_MINUTE = 60.0
AFTER_A_HINT = 10.0
"""Seconds of short delays after a hint, at most once a minute: anybody can say that it is there."""
SHORTEST_DELAY = 0.1
"""Seconds between two attempts at least, no matter how often the device is sighted."""
LONGEST_DELAY = 60.0


def delays(short_for: float = FIRST_MINUTE) -> Iterator[float]:
    """Yield 0.25 s, doubling up to 1.5 s for `short_for` seconds, then growing to 60 s.

    With the jitter added, a device that was off for less than a minute is connected within 2 s.
    """
    delay, waited = 0.25, 0.0
    while True:
        yield delay
        waited += delay
        is_short = waited < short_for
        delay = min(delay * 2, 1.5) if is_short else min(delay * 1.8, LONGEST_DELAY)


class Backoff:
    """The delays of one connection; `wake` ends one early and makes the next ones short again."""

    __slots__ = (
        "_began_at",
        "_delays",
        "_hinted_at",
        "_short_for",
        "_short_until",
        "_wake",
        "longest",
    )

    def __init__(self) -> None:
        """Start with no attempt made."""
        self._delays: Iterator[float] | None = None  # made only when something fails
        self._short_until = 0.0
        """Until when the delays are short."""
        self._short_for: float | None = None
        """For how long they are made short again when the current one ends early; None: not."""
        self._hinted_at = -FIRST_MINUTE
        """When a hint made long delays short."""
        self._wake = LazyEvent()
        self.longest = LONGEST_DELAY
        """Seconds between two attempts at most."""
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
        self._short_for = FIRST_MINUTE
        self._wake.set()

    def hint(self) -> None:
        """Let the next attempt begin now: somebody says that the device is there.

        Since anybody can say so, delays that are short begin anew, but do not stay short longer,
        and long ones become short for a while, once a minute.
        """
        now = asyncio.get_running_loop().time()
        if now < self._short_until:
            self._short_for = self._short_for or self._short_until - now
        elif now - self._hinted_at >= FIRST_MINUTE:
            self._hinted_at, self._short_for = now, self._short_for or AFTER_A_HINT
        self._wake.set()

    def succeeded(self) -> None:
        """Discard earlier calls of `wake`: the device is connected."""
        self._wake.clear()
        self._short_for = None

    def reset(self) -> None:
        """Start again with short delays."""
        self._delays, self._hinted_at = None, -FIRST_MINUTE

    async def wait(self, *, longest: bool) -> None:
        """Wait before the next attempt; with `longest`, for the longest delay."""
        delay = next(self._delays or self._shorten(FIRST_MINUTE))
        delay = LONGEST_DELAY if longest else min(delay, self.longest)
        if await self._pause(delay) and self._short_for is not None:
            self._shorten(self._short_for)

    def _shorten(self, short_for: float) -> Iterator[float]:
        self._short_for, self._delays = None, delays(short_for)
        self._short_until = asyncio.get_running_loop().time() + short_for
        return self._delays

    async def _pause(self, seconds: float) -> bool:
        """Wait for about `seconds`; return whether `wake` ended it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * random.uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
                return True
        return False
