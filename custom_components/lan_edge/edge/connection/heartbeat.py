"""Watches whether a connected device is alive: its network stack, and more rarely its program.

A program that is silent for long is asked for a sign of life, and has time to give it. A network
stack answers at once: the kernel sends keepalives, and closes a connection without an answer after
8 s. But that time starts again whenever something is sent, such as the question to the program, so
the silence is measured here, too.
"""

import asyncio
from collections.abc import Awaitable, Callable
import math

from ..errors import EdgeError, TimedOutError, UnreachableError
from ..timing.silence import silence_timeout
from .connectable import Liveness

SIGN_OF_LIFE_TIMEOUT = 10.0
"""A silent device must give a sign of life within these seconds, unless its driver allows more."""
NETWORK_SILENCE = 7.5
"""A device that has acknowledged nothing for these seconds is dead.

By then, the kernel has sent it at least two keepalives, or data. It is less than the kernel's own
time, so that the loss is reported as silence, however a transport reports the kernel's error.
"""

type Check = Callable[[], Awaitable[None]]
"""Gets a sign of life; raises EdgeError or TimeoutError."""


class Heartbeat:
    """Watches a device from `start` to `stop`, and reports once when it is dead."""

    __slots__ = ("_checked_at", "_checking", "_liveness", "_report", "_timer")

    def __init__(self, liveness: Liveness, report: Callable[[EdgeError], None]) -> None:
        """Watch the device of `liveness`; `report` receives the error of a failed check."""
        self._liveness = liveness
        self._report = report
        self._timer: asyncio.TimerHandle | None = None
        self._checked_at = 0.0
        """When the device was last checked because it was silent."""
        self._checking: asyncio.Task[None] | None = None

    @property
    def is_checking(self) -> bool:
        """Whether a check is under way."""
        return self._checking is not None

    def start(self) -> None:
        """Start watching."""
        self._checked_at = asyncio.get_running_loop().time()
        self._watch()

    def stop(self) -> None:
        """Stop watching, and cancel a check that is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._checking is not None:
            self._checking.cancel()

    async def close(self) -> None:
        """Stop watching, and wait until a cancelled check has ended."""
        self.stop()
        if self._checking is not None and self._checking is not asyncio.current_task():
            await asyncio.wait([self._checking])

    def check(self, check: Check, timeout: float, *, was_silent: bool) -> None:
        """Check now, unless a check is under way; report the device as dead if it fails.

        It fails after `timeout` seconds of silence: a device that answers slowly is not dead.
        With `was_silent` the device was silent before the check, so any failure to reach it is
        reported as TimedOutError.
        """
        if self._checking is None:
            self._checking = asyncio.create_task(self._check(check, timeout, was_silent=was_silent))
            self._checking.add_done_callback(self._checked)

    def check_with_patience(self, check: Check, *, was_silent: bool = False) -> None:
        """Check now as after a silence: in the time that the device usually has."""
        timeout = max(SIGN_OF_LIFE_TIMEOUT, self._liveness.patience)
        self.check(check, timeout, was_silent=was_silent)

    def _watch(self) -> None:
        """Handle a silence that is long enough; schedule the next look."""
        self._timer, loop = None, asyncio.get_running_loop()
        if (left := self._network_time_left(loop.time())) <= 0:
            self._report(TimedOutError(t"it no longer responds"))
            return
        left = min(left, self._time_until_check(loop.time()))
        if left < math.inf:
            self._timer = loop.call_later(left, self._watch)

    def _network_time_left(self, now: float) -> float:
        """Return for how many seconds the network stack may still be silent."""
        acknowledged_at = self._liveness.acknowledged_at
        return math.inf if acknowledged_at is None else acknowledged_at + NETWORK_SILENCE - now

    def _time_until_check(self, now: float) -> float:
        """Check the device if the silence is long enough; return the seconds until the next one."""
        if (interval := self._liveness.heartbeat) is None:
            return math.inf
        silence = now - max(self._liveness.watched_at, self._checked_at)
        if silence >= interval:
            self._checked_at, silence = now, 0.0
            self.check_with_patience(self._liveness.check, was_silent=True)
        return interval - silence

    async def _check(self, check: Check, timeout: float, *, was_silent: bool) -> None:
        try:
            async with silence_timeout(timeout, lambda: self._liveness.silent_since):
                await check()
        except TimeoutError:
            self._report(TimedOutError(t"it no longer responds"))
        except UnreachableError as err:
            self._report(TimedOutError(t"it no longer responds: {err}") if was_silent else err)
        except EdgeError as err:
            self._report(err)

    def _checked(self, task: asyncio.Task[None]) -> None:
        self._checking = None
        if not task.cancelled() and (err := task.exception()) is not None:
            self._report(UnreachableError(t"the check failed: {err!r}"))
