"""A deadline that is set again and again and almost never reached, on one timer.

A command sets several, and ends long before any of them. Setting and cancelling a timer of the
event loop takes 1.0 us each time; this only records the time, in 0.16 us, and leaves the timer
alone.
"""

import asyncio
from collections.abc import Callable

from .patience import Patience


class Deadline:
    """Calls `due` at the time that was set, unless it is cleared before."""

    __slots__ = ("_due", "_given_until", "_patience", "_timer", "_when")

    def __init__(self, due: Callable[[], None], patience: Patience | None = None) -> None:
        """Start without a time; with `patience`, it may be due later in a busy program."""
        self._due = due
        self._patience = patience
        self._given_until: float | None = None
        """The time that patience made of the one that was set."""
        self._when: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> float:
        """Be due in `seconds`, or earlier if so set before; return now + `seconds` in loop time."""
        loop = asyncio.get_running_loop()
        when = loop.time() + seconds
        if self._when is None or when < self._when:
            self._when = when
            if self._timer is None or when < self._timer.when():
                self._set_timer(loop, when)
        return when

    def clear(self) -> None:
        """Cancel the deadline. The timer stays, and does nothing when it fires."""
        self._when = None

    def close(self) -> None:
        """Cancel the deadline and its timer."""
        self._when = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._fired)

    def _fired(self) -> None:
        timer, when = self._timer, self._when
        self._timer = None
        if when is None or timer is None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if when > now:
            self._set_timer(loop, when)
        elif self._patience and (more := self._more(self._patience, now - timer.when())):
            self._when = self._given_until = now + more
            self._set_timer(loop, self._when)
        else:
            self._when = None
            self._due()

    def _more(self, patience: Patience, late: float) -> float:
        """Return the seconds to wait on; another time that was set has all of the patience."""
        if self._when != self._given_until:
            patience.renew()
        return patience.more(late)
