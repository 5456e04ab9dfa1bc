"""A device's turn: its work one at a time, in the order it was asked for.

Work that finds the turn free runs at once in the caller's own task; only while an earlier piece
is under way does it queue. Devices have a turn each and never wait for one another.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from .deadline import Limit
from .errors import BusyError, EdgeError, OfflineError, TimedOutError

MAX_WAITING = 64
"""Pieces of work that may wait; one more is refused."""

type Work = Callable[[], Awaitable[Any]]


@dataclass(slots=True, eq=False)
class _Waiting:
    """Work in the queue, and everybody who wants its result."""

    work: Work
    expires: float
    waiters: list[asyncio.Future[Any]] = field(default_factory=list[asyncio.Future[Any]])

    @property
    def open(self) -> list[asyncio.Future[Any]]:
        """Who still waits for it."""
        return [w for w in self.waiters if not w.done()]

    def fail(self, error: Exception) -> None:
        """Tell everybody who waits that it failed."""
        for waiter in self.open:
            waiter.set_exception(error)


class Turn:
    """Runs one piece of work at a time, first come, first served."""

    def __init__(self) -> None:
        """Start free."""
        self._busy = False
        self._queue: OrderedDict[Hashable, _Waiting] = OrderedDict()
        self._drain: asyncio.Task[None] | None = None
        self._limit = Limit()
        """Of the work under way in a caller's own task."""
        self._seconds = 0.0
        self._ended: EdgeError | None = None

    @property
    def free(self) -> bool:
        """Whether work would begin at once."""
        return not self._busy

    @property
    def waiting(self) -> int:
        """How many pieces of work wait."""
        return len(self._queue)

    def has(self, key: Hashable) -> bool:
        """Whether work with that key waits."""
        return key in self._queue

    async def run(
        self, work: Work, *, deadline: float, key: Hashable | None = None, last: bool = False
    ) -> Any:
        """Run `work` in its turn and return its result, all within `deadline` seconds.

        Work with a `key` takes the place of older work with the same one that still waits: it
        goes to the end of the queue, and everybody gets its result. `last`: only if nothing was
        asked for after the older. Raises TimedOutError, or BusyError when too much waits already.
        """
        if self._busy:
            return await self._run_later(work, deadline, key, last=last)
        with self.taken(deadline):
            return await work()

    def taken(self, deadline: float) -> Turn:
        """Take the turn, which is free, for the block that follows: `with turn.taken(3):`.

        What does not end within `deadline` seconds raises TimedOutError.
        """
        self._busy = True
        self._seconds = deadline
        self._limit.begin(deadline)
        return self

    def __enter__(self) -> None:
        """Have begun."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Be free again, or let the next one go on."""
        late = self._limit.over(kind) or isinstance(error, TimeoutError)
        ended, self._ended = self._ended, None
        if self._queue:
            self._next()
        else:
            self._busy = False
        if late:
            raise ended or _too_late(self._seconds) from error

    async def _run_later(
        self, work: Work, deadline: float, key: Hashable | None, *, last: bool
    ) -> Any:
        if last and key in self._queue and next(reversed(self._queue)) != key:
            key = None
        future = self._enqueue(work, deadline, key)
        try:
            async with asyncio.timeout(deadline):
                return await future
        except TimeoutError as err:
            raise _too_late(deadline) from err

    def _enqueue(self, work: Work, deadline: float, key: Hashable | None) -> asyncio.Future[Any]:
        if len(self._queue) >= MAX_WAITING and key not in self._queue:
            msg = f"{MAX_WAITING} commands wait already"
            raise BusyError(msg)
        loop = asyncio.get_running_loop()
        older = self._queue.pop(key, None) if key is not None else None
        waiters = older.open if older else []
        future: asyncio.Future[Any] = loop.create_future()
        waiting = _Waiting(work, loop.time() + deadline, [*waiters, future])
        self._queue[key if key is not None else waiting] = waiting
        return future

    def _next(self) -> None:
        if self._drain is None:
            drain = asyncio.Task(self._run_queue(), eager_start=True)
            self._drain = None if drain.done() else drain

    async def _run_queue(self) -> None:
        try:
            while self._queue:
                await self._run_waiting(self._queue.popitem(last=False)[1])
        finally:
            self._drain = None
            self._busy = False

    async def _run_waiting(self, waiting: _Waiting) -> None:
        if not waiting.open:
            return
        try:
            async with asyncio.timeout_at(waiting.expires):
                result = await waiting.work()
        except asyncio.CancelledError:
            waiting.fail(OfflineError("no longer in use"))
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
        except TimeoutError:
            waiting.fail(TimedOutError("not done in time"))
        except Exception as err:  # noqa: BLE001  # the waiters' to handle
            waiting.fail(err)
        else:
            for waiter in waiting.open:
                waiter.set_result(result)

    def fail_waiting(self, error: EdgeError) -> None:
        """Fail all that waits; what is under way goes on."""
        queue, self._queue = self._queue, OrderedDict()
        for waiting in queue.values():
            waiting.fail(error)

    async def close(self, error: EdgeError) -> None:
        """Fail all that waits, and end what is under way."""
        self.fail_waiting(error)
        if self._limit.active:
            self._ended = error
        self._limit.close()
        if self._drain is not None and self._drain is not asyncio.current_task():
            self._drain.cancel()
            await asyncio.wait([self._drain])


def _too_late(deadline: float) -> TimedOutError:
    return TimedOutError(f"not done within {deadline:g} s")
