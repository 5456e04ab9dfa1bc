"""A device's timers, which run work at intervals or after a delay."""

import asyncio
from collections.abc import Callable, Coroutine
import random
from typing import Any, override

type Work = Callable[[], Coroutine[Any, Any, None]]

JITTER = 0.1
"""The fraction by which an interval varies, so that devices do not all poll at once."""


class Timers:
    """Timers that are cancelled together when the connection ends."""

    __slots__ = ("_handles", "_is_open", "_run", "_tasks")

    def __init__(self, run: Callable[[Work], Coroutine[Any, Any, None]]) -> None:
        """Have `run` run the work that is due, between the device's commands; it must not raise."""
        self._run = run
        self._is_open = False
        self._handles: list[asyncio.TimerHandle] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_open(self) -> bool:
        """Whether timers can be set."""
        return self._is_open

    def open(self) -> None:
        """Allow timers to be set."""
        self._is_open = True

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` every `seconds`, skipping while it still runs; return what cancels it."""
        timer = _RepeatingTimer(self, seconds, work)
        timer.schedule()
        return timer.cancel

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` once, in `seconds`; return what cancels it."""
        timer = _Timer(self, seconds, work)
        timer.schedule()
        return timer.cancel

    def start(self, work: Work) -> asyncio.Task[None]:
        """Run `work` now."""
        task = asyncio.create_task(self._run(work))
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)
        return task

    def hold(self, handle: asyncio.TimerHandle) -> None:
        """Cancel a handle together with the others."""
        self._handles.append(handle)

    def release(self, handle: asyncio.TimerHandle) -> None:
        """Forget a handle that has fired or was cancelled."""
        self._handles = [h for h in self._handles if h is not handle]

    async def close(self) -> None:
        """Cancel all timers and the work that they run; no more can be set until `open`."""
        self._is_open = False
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()
        tasks = [t for t in self._tasks if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class _Timer:
    """Runs work once."""

    __slots__ = ("_handle", "_seconds", "_task", "_timers", "_work")

    def __init__(self, timers: Timers, seconds: float, work: Work) -> None:
        self._timers = timers
        self._seconds = seconds
        self._work = work
        self._handle: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def schedule(self) -> None:
        if not self._timers.is_open:
            return
        self._handle = asyncio.get_running_loop().call_later(self._delay(), self._due)
        self._timers.hold(self._handle)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._timers.release(self._handle)
            self._handle = None

    def _delay(self) -> float:
        return self._seconds

    def _due(self) -> None:
        self.cancel()
        if self._task is None or self._task.done():
            self._task = self._timers.start(self._work)


class _RepeatingTimer(_Timer):
    """Runs work repeatedly."""

    __slots__ = ()

    @override
    def _delay(self) -> float:
        return self._seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

    @override
    def _due(self) -> None:
        super()._due()
        self.schedule()
