"""Watchdogs for a device that is silent while commands wait for it, or after one was sent."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from ..connection.connectable import Liveness
from ..timing.deadline import Deadline
from ..timing.patience import Patience

SILENCE_LIMIT = 1.0
"""Seconds of silence after which the device is checked."""

type OnSilence = Callable[[float], float]
"""Called with the seconds of silence; returns the seconds until the next call."""


class ResponseWatchdog:
    """Watches while at least one command waits: `with watchdog:`.

    Anything received from the device ends the silence.
    """

    __slots__ = ("_deadline", "_liveness", "_on_silence", "_since", "_waiting")

    def __init__(self, liveness: Liveness, on_silence: OnSilence) -> None:
        """Start without commands; `liveness` knows when something was last received."""
        self._deadline = Deadline(self._due, Patience())
        self._liveness = liveness
        self._on_silence = on_silence
        self._waiting = 0
        self._since = 0.0

    def __enter__(self) -> float:
        """Count a command that begins to wait; return when the first began, in loop time."""
        self._waiting += 1
        if self._waiting == 1:
            self._since = self._deadline.within(SILENCE_LIMIT) - SILENCE_LIMIT
        return self._since

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Count a command that no longer waits."""
        self._waiting -= 1
        if not self._waiting:
            self._deadline.clear()

    def close(self) -> None:
        """Cancel the timer."""
        self._deadline.close()

    def _due(self) -> None:
        silence = asyncio.get_running_loop().time() - max(self._since, self._liveness.silent_since)
        left = SILENCE_LIMIT - silence
        self._deadline.within(left if left > 0 else self._on_silence(silence))


class SilenceWatch:
    """Watches for a sign of life after a command that did not wait for one."""

    __slots__ = ("_deadline", "_liveness", "_on_silence", "_since")

    def __init__(self, liveness: Liveness, on_silence: Callable[[], None]) -> None:
        """Call `on_silence` if nothing was received for SILENCE_LIMIT after a command."""
        self._deadline = Deadline(self._due, Patience())
        self._liveness = liveness
        self._on_silence = on_silence
        self._since = 0.0

    def sent(self, at: float) -> None:
        """Expect a sign of life: a command was sent `at` that time, in loop time."""
        if self._liveness.heard_at < at:
            if self._since <= self._liveness.heard_at:
                self._since = at
            self._deadline.within(SILENCE_LIMIT)

    def close(self) -> None:
        """Cancel the timer."""
        self._deadline.close()

    def _due(self) -> None:
        if self._liveness.heard_at >= self._since:
            return
        since = max(self._since, self._liveness.silent_since)
        left = since + SILENCE_LIMIT - asyncio.get_running_loop().time()
        if left > 0:
            self._deadline.within(left)
        else:
            self._on_silence()
