"""The command queue of a device: runs one request at a time, in order.

If the queue is free, a request runs at once in the task of its caller; otherwise it waits. Each
device has a queue of its own: devices never wait for one another.
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
"""The most requests that may wait; more are refused."""
TIMED = "timed"
"""The key of work that is due by a timer: it has a place of its own."""

NEW_DRIVER = "new driver"
"""The key of the replacement of the driver: it has a place of its own, whatever else fails."""


class QueuedRequest(Protocol):
    """Something to be run in a device's command queue."""

    @property
    def key(self) -> Hashable | None:
        """A newer request with the same key replaces this one while it waits; None: none does."""
        ...

    @property
    def only_if_last(self) -> bool:
        """Whether it replaces an older request only if that is the last one that waits."""
        ...

    async def run(self) -> Any:
        """Run the request; the result is returned to its callers."""


@dataclass(frozen=True, slots=True)
class FunctionRequest:
    """A request that calls a function and awaits it."""

    function: Callable[[], Awaitable[Any]]
    key: Hashable | None = None
    only_if_last: bool = False

    async def run(self) -> Any:
        """Call the function."""
        return await self.function()


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request that waits, and the callers that wait for its result."""

    request: QueuedRequest
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

    __slots__ = ("_direct_run", "_is_busy", "_waiting", "_worker")

    def __init__(self) -> None:
        """Start free."""
        self._is_busy = False
        self._waiting: OrderedDict[Hashable, _Waiting] = OrderedDict()
        self._worker: asyncio.Task[None] | None = None
        self._direct_run = _DirectRun(self)

    @property
    def is_free(self) -> bool:
        """Whether a request would run at once."""
        return not self._is_busy

    @property
    def waiting(self) -> int:
        """The number of requests that wait, without those that have places of their own."""
        return len(self._waiting) - (TIMED in self._waiting) - (NEW_DRIVER in self._waiting)

    def has_waiting(self, key: Hashable) -> bool:
        """Return whether a request with that key waits."""
        return key in self._waiting

    async def run(self, request: QueuedRequest, deadline: float) -> Any:
        """Run `request` when the queue is free, within `deadline` seconds; return its result.

        A request that waits is replaced by a newer one with the same key, which goes to the end of
        the queue; the callers of both get its result. Raises TimedOutError, BusyError if too many
        requests wait already, or what the request raises.
        """
        if self._is_busy:
            return await self._run_later(request, deadline)
        with self._direct_run.within(deadline):
            return await request.run()

    async def _run_later(self, request: QueuedRequest, deadline: float) -> Any:
        caller = self._enqueue(request, deadline)
        try:
            async with asyncio.timeout(deadline):
                return await caller
        except TimeoutError as err:
            raise _too_late(deadline) from err

    def _enqueue(self, request: QueuedRequest, deadline: float) -> asyncio.Future[Any]:
        key = request.key
        if request.only_if_last and key in self._waiting and next(reversed(self._waiting)) != key:
            key = None
        has_place = key in {TIMED, NEW_DRIVER} or key in self._waiting
        if self.waiting >= MAX_WAITING and not has_place:
            raise BusyError(f"{MAX_WAITING} commands are waiting already")
        loop = asyncio.get_running_loop()
        older = self._waiting.pop(key, None) if key is not None else None
        caller: asyncio.Future[Any] = loop.create_future()
        callers = [*older.open_callers, caller] if older else [caller]
        waiting = _Waiting(request, loop.time() + deadline, callers)
        self._waiting[key if key is not None else waiting] = waiting
        return caller

    # used by a direct run

    def begin_direct_run(self) -> None:
        """Make new requests wait."""
        self._is_busy = True

    def end_direct_run(self) -> None:
        """Run the requests that wait, or become free."""
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
            waiting.fail(OfflineError("it has been disconnected"))
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
        except TimeoutError:
            waiting.fail(TimedOutError("not finished in time"))
        except Exception as err:  # noqa: BLE001  # for the callers to handle
            waiting.fail(err)
        else:
            for caller in waiting.open_callers:
                caller.set_result(result)

    def fail_waiting(self, error: EdgeError) -> None:
        """Fail the requests that wait, but for a new driver; the one that runs continues."""
        new_driver = self._waiting.pop(NEW_DRIVER, None)
        self._fail_all(error)
        if new_driver is not None:
            self._waiting[NEW_DRIVER] = new_driver

    def _fail_all(self, error: EdgeError) -> None:
        queue, self._waiting = self._waiting, OrderedDict()
        for waiting in queue.values():
            waiting.fail(error)

    async def close(self, error: EdgeError) -> None:
        """Fail the requests that wait, and end the one that runs."""
        self._fail_all(error)
        self._direct_run.end(error)
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
            await asyncio.wait([self._worker])


class _DirectRun:
    """The run of a request in the task of its caller: `with direct_run.within(3):`."""

    __slots__ = ("_deadline", "_error", "_queue", "_timeout")

    def __init__(self, queue: CommandQueue) -> None:
        self._queue = queue
        self._timeout = Timeout()
        self._deadline = 0.0
        self._error: EdgeError | None = None
        """The error with which the run was ended from outside."""

    def within(self, deadline: float) -> _DirectRun:
        self._deadline = deadline
        return self

    def end(self, error: EdgeError) -> None:
        """End the request with an error, if one runs; no timer remains."""
        if self._timeout.is_active:
            self._error = error
        self._timeout.close()

    def __enter__(self) -> None:
        self._queue.begin_direct_run()
        self._timeout.begin(self._deadline)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        is_late = self._timeout.end(kind) or isinstance(error, TimeoutError)
        ended_by, self._error = self._error, None
        self._queue.end_direct_run()
        if is_late:
            raise ended_by or _too_late(self._deadline) from error


def _too_late(deadline: float) -> TimedOutError:
    return TimedOutError(f"not finished within {deadline:g} s")
