"""An event loop with a clock of its own: time passes only when there is nothing else to do.

However busy the machine is, a timer fires after everything that was to happen before it: what is
on its way over loopback is waited for first, and so is what runs in the loop's executor. A test
can wait for minutes, which take milliseconds, and compare times exactly.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
import ctypes
import os
import selectors
import socket
import sys
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    import pytest  # not there where only the emulators are used

ROUNDS = 3
"""How often the kernel delivers what is on its way: an answer may follow another."""
SETTLING = 0.001
"""Seconds, real ones, for what another processor delivers."""
LOST = 5.0
STEP = 1e-6
"""Seconds that each step of the loop takes."""


class _Selector(selectors.DefaultSelector):
    """Waits for sockets, and lets the clock jump to the next timer when none has anything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self._loopback = _Loopback()
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
        for _ in range(ROUNDS):
            self._loopback.pass_through()
            if ready := super().select(0):
                return ready
        return super().select(min(timeout, SETTLING))

    @override
    def close(self) -> None:
        self._loopback.close()
        super().close()


class _Loopback:
    """Sends through the loopback device to itself: what was sent before has then arrived.

    The kernel delivers what one processor sends over loopback in the order in which it was sent,
    and on a busy machine what another sends a while later: so this thread keeps to one.
    """

    def __init__(self) -> None:
        self._processors = _keep_to_one_processor()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.connect(self._socket.getsockname())
        self._socket.settimeout(LOST)

    def pass_through(self) -> None:
        """Return once everything has arrived that was sent before."""
        self._socket.send(b"?")
        self._socket.recv(1)

    def close(self) -> None:
        """Close the socket, and use all processors again."""
        self._socket.close()
        if self._processors:
            os.sched_setaffinity(0, self._processors)


def _keep_to_one_processor() -> set[int]:
    """Let this thread, and those that it starts, run where it runs now; return what it had."""
    if sys.platform != "linux":
        return set()
    had = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {ctypes.CDLL(None).sched_getcpu()})
    return had


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


def is_virtual() -> bool:
    """Return whether there is a running loop with a clock of its own."""
    return isinstance(asyncio._get_running_loop(), VirtualTimeLoop)


def require_real_time() -> None:
    """Fail in a loop with a clock of its own: what a process does takes real time."""
    assert not is_virtual(), "a test with a process needs the mark `real_time`"


def advance(seconds: float) -> None:
    """Let time pass at once, as if something had blocked the running loop for so long."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    loop.advance(seconds)


def now() -> float:
    """Return the running loop's time."""
    return asyncio.get_running_loop().time()
