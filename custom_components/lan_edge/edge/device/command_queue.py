"""A device's work, one piece at a time, in the order in which it was asked for.

Work that finds the device free runs at once in the caller's own task. While an earlier piece is
under way it queues. Each device has a queue; devices never wait for one another.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol

from ..errors import BusyError, EdgeError, OfflineError, TimedOutError
from ..timing.timeout import Timeout

MAX_WAITING = 64
"""Requests that may wait; one more is refused."""


class Request(Protocol):
    """Something to be done in a device's turn."""

    @property
    def key(self) -> Hashable | None:
        """What a newer request must share to take this one's place while it waits."""
        ...

    @property
    def only_last(self) -> bool:
        """Whether it takes that place only if nothing else was asked for in between."""
        ...

    async def run(self) -> Any:
        """Do it; the result goes to the caller."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work that is nothing but a function to be awaited."""

    function: Callable[[], Awaitable[Any]]
    key: Hashable | None = None
    only_last: bool = False

    async def run(self) -> Any:
        """Await it."""
        return await self.function()


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request in the queue, and everybody who wants its result."""

    request: Request
    expires_at: float
    callers: list[asyncio.Future[Any]] = field(default_factory=list[asyncio.Future[Any]])

    @property
    def open_callers(self) -> list[asyncio.Future[Any]]:
        return [caller for caller in self.callers if not caller.done()]

    def fail(self, error: Exception) -> None:
        for caller in self.open_callers:
            caller.set_exception(error)


class CommandQueue:
    """Runs one request at a time, first come, first served."""

    __slots__ = ("_is_busy", "_turn", "_waiting", "_worker")

    def __init__(self) -> None:
        """Start free."""
        self._is_busy = False
        self._waiting: OrderedDict[Hashable, _Waiting] = OrderedDict()
        self._worker: asyncio.Task[None] | None = None
        self._turn = _Turn(self)

    @property
    def is_free(self) -> bool:
        """Whether a request would run at once."""
        return not self._is_busy

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def has_waiting(self, key: Hashable) -> bool:
        """Return whether a request with that key waits."""
        return key in self._waiting

    async def run(self, request: Request, deadline: float) -> Any:
        """Run `request` in its turn and return its result, all within `deadline` seconds.

        One that waits gives way to a newer one with the same key, which goes to the end of the
        queue and whose result everybody gets. Raises TimedOutError, or BusyError if too much waits
        already.
        """
        if self._is_busy:
            return await self._run_later(request, deadline)
        with self._turn.of(deadline):
            return await request.run()

    async def _run_later(self, request: Request, deadline: float) -> Any:
        caller = self._enqueue(request, deadline)
        try:
            async with asyncio.timeout(deadline):
                return await caller
        except TimeoutError as err:
            raise _too_late(deadline) from err

    def _enqueue(self, request: Request, deadline: float) -> asyncio.Future[Any]:
        key = request.key
        if request.only_last and key in self._waiting and next(reversed(self._waiting)) != key:
            key = None
        if len(self._waiting) >= MAX_WAITING and key not in self._waiting:
            raise BusyError(f"{MAX_WAITING} commands wait already")
        loop = asyncio.get_running_loop()
        older = self._waiting.pop(key, None) if key is not None else None
        caller: asyncio.Future[Any] = loop.create_future()
        callers = [*older.open_callers, caller] if older else [caller]
        waiting = _Waiting(request, loop.time() + deadline, callers)
        self._waiting[key if key is not None else waiting] = waiting
        return caller

    # the turn of whoever is under way

    def take_turn(self) -> None:
        """Be busy; called when a caller's own turn begins."""
        self._is_busy = True

    def pass_turn(self) -> None:
        """Let the next request go on, or be free."""
        if not self._waiting:
            self._is_busy = False
        elif self._worker is None:
            worker = asyncio.Task(self._work(), eager_start=True)
            self._worker = None if worker.done() else worker

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._run_waiting(self._waiting.popitem(last=False)[1])
        finally:
            self._worker = None
            self._is_busy = False

    async def _run_waiting(self, waiting: _Waiting) -> None:
        if not waiting.open_callers:
            return
        try:
            async with asyncio.timeout_at(waiting.expires_at):
                result = await waiting.request.run()
        except asyncio.CancelledError:
            waiting.fail(OfflineError("no longer in use"))
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
        except TimeoutError:
            waiting.fail(TimedOutError("not done in time"))
        except Exception as err:  # noqa: BLE001  # for the callers to handle
            waiting.fail(err)
        else:
            for caller in waiting.open_callers:
                caller.set_result(result)

    def fail_waiting(self, error: EdgeError) -> None:
        """Fail everything that waits; what is under way goes on."""
        queue, self._waiting = self._waiting, OrderedDict()
        for waiting in queue.values():
            waiting.fail(error)

    async def close(self, error: EdgeError) -> None:
        """Fail everything that waits, and end what is under way."""
        self.fail_waiting(error)
        self._turn.end(error)
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
            await asyncio.wait([self._worker])


class _Turn:
    """The turn of a request that runs in its caller's own task: `with turn.of(3):`."""

    __slots__ = ("_deadline", "_error", "_queue", "_timeout")

    def __init__(self, queue: CommandQueue) -> None:
        self._queue = queue
        self._timeout = Timeout()
        self._deadline = 0.0
        self._error: EdgeError | None = None
        """What ended it from outside."""

    def of(self, deadline: float) -> _Turn:
        self._deadline = deadline
        return self

    def end(self, error: EdgeError) -> None:
        """End the request with an error, if one is under way; leave no timer."""
        if self._timeout.is_active:
            self._error = error
        self._timeout.close()

    def __enter__(self) -> None:
        self._queue.take_turn()
        self._timeout.begin(self._deadline)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        is_late = self._timeout.end(kind) or isinstance(error, TimeoutError)
        ended_by, self._error = self._error, None
        self._queue.pass_turn()
        if is_late:
            raise ended_by or _too_late(self._deadline) from error


def _too_late(deadline: float) -> TimedOutError:
    return TimedOutError(f"not done within {deadline:g} s")
