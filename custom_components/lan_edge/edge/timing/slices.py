"""Long work in slices, between which the event loop does everything else.

A device can pack tens of thousands of messages into one read. Work that takes less than SLICE, as
nearly all does, is done at once. The rest of longer work waits for its turn: all of it together,
of however many devices, gets one slice whenever nothing else is ready to run, and at the latest
after GIVE_WAY. The push of another device takes several rounds of the loop until it is shown; with
a slice in each of them, it would come 15 ms late. Where everything else takes the processor for
longer than GIVE_WAY in a round, the slice grows with it: otherwise, what waits would wait for ever
longer, for seconds on a machine that is too busy.

Between two steps the clock is read, which takes 0.04 us; each slice takes 3 us more. Work that
consists of one message takes no step at all.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextvars import Context, copy_context
from time import perf_counter, thread_time

SLICE = 0.002
"""Seconds of work after which the event loop does everything else."""
SHORT_SLICE = SLICE / 4
"""The same for a task that gets its messages from aiohttp, which takes as long to make them."""
BRIEF_SLICE = SLICE / 16
"""The same for work that cannot wait for its turn, while anything else is ready to run."""
GIVE_WAY = 0.008
"""Seconds after which work gets a slice even if everything else is not done yet."""
LONGEST_SLICE = 0.05
"""Seconds of all work together in one round of the loop, however much else there is to do."""

type _Waiting = SlicedWork | asyncio.Future[None]

_queues: dict[asyncio.AbstractEventLoop, deque[_Waiting]] = {}
"""What waits for its turn, by event loop; a future is that of a task."""


class _Debt:
    """The time that is owed to everything else, after work that was done at once."""

    until = 0.0

    def add(self, began: float) -> None:
        """Owe as much time as work took that began then, unless it was brief."""
        now = perf_counter()
        if now - began > BRIEF_SLICE:
            self.until = max(now, self.until) + now - began


_debt = _Debt()


class SlicedWork:
    """Advances `steps` until they end: for one slice at once, then whenever it is its turn."""

    __slots__ = ("_context", "_on_end", "_steps")

    def __init__(self, steps: Iterator[object], on_end: Callable[[], None]) -> None:
        """Begin with `start` or `start_later`; `on_end` is called if the work ends after that."""
        self._steps = steps
        self._on_end = on_end
        self._context: Context

    def start(self) -> bool:
        """Work for one slice, unless it has to wait for its turn; return whether all is done."""
        if not _must_wait():
            began = perf_counter()
            is_done = self._advance(began + SLICE)
            _debt.add(began)
            if is_done:
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
    """Advance `steps` until they end, in slices, in the current task; raise what they raise."""
    await _run_in_slices(steps, next_turn)


async def _run_in_slices(steps: Iterator[object], next_turn: Callable[[], Awaitable[None]]) -> None:
    if _must_wait():
        await next_turn()
    began = perf_counter()
    for _ in steps:
        if perf_counter() >= began + SLICE:
            await next_turn()
            began = perf_counter()
    _debt.add(began)


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
        self._busy = 0.0
        """Seconds of work in this turn."""

    async def worked(self, began: float) -> None:
        """Wait for the task's next turn if its work, now that since `began`, has taken long."""
        self._busy += perf_counter() - began
        if is_turn_over(self._busy):
            await self.next_turn()
            self._busy = 0.0

    async def run_in_slices(self, steps: Iterator[object]) -> None:
        """Advance `steps` until they end, in slices; raise what they raise."""
        await _run_in_slices(steps, self.next_turn)

    async def next_turn(self) -> None:
        """Wait for the task's next turn; nothing is read until the task waits for a message."""
        if self._transport is None or self._transport.is_closing():
            return await next_turn()
        if self._resuming is not None:
            self._resuming.cancel()
        self._transport.pause_reading()
        try:
            await next_turn()
        finally:  # runs once the task has found the queue empty, unless this is called before
            self._resuming = asyncio.get_running_loop().call_soon(self._resume, self._transport)

    def _resume(self, transport: asyncio.ReadTransport) -> None:
        if not transport.is_closing():  # or one of TLS might raise
            transport.resume_reading()


def end_of_slice() -> float:
    """Return until when work that cannot wait for its turn may go on, by `perf_counter`."""
    now = perf_counter()
    if now < _debt.until:
        return now
    return now + (BRIEF_SLICE if _is_busy(asyncio.get_running_loop()) else SLICE)


def note_work(began: float) -> None:
    """Take note of work since `began` that could not wait for its turn."""
    _debt.add(began)


def is_turn_over(busy: float) -> bool:
    """Return whether a task has worked long enough in its turn, which is `busy` seconds.

    It is for a task that gets its messages from aiohttp.
    """
    return busy > SHORT_SLICE or (busy > BRIEF_SLICE and _must_wait())


def _must_wait() -> bool:
    """Return whether work that begins now has to wait for its turn."""
    return asyncio.get_running_loop() in _queues or perf_counter() < _debt.until


def _is_busy(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether anything else is ready to run; False if the loop is not one of asyncio's."""
    return bool(getattr(loop, "_ready", ()))


def _nothing() -> None:
    """Do nothing."""


def _enqueue(waiting: _Waiting) -> None:
    loop = asyncio.get_running_loop()
    if loop not in _queues:
        _queues[loop] = deque()
        _give_way_later(loop)
    _queues[loop].append(waiting)


def _give_way_later(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(_give_way, loop, perf_counter() + GIVE_WAY, thread_time())


def _give_way(loop: asyncio.AbstractEventLoop, until: float, since: float) -> None:
    """Wait until nothing else is ready to run, or it is `until`; then work."""
    if _is_busy(loop) and perf_counter() < until:
        loop.call_soon(_give_way, loop, until, since)
    else:
        share = (thread_time() - since) * SLICE / GIVE_WAY
        _work_for(max(SLICE, min(share, LONGEST_SLICE)), loop)


def _work_for(seconds: float, loop: asyncio.AbstractEventLoop) -> None:
    """Work in turn, SLICE for each; a task does so in the next round of the loop."""
    queue, until = _queues[loop], perf_counter() + seconds
    try:
        while queue and (now := perf_counter()) < until:
            first = queue.popleft()
            if isinstance(first, SlicedWork):
                if not first.resume(min(until, now + SLICE)):
                    queue.append(first)
            elif not first.done():
                first.set_result(None)
                until -= SLICE
    finally:
        if queue:
            _give_way_later(loop)
        else:
            del _queues[loop]
