"""Contains driver code: its exceptions and blocking calls are counted, and logged once each."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
import logging
from time import perf_counter
from types import coroutine
from typing import Any, Protocol

from ..diagnostics.privacy import Privacy
from ..driver.returns import wrong_return
from ..errors import DriverError, EdgeError, ReplyError
from ..timing.backlog import Backlog
from ..timing.processor import ProcessorWait
from ..timing.slices import SLICE
from ..transports.turns import Turns

_LOGGER = logging.getLogger(__name__)

BLOCKING = 0.2
"""Seconds for which driver code may block the event loop before that is logged."""
_processor = ProcessorWait()


class Labelled(Protocol):
    """Something with a name for the log."""

    @property
    def label(self) -> str:
        """The device and its driver, for the log."""
        ...


class Guarded(Labelled, Protocol):
    """The device whose driver code runs."""

    @property
    def privacy(self) -> Privacy:
        """What must not get out in an error or in the log."""
        ...


class Guard:
    """Runs the code of the driver and the observer of one device."""

    __slots__ = ("_device", "backlog", "errors", "on_end", "turns")

    def __init__(self, device: Guarded) -> None:
        """Identify `device` in the log by its label."""
        self._device = device
        self.errors: dict[str, int] = {}
        """How often a function failed or blocked, by its name."""
        self.on_end: Callable[[], None] | None = None
        """Called each time such code has ended or failed."""
        self.backlog = Backlog()
        """What has to wait since such code has kept the event loop for long."""
        self.turns: Turns | None = None
        """What gives such code its turn, if only one may use the connection at a time."""

    @coroutine
    def run[T](
        self, call: Callable[[], Awaitable[T]], *, in_turn: bool = True
    ) -> Generator[Any, Any, T]:
        """Await driver code; raise DriverError for exceptions that it must not raise."""
        steps, error, backlog, turns = None, None, self.backlog, self.turns if in_turn else None
        try:
            # like `await`, but measures how long each step blocks the loop
            while True:
                started, outer = perf_counter(), backlog.begins_at
                backlog.begins_at = started + SLICE
                _processor.mark(started)
                try:
                    steps = steps or (turns.take(call) if turns else call()).__await__()
                    awaited = next(steps) if error is None else steps.throw(error)
                except StopIteration as end:
                    result: T = end.value
                    return result
                except EdgeError as err:
                    self._device.privacy.clean(err)
                    raise
                except TimeoutError:
                    raise
                except Exception as err:  # noqa: BLE001  # it becomes an error of the library
                    self._count_failure(call, err)
                    failure = self._driver_error(call, err)
                    raise failure from failure.__cause__
                finally:
                    backlog.begins_at = outer
                    if (seconds := perf_counter() - started) > BLOCKING:
                        self._count_blocking(call, seconds - _processor.since_mark())
                error = None
                try:
                    yield awaited
                except BaseException as err:  # noqa: BLE001  # such as cancellation: thrown into it
                    error = err
        finally:
            if self.on_end is not None:
                self.on_end()

    def call[T](self, function: Callable[..., T], *arguments: object) -> T | None:
        """Call a function that does not await; return None if it raises."""
        backlog, started = self.backlog, perf_counter()
        outer, backlog.begins_at = backlog.begins_at, started + SLICE
        result: T | None = None
        _processor.mark(started)
        try:
            result = function(*arguments)
        except ReplyError as err:
            if self._is_first(f"{_name(function)} refused"):
                self._device.privacy.clean(err)
                _LOGGER.warning("%s: %s: %s", self._device.label, _name(function), err)
        except Exception as err:  # noqa: BLE001  # contained on purpose
            self._count_failure(function, err)
        backlog.begins_at = outer
        if (seconds := perf_counter() - started) > BLOCKING:
            self._count_blocking(function, seconds - _processor.since_mark())
        if self.on_end is not None:
            self.on_end()
        return result

    def get[T](self, function: Callable[[], T], kind: type[T]) -> T:
        """Return what a function that does not await returns; raise DriverError as `run` does."""
        try:
            value = function()
        except EdgeError as err:
            self._device.privacy.clean(err)
            raise
        except Exception as err:  # noqa: BLE001  # it becomes an error of the library
            self._count_failure(function, err)
            failure = self._driver_error(function, err)
            raise failure from failure.__cause__
        return self.returned(function, value, kind)

    def returned[T](self, function: Callable[..., Any], value: object, kind: type[T]) -> T:
        """Return what driver code returned; log once and raise DriverError if it is no `kind`."""
        if isinstance(value, kind):
            return value
        error = wrong_return(function, value, kind)
        self._device.privacy.clean(error)
        if self._is_first(f"{_name(function)} returned"):
            _LOGGER.error("%s: %s", self._device.label, error)
        raise error

    def _count_failure(self, function: object, err: Exception) -> None:
        name = _name(function)
        if self._is_first(name):
            shown = self._device.privacy.loggable(err)
            _LOGGER.error("%s: %s failed", self._device.label, name, exc_info=shown)

    def _driver_error(self, function: object, err: Exception) -> DriverError:
        """Return an error that says what failed, without what must not get out."""
        privacy = self._device.privacy
        words = privacy.text(repr(err))
        failure = DriverError(f"{_name(function)} failed: {words}")
        failure.__cause__ = err
        privacy.clean(failure)
        return failure

    def _count_blocking(self, function: object, seconds: float) -> None:
        """Count `seconds` in which driver code worked or waited, not for a processor, if many."""
        name = _name(function)
        if seconds > BLOCKING and self._is_first(f"{name} blocked"):
            _LOGGER.warning(
                "%s: %s blocked everything for %.1f s", self._device.label, name, seconds
            )

    def _is_first(self, problem: str) -> bool:
        self.errors[problem] = self.errors.get(problem, 0) + 1
        return self.errors[problem] == 1


def _name(function: object) -> str:
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__qualname__", function))
