"""A device's timers, which run work at intervals or after a delay.

What is due is run one after another, so that all of it has one place in the device's command queue.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
import random
from typing import Any

from .one_time_work import OneTimeWork, same_work

type Work = Callable[[], Coroutine[Any, Any, None]]

JITTER = 0.1
"""The fraction by which an interval varies, so that devices do not all poll at once."""
MAX_WORKS = 64
"""The most different works that may be asked for at a time; more are ignored."""


def _nothing() -> None:
    """Do nothing."""


class Timers:
    """Timers that are cancelled together when the connection ends."""

    __slots__ = (
        "_handles",
        "_is_open",
        "_on_excess",
        "_once",
        "_repeating",
        "_run",
        "_tasks",
        "_turn",
    )

    def __init__(
        self,
        run: Callable[[Work], Coroutine[Any, Any, None]],
        on_excess: Callable[[], None] = _nothing,
    ) -> None:
        """Have `run` run the work that is due, between the device's commands; it must not raise.

        `on_excess` is called for each work beyond MAX_WORKS.
        """
        self._run = run
        self._on_excess = on_excess
        self._is_open = False
        self._handles: list[asyncio.TimerHandle] = []
        self._repeating = set[_RepeatingTimer]()
        self._once: dict[Hashable, _Once] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._turn = asyncio.Lock()

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
        """Run `work` once, in `seconds`; return what cancels it.

        The same work is run once in SPACING seconds, however often it is asked for.
        """
        key = same_work(work)
        once = self._once.get(key)
        if once is None:
            if not (self._is_open and self._has_room()):
                return _nothing
            once = self._once[key] = _Once(self, work)
        return once.times.after(seconds)

    def _has_room(self) -> bool:
        if len(self._once) >= MAX_WORKS:
            self._once = {key: once for key, once in self._once.items() if not once.times.is_over}
        if has_room := len(self._once) < MAX_WORKS:
            return has_room
        self._on_excess()
        return False

    def start(self, work: Work, on_begin: Callable[[], None] = _nothing) -> asyncio.Task[None]:
        """Run `work` as soon as no other work is run; `on_begin` is called then."""
        task = asyncio.create_task(self._run_in_turn(work, on_begin))
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)
        return task

    async def _run_in_turn(self, work: Work, on_begin: Callable[[], None]) -> None:
        async with self._turn:
            on_begin()
            await self._run(work)

    def exchange(self, renew: Callable[[Work], Work | None]) -> None:
        """Let the timers go on with other work; those for which `renew` returns None end."""
        for timer in tuple(self._repeating):
            if (work := renew(timer.work)) is None:
                timer.cancel()
            else:
                timer.work = work
        former, self._once = self._once, {}
        for once in former.values():
            if (work := renew(once.work)) is None:
                once.times.close()
            else:
                once.work = work
                self._once[same_work(work)] = once

    def note(self, timer: _RepeatingTimer, *, runs: bool) -> None:
        """Note whether a repeating timer runs."""
        (self._repeating.add if runs else self._repeating.discard)(timer)

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
        self._repeating.clear()
        for once in self._once.values():
            once.times.close()
        self._once.clear()
        tasks = [t for t in self._tasks if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class _Once:
    """Runs work at the times at which it is asked for."""

    __slots__ = ("_timers", "times", "work")

    def __init__(self, timers: Timers, work: Work) -> None:
        self._timers = timers
        self.work = work
        self.times = OneTimeWork(self._start)

    def _start(self, on_begin: Callable[[], None]) -> None:
        self._timers.start(self.work, on_begin)


class _RepeatingTimer:
    """Runs work repeatedly."""

    __slots__ = ("_handle", "_seconds", "_task", "_timers", "work")

    def __init__(self, timers: Timers, seconds: float, work: Work) -> None:
        self._timers = timers
        self._seconds = seconds
        self.work = work
        self._handle: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def schedule(self) -> None:
        if not self._timers.is_open:
            return
        delay = self._seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        self._handle = asyncio.get_running_loop().call_later(delay, self._due)
        self._timers.hold(self._handle)
        self._timers.note(self, runs=True)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._timers.release(self._handle)
            self._timers.note(self, runs=False)
            self._handle = None

    def _due(self) -> None:
        self.cancel()
        if self._task is None or self._task.done():
            self._task = self._timers.start(self.work)
        self.schedule()
