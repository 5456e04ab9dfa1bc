"""A device's timers: work that takes its turn again and again, or once later."""

import asyncio
from collections.abc import Callable, Coroutine
import random
from typing import Any, override

type Tick = Callable[[], Coroutine[Any, Any, None]]

JITTER = 0.1
"""Part of an interval by which ticks are spread, so that devices do not all poll at once."""


class Timers:
    """Timers that end together, when the connection does."""

    def __init__(self, run: Callable[[Tick], Coroutine[Any, Any, None]]) -> None:
        """Have `run` do each tick's work; it must not raise."""
        self._run = run
        self._open = False
        self._handles: list[asyncio.TimerHandle] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_open(self) -> bool:
        """Whether timers can be set."""
        return self._open

    def open(self) -> None:
        """Let timers be set from now on."""
        self._open = True

    def every(self, seconds: float, tick: Tick) -> Callable[[], None]:
        """Run `tick` every `seconds`; one is skipped while the last is not done."""
        timer = _Repeating(self, seconds, tick)
        timer.schedule()
        return timer.cancel

    def after(self, seconds: float, tick: Tick) -> Callable[[], None]:
        """Run `tick` once, in `seconds`."""
        timer = _Timer(self, seconds, tick)
        timer.schedule()
        return timer.cancel

    def start(self, tick: Tick) -> asyncio.Task[None]:
        """Run `tick` now."""
        task = asyncio.create_task(self._run(tick))
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)
        return task

    def hold(self, handle: asyncio.TimerHandle) -> None:
        """Keep a handle, to be ended with the others."""
        self._handles.append(handle)

    def release(self, handle: asyncio.TimerHandle) -> None:
        """Forget a handle that fired or was cancelled."""
        self._handles = [h for h in self._handles if h is not handle]

    async def close(self) -> None:
        """End every timer and what it runs; none can be set any more."""
        self._open = False
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()
        tasks = [t for t in self._tasks if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class _Timer:
    """Runs its tick once."""

    def __init__(self, timers: Timers, seconds: float, tick: Tick) -> None:
        self._timers = timers
        self._seconds = seconds
        self._tick = tick
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
            self._task = self._timers.start(self._tick)


class _Repeating(_Timer):
    """Runs its tick again and again."""

    @override
    def _delay(self) -> float:
        return self._seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

    @override
    def _due(self) -> None:
        super()._due()
        self.schedule()
