"""Driver code contained: what it raises or blocks is logged once, counted, and goes no further."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
import logging
from time import perf_counter
from types import coroutine
from typing import Any, Protocol

from .errors import DriverError, EdgeError, ReplyError

_LOGGER = logging.getLogger(__name__)

BLOCKING = 0.2
"""Seconds of the event loop, in one go, that driver code may take before it is named."""


class Named(Protocol):
    """Whose code runs, as the log has it."""

    @property
    def label(self) -> str:
        """The device and its driver."""
        ...


class Guard:
    """Runs code that is not the library's, for one device."""

    def __init__(self, device: Named) -> None:
        """Name the device and its driver in the log."""
        self._device = device
        self.errors: dict[str, int] = {}
        """How often something failed or blocked, by what it was."""

    @coroutine
    def run[T](self, call: Callable[[], Awaitable[T]]) -> Generator[Any, Any, T]:
        """Await driver code; raise DriverError for what is its own bug."""
        steps, error = None, None
        while True:  # as `await` does, but looking how long each step keeps the event loop
            started = perf_counter()
            try:
                steps = steps or call().__await__()
                waits_for = next(steps) if error is None else steps.throw(error)
            except StopIteration as end:
                result: T = end.value
                return result
            except EdgeError, TimeoutError:
                raise
            except Exception as err:
                msg = f"{self._device.label}: {_name(call)} failed: {err!r}"
                self._failed(call, err)
                raise DriverError(msg) from err
            finally:
                if (seconds := perf_counter() - started) > BLOCKING:
                    self._blocked(call, seconds)
            error = None
            try:
                yield waits_for
            except BaseException as err:  # noqa: BLE001  # cancellation above all: it goes in
                error = err

    def call[T](self, function: Callable[..., T], *arguments: object) -> T | None:
        """Call a function that may not await; whatever it raises ends here, as None."""
        started = perf_counter()
        result: T | None = None
        try:
            result = function(*arguments)
        except ReplyError as err:
            if self._first(f"{_name(function)} refused"):
                _LOGGER.warning("%s: %s: %s", self._device.label, _name(function), err)
        except Exception as err:  # noqa: BLE001  # that is the point
            self._failed(function, err)
        if (seconds := perf_counter() - started) > BLOCKING:
            self._blocked(function, seconds)
        return result

    def _failed(self, function: object, err: Exception) -> None:
        name = _name(function)
        if self._first(name):
            _LOGGER.error("%s: %s failed", self._device.label, name, exc_info=err)

    def _blocked(self, function: object, seconds: float) -> None:
        if self._first(name := f"{_name(function)} blocked"):
            _LOGGER.warning("%s: %s everything for %.1f s", self._device.label, name, seconds)

    def _first(self, name: str) -> bool:
        self.errors[name] = self.errors.get(name, 0) + 1
        return self.errors[name] == 1


def _name(function: object) -> str:
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__qualname__", function))
