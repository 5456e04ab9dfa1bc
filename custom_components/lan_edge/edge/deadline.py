"""Deadlines that nearly never come: one timer for all that a device does, not one for each.

Every command has several, and is done long before. To set and cancel a timer for each is what
costs most of it; here a moment is only noted, and a timer that is set already looks at it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, override


class Deadline:
    """Calls `due` when a moment has come, if it is not taken back until then."""

    __slots__ = ("_due", "_timer", "_when")

    def __init__(self, due: Callable[[], None]) -> None:
        """Have no moment yet."""
        self._due = due
        self._when: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> float:
        """Be due in `seconds`, unless it is due sooner already; return when that is."""
        loop = asyncio.get_running_loop()
        when = loop.time() + seconds
        if self._when is None or when < self._when:
            self._when = when
            if self._timer is None or when < self._timer.when():
                self._set(loop, when)
        return when

    def clear(self) -> None:
        """Be due no more; the timer may ring once, for nothing."""
        self._when = None

    def close(self) -> None:
        """Be due no more, and leave no timer."""
        self._when = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer, when = None, self._when
        if when is None:
            return
        loop = asyncio.get_running_loop()
        if when > loop.time():
            self._set(loop, when)
        else:
            self._when = None
            self._due()


class Limit(Deadline):
    """Cancels a block of a task when its time is over, as asyncio.timeout does.

    For one block after another, each between `begin` and `over`.
    """

    __slots__ = ("_cancelling", "_expired", "_task")

    def __init__(self) -> None:
        """Limit nothing yet."""
        super().__init__(self.expire)
        self._task: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._expired = False

    @property
    def active(self) -> bool:
        """Whether a block is under way."""
        return self._task is not None

    def begin(self, seconds: float) -> None:
        """Begin a block of so many seconds, in the current task."""
        self.within(seconds)
        self._task = task = asyncio.current_task()
        self._cancelling = task.cancelling() if task is not None else 0
        self._expired = False

    def over(self, kind: type[BaseException] | None) -> bool:
        """Be over; return whether it was that which ended the block, with a `kind` of error.

        Then the error is to be a TimeoutError instead.
        """
        self._when = None
        task, self._task = self._task, None
        if not self._expired or task is None:
            return False
        # somebody else may have cancelled it as well: that goes on
        ours_alone = task.uncancel() <= self._cancelling
        return ours_alone and kind is asyncio.CancelledError

    def expire(self) -> None:
        """End the block that is under way now, if there is one."""
        if self._task is not None and not self._expired:
            self._expired = True
            self._task.cancel()

    @override
    def close(self) -> None:
        """End the block, and leave no timer."""
        self.expire()
        super().close()
