"""The run of a request in the task of its caller, for a command queue that is free."""

from types import TracebackType
from typing import Protocol

from ..errors import EdgeError, TimedOutError
from ..timing.timeout import Timeout


class RunsDirectly(Protocol):
    """A queue that makes other requests wait meanwhile."""

    def begin_direct_run(self) -> None:
        """Make new requests wait."""

    def end_direct_run(self) -> None:
        """Run the requests that wait, or become free."""


class DirectRun:
    """The run of a request in the task of its caller: `with direct_run.within(3):`."""

    __slots__ = ("_deadline", "_error", "_queue", "_timeout")

    def __init__(self, queue: RunsDirectly) -> None:
        """Run nothing yet."""
        self._queue = queue
        self._timeout = Timeout()
        self._deadline = 0.0
        self._error: EdgeError | None = None
        """The error with which the run was ended from outside."""

    def within(self, deadline: float) -> DirectRun:
        """Limit the time of the next run to `deadline` seconds."""
        self._deadline = deadline
        return self

    def end(self, error: EdgeError) -> None:
        """End the request with an error, if one runs; no timer remains."""
        if self._timeout.is_active:
            self._error = error
        self._timeout.close()

    def __enter__(self) -> None:
        """Begin."""
        self._queue.begin_direct_run()
        self._timeout.begin(self._deadline)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; raise TimedOutError if it took too long, or the error with which it was ended."""
        is_late = self._timeout.end(kind) or isinstance(error, TimeoutError)
        ended_by, self._error = self._error, None
        self._queue.end_direct_run()
        if is_late:
            raise ended_by or too_late(self._deadline) from error


def too_late(deadline: float) -> TimedOutError:
    """Return the error for a request that was not done in time."""
    return TimedOutError(f"not finished within {deadline:g} s")
