"""The command queue of a device: runs one request at a time, in order.

If the queue is free, a request runs at once in the task of its caller; otherwise it waits. Each
device has a queue of its own: devices never wait for one another.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any

from ..errors import BusyError, EdgeError, OfflineError, TimedOutError
from ..timing.excused import excused_timeout
from ..timing.moving_timeout import moving_timeout
from ..timing.timeout import Timeout
from ..transports.pace import POLLS_WAIT
from ..transports.pacing import Pacing
from .queued_request import (
    FunctionRequest as FunctionRequest,  # noqa: PLC0414  # whoever queues uses it
    QueuedRequest,
    WaitingRequest,
)

MAX_WAITING = 64
"""The most requests that may wait; more are refused."""
TIMED = "timed"
"""The key of work that is due by a timer: it has a place of its own."""

NEW_DRIVER = "new driver"
"""The key of the replacement of the driver: it has a place of its own, whatever else fails."""


class CommandQueue:
    """Runs one request at a time, first come, first served."""

    __slots__ = ("_direct_run", "_is_busy", "_pacing", "_waiting", "_worker")

    def __init__(self, pacing: Pacing | None = None) -> None:
        """Start free; `pacing` says when a request may begin."""
        self._pacing = pacing or Pacing()
        self._is_busy = False
        self._waiting: OrderedDict[Hashable, WaitingRequest] = OrderedDict()
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

    def is_last(self, request: QueuedRequest) -> bool:
        """Return whether nothing was asked for after a request that runs or waits."""
        waiting = [each.request for key, each in self._waiting.items() if key != TIMED]
        return not waiting or waiting[-1] is request

    async def run(self, request: QueuedRequest, deadline: float) -> Any:
        """Run `request` when the queue is free, within `deadline` seconds; return its result.

        A request that waits is replaced by a newer one with the same key, which goes to the end of
        the queue; the callers of both get its result. Raises TimedOutError, BusyError if too many
        requests wait already, or what the request raises.
        """
        pacing = self._pacing
        if self._is_busy or (pacing.is_active and not self._may_begin(request)):
            return await self._run_later(request, deadline)
        with self._direct_run.within(deadline):
            if not pacing.is_active:
                return await request.run()
            return await self._run_paced(request, asyncio.get_running_loop().time() + deadline)

    def _may_begin(self, request: QueuedRequest) -> bool:
        """Return whether the pace allows a request now; a poll is always run by the worker."""
        return request.key != TIMED and self._pacing.reserve_now()

    async def _run_later(self, request: QueuedRequest, deadline: float) -> Any:
        is_timed = request.key == TIMED
        if not is_timed:
            self._fail_if_paused(deadline)
        caller = self._enqueue(request, deadline)
        if not self._is_busy:
            self._is_busy = True
            self._start()
        elif not is_timed:
            self._pacing.hurry()
        if is_timed and self._pacing.is_active:
            return await caller  # it has its time once it runs
        try:
            until = asyncio.get_running_loop().time() + deadline
            async with moving_timeout(lambda: until):
                return await caller
        except TimeoutError as err:
            raise self._too_late(deadline, caller) from err

    async def _run_paced(self, request: QueuedRequest, expires_at: float) -> Any:
        with self._pacing.of(until=expires_at, is_command=request.key != TIMED):
            return await request.run()

    def _fail_if_paused(self, deadline: float) -> None:
        """Raise RefusedError if the device takes nothing before the deadline."""
        if self._pacing.is_active and self._pacing.pause > deadline:
            raise self._pacing.refusal("not sent")

    def _too_late(self, deadline: float, caller: asyncio.Future[Any]) -> EdgeError:
        """Return the error for a request that was not done in time, or not even sent."""
        is_waiting = any(caller in waiting.callers for waiting in self._waiting.values())
        if not (self._pacing.is_active and is_waiting):
            return _too_late(deadline)
        if self._pacing.pause:
            return self._pacing.refusal("not sent")
        return BusyError(t"not sent within {deadline:g} s: the device takes only so many requests")

    def _enqueue(self, request: QueuedRequest, deadline: float) -> asyncio.Future[Any]:
        key = request.key
        if request.only_if_last and key in self._waiting and next(reversed(self._waiting)) != key:
            key = None
        has_place = key in {TIMED, NEW_DRIVER} or key in self._waiting
        if self.waiting >= MAX_WAITING and not has_place:
            raise BusyError(t"{MAX_WAITING} commands are waiting already")
        loop = asyncio.get_running_loop()
        older = self._waiting.pop(key, None) if key is not None else None
        caller: asyncio.Future[Any] = loop.create_future()
        callers = [*older.open_callers, caller] if older else [caller]
        waiting = WaitingRequest(request, deadline, loop.time(), callers)
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
            self._start()

    def _start(self) -> None:
        worker = asyncio.Task(self._work(), eager_start=True)
        self._worker = None if worker.done() else worker

    async def _work(self) -> None:
        try:
            while self._waiting:
                if self._pacing.is_active:
                    await self._pacing.reserve(is_urgent=self.waiting > 0)
                    await self._run_next()
                else:
                    await self._run_waiting(self._waiting.popitem(last=False)[1])
        finally:
            self._worker = None
            self._is_busy = False

    async def _run_next(self) -> None:
        """Run what comes next where the device keeps to a pace: commands before polls."""
        timed = self._waiting.get(TIMED)
        now = asyncio.get_running_loop().time()
        if timed is not None and (self.waiting == 0 or now - timed.came_at > POLLS_WAIT):
            del self._waiting[TIMED]
            await self._run_timed(timed)
        elif self._waiting:
            key = next(key for key in self._waiting if key != TIMED)
            waiting = self._waiting.pop(key)
            with self._pacing.of(until=waiting.expires_at, is_command=True):
                await self._run_waiting(waiting)
        self._pacing.give_back()

    async def _run_timed(self, waiting: WaitingRequest) -> None:
        """Run a poll; how long it is held back does not count."""
        with self._pacing.of(until=waiting.expires_at, is_command=False):
            await self._run_waiting(waiting, excused_timeout(waiting.seconds, self._pacing.held))

    async def _run_waiting(
        self, waiting: WaitingRequest, timeout: AbstractAsyncContextManager[object] | None = None
    ) -> None:
        if not waiting.open_callers:
            return
        try:
            async with timeout or moving_timeout(lambda: waiting.expires_at):
                result = await waiting.request.run()
        except asyncio.CancelledError:
            waiting.fail(OfflineError(t"it has been disconnected"))
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
        except TimeoutError:
            waiting.fail(TimedOutError(t"not finished in time"))
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
    return TimedOutError(t"not finished within {deadline:g} s")
