"""Long work in slices, between which the event loop does everything else.

A device can pack tens of thousands of messages into one read. Work that takes less than SLICE, as
nearly all does, is done at once. The rest of longer work waits for its turn: all of it together,
of however many devices, gets one slice in each round of the loop.

Between two steps the clock is read, which takes 0.04 us; each slice takes 3 us more. Work that
consists of one message takes no step at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from time import perf_counter

SLICE = 0.002
"""Seconds of work after which the event loop does everything else."""

type _Waiting = SlicedWork | asyncio.Future[None]

_queues: dict[asyncio.AbstractEventLoop, deque[_Waiting]] = {}
"""What waits for its turn, by event loop; a future is that of a task."""


class SlicedWork:
    """Advances `steps` until they end: for one slice at once, then whenever it is its turn."""

    __slots__ = ("_context", "_on_end", "_steps")

    def __init__(self, steps: Iterator[object], on_end: Callable[[], None]) -> None:
        """Begin with `start` or `start_later`; `on_end` is called if the work ends after that."""
        self._steps = steps
        self._on_end = on_end
        self._context: Context

    def start(self) -> bool:
        """Work for one slice, unless other work waits already; return whether all is done."""
        if not _queues.get(asyncio.get_running_loop()) and self._advance(perf_counter() + SLICE):
            return True
        self.start_later()
        return False

    def start_later(self) -> None:
        """Begin when it is its turn."""
        self._context = copy_context()
        _enqueue(self)

    def resume(self, until: float) -> bool:
        """Go on until a time of `perf_counter`; return whether all is done."""
        is_done = self._context.run(self._advance, until)
        if is_done:
            self._context.run(self._on_end)
        return is_done

    def cancel(self) -> None:
        """Do nothing more, and do not call `on_end`."""
        self._steps = iter(())
        self._on_end = _nothing

    def _advance(self, until: float) -> bool:
        for _ in self._steps:  # noqa: SIM110  # faster than `all`
            if perf_counter() >= until:
                return False
        return True


async def run_in_slices(steps: Iterator[object]) -> None:
    """Advance `steps` until they end, in slices, in the current task; raise what they raise.

    The first slice begins at once, unless other work waits already.
    """
    if _queues.get(asyncio.get_running_loop()):
        await next_turn()
    until = perf_counter() + SLICE
    for _ in steps:
        if perf_counter() >= until:
            await next_turn()
            until = perf_counter() + SLICE


async def next_turn() -> None:
    """Wait until the current task may work for another slice."""
    turn = asyncio.get_running_loop().create_future()
    _enqueue(turn)
    await turn


class PausedReading:
    """Keeps a connection from being read while what was read from it waits to be handled.

    For a task that gets one message after another from a queue that the connection fills.
    """

    def __init__(self, transport: asyncio.ReadTransport | None) -> None:
        """Read on; None: the connection is lost already."""
        self._transport = transport
        self._resuming: asyncio.Handle | None = None

    async def next_turn(self) -> None:
        """Wait for the task's next turn; nothing is read until the task waits for a message."""
        if self._transport is None:
            return await next_turn()
        if self._resuming is not None:
            self._resuming.cancel()
        self._transport.pause_reading()
        try:
            await next_turn()
        finally:  # runs once the task has found the queue empty, unless this is called before
            self._resuming = asyncio.get_running_loop().call_soon(self._transport.resume_reading)


def _nothing() -> None:
    """Do nothing."""


def _enqueue(waiting: _Waiting) -> None:
    loop = asyncio.get_running_loop()
    if loop not in _queues:
        _queues[loop] = deque()
        loop.call_soon(_work_for_a_slice, loop)
    _queues[loop].append(waiting)


def _work_for_a_slice(loop: asyncio.AbstractEventLoop) -> None:
    queue, until = _queues[loop], perf_counter() + SLICE
    try:
        while queue and perf_counter() < until:
            first = queue.popleft()
            if isinstance(first, SlicedWork):
                if not first.resume(until):
                    queue.append(first)
            elif not first.done():
                first.set_result(None)
                break  # the slice is that task's
    finally:
        if queue:
            loop.call_soon(_work_for_a_slice, loop)
        else:
            del _queues[loop]
