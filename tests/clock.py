"""An event loop with a clock of its own: time passes only when there is nothing else to do.

However busy the machine is, a timer fires after everything that was to happen before it: what is
on its way over loopback is waited for first, and so is what runs in the loop's executor. A test
can wait for minutes, which take milliseconds, and compare times exactly.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
import os
import selectors
from time import perf_counter
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    import pytest  # not there where only the emulators are used

DELIVERY = 0.01
"""Seconds, real ones, in which the kernel delivers what was sent over loopback, with a processor
of its own; on a busy machine, as many times longer as others want it, too."""
LONGEST_DELIVERY = 0.1
ON_TIME = 1.5
"""By which factor a wait may be longer than was asked for, if the machine is not busy."""
TRIES = 4
"""How often a busy machine is given so long: the kernel needs the processor, too."""
STEP = 1e-6
"""Seconds that each step of the loop takes."""


class _Selector(selectors.DefaultSelector):
    """Waits for sockets, and lets the clock jump to the next timer when none has anything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.jobs = 0
        """The jobs of the executor that are not done yet; they take real time."""

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += STEP
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if ready := super().select(timeout) if self.jobs else self._delivered(timeout):
            return ready
        self.now += timeout
        return []

    def _delivered(self, timeout: float) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, after what is on its way has arrived."""
        wait = min(timeout, _delivery())
        for _ in range(TRIES):
            began = perf_counter()
            if ready := super().select(wait):
                return ready
            if perf_counter() - began < ON_TIME * max(wait, 0.001):
                break
        return []


def _delivery() -> float:
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return min(DELIVERY * max(busy, 1), LONGEST_DELIVERY)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only when there is nothing else to do."""

    def __init__(self) -> None:
        self._own_selector = _Selector()
        super().__init__(self._own_selector)

    @override
    def time(self) -> float:
        return self._own_selector.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._own_selector.now += seconds

    @override
    def run_in_executor[*P, R](
        self, executor: Executor | None, func: Callable[[*P], R], *args: *P
    ) -> asyncio.Future[R]:
        job = super().run_in_executor(executor, func, *args)
        self._own_selector.jobs += 1
        job.add_done_callback(self._job_done)
        return job

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        self._own_selector.jobs += 1  # the jobs that were cancelled run on
        try:
            await super().shutdown_default_executor(timeout)
        finally:
            self._own_selector.jobs -= 1

    def _job_done(self, _: object) -> None:
        self._own_selector.jobs -= 1


type LoopFactories = dict[str, Callable[[], asyncio.AbstractEventLoop]]


def loop_factories(item: pytest.Item) -> LoopFactories:
    """Return the loop of a test, for pytest-asyncio; marked `real_time` it has the usual clock."""
    is_real = item.get_closest_marker("real_time")
    return {"loop": asyncio.SelectorEventLoop if is_real else VirtualTimeLoop}


def require_real_time() -> None:
    """Fail in a loop with a clock of its own: what a process does takes real time."""
    has_own_clock = isinstance(asyncio._get_running_loop(), VirtualTimeLoop)
    assert not has_own_clock, "a test with a process needs the mark `real_time`"


def advance(seconds: float) -> None:
    """Let time pass at once, as if something had blocked the running loop for so long."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    loop.advance(seconds)


def now() -> float:
    """Return the running loop's time."""
    return asyncio.get_running_loop().time()
