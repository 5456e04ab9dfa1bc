"""Hints: what strangers say about a device. Any number of them causes few checks.

Anybody can send a goodbye, an announcement or a sighting, as often as they like. The first one is
acted on at once. Those that follow within the interval are acted on together, at its end: a device
that says something true meanwhile is delayed, but not ignored.
"""

import asyncio
from collections.abc import Callable
from math import inf

HINT_INTERVAL = 10.0
"""Seconds between two checks of a device that answers."""
REFUSED_INTERVAL = 60.0
"""Seconds at least between two attempts that strangers cause while the login is refused: a device
may lock its owner out after a few."""
RETRY_INTERVAL = 1.0
"""Seconds between two additional attempts to connect a device that nothing answers for."""


class Hints:
    """Limits how often hints of one kind are acted on."""

    __slots__ = ("_act", "_acted_at", "_is_closed", "_timer")

    def __init__(self, act: Callable[[], None]) -> None:
        """Call `act`, which must not raise, for the hints."""
        self._act = act
        self._acted_at = -inf
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    def hint(self, interval: float | None = None) -> None:
        """Act now, or as soon as the last time is `interval` seconds ago: usually HINT_INTERVAL."""
        loop = asyncio.get_running_loop()
        due = max(self._acted_at + (interval or HINT_INTERVAL), loop.time())
        if self._is_closed or (self._timer is not None and self._timer.when() <= due):
            return
        self.forget()
        if due <= loop.time():
            self._run()
        else:
            self._timer = loop.call_at(due, self._run)

    def forget(self) -> None:
        """Drop the hints that are not acted on yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def begin_again(self) -> None:
        """Act on the next hint at once: it is about something else than the last one."""
        self.forget()
        self._acted_at = -inf

    def close(self) -> None:
        """Act on no hint any more."""
        self._is_closed = True
        self.forget()

    def _run(self) -> None:
        self._timer = None
        self._acted_at = asyncio.get_running_loop().time()
        self._act()
