"""Readings without which a device is still what it is, such as the power that a plug measures.

If one fails, the values that it would have told are unknown; the connection, the identity and the
profile are decided by the other readings. It is tried again later, ever more rarely: soon if it has
worked before, since then it was probably lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
import logging
import time
from typing import Any

from ..capabilities.definition import Attribute, Capability
from ..capabilities.profile import MAIN
from ..errors import (
    EdgeError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
    UsageError,
)
from ..sentences import one_line
from ..timing.excused import Excused, excused_timeout
from ..timing.one_time_work import same_work
from ..transports import Transport
from .guard import Guard, Guarded
from .state import State

_LOGGER = logging.getLogger(__name__)

SOONEST_AGAIN, LATEST_AGAIN = 15.0, 300.0
"""Seconds until a reading that failed is tried again; doubled each time it fails again."""
LOST_AGAIN = 2.0
"""The same for one that has worked before."""
BUDGET_LASTS = 10.0
"""Seconds within which all readings that are not answered share `answers_within`."""
LEAST_PATIENCE = 0.1
"""A reading that would have less time is put off until the next call."""
MAX_FAILED = 512
"""The most readings of which a failure is remembered; the oldest are tried again."""
MAX_WORKED = 512
"""The most readings of which it is remembered that they have worked; the oldest are forgotten."""
MAX_NAME = 60


@dataclass(slots=True)
class FailedReading:
    """A reading that failed when it was tried last."""

    name: str
    """What it is called in the driver."""
    component: str
    unknown: tuple[str, ...]
    """The ids of the attributes that are unknown because of it."""
    reason: EdgeError
    since: float
    """When it failed first, in seconds since the epoch."""
    times: int
    """How often it has failed since then."""
    wait: float
    """Seconds from the last failure until it is tried again."""
    again_at: float
    """When it is tried again, in loop time."""


class OptionalReadings:
    """Runs the optional readings of one device, and remembers those that fail."""

    __slots__ = (
        "_budget_ends",
        "_device",
        "_failed",
        "_guard",
        "_held",
        "_left",
        "_logged",
        "_running",
        "_state",
        "_worked",
        "broke_connection",
        "on_failed",
    )

    def __init__(self, device: Guarded, guard: Guard, state: State, held: Excused) -> None:
        """Know of no failure yet; what is `held` back is no fault of the device."""
        self._device = device
        self._guard = guard
        self._state = state
        self._held = held
        self._failed: dict[Hashable, FailedReading] = {}
        self._worked: dict[Hashable, None] = {}
        """The readings that have worked, the last one last."""
        self._logged = set[str]()
        """What has been logged of readings that failed, without the reasons."""
        self._running = set[Hashable]()
        self._left = self._budget_ends = 0.0
        """The seconds that unanswered readings may still take, and until when that counts."""
        self.broke_connection = False
        """Whether the connection was closed since a reply that is missing could still come."""
        self.on_failed: Callable[[float], None] = lambda _seconds: None
        """Called with the seconds after which a reading that has just failed is due again."""

    @property
    def are_running(self) -> bool:
        """Whether the device is being asked for something that it may leave unanswered."""
        return bool(self._running)

    @property
    def failed(self) -> list[FailedReading]:
        """Return the readings that failed when they were tried last."""
        present = {MAIN, *self._state.profile.components}
        return [reading for reading in self._failed.values() if reading.component in present]

    def make_due(self) -> None:
        """Let all that failed be tried by the next read: the device may answer it now."""
        for failed in self._failed.values():
            failed.again_at = 0.0

    def clear(self) -> None:
        """Forget what has failed and what has worked: another driver is used."""
        self._failed.clear()
        self._worked.clear()

    async def run[T](
        self,
        read: Callable[[], Awaitable[T]],
        io: Transport,
        of: tuple[Attribute[Any] | type[Capability], ...],
        component: str,
    ) -> T | None:
        """Run a reading if it is due; return None if it is not, or if it fails."""
        key = (same_work(read), component)
        patience = self._patience_for(key, io)
        if not patience:
            return None
        self._running.add(key)
        try:
            result = await self._within(patience, read, io)
        except (RefusedError, ReplyError, TimedOutError, UnreachableError, UsageError) as err:
            if isinstance(err, UnreachableError) and self._is_lost(io):
                raise
            self._fail(key, read, of, component, err)
            return None
        finally:
            self._running.discard(key)
        self._work(key, read)
        return result

    def _patience_for(self, key: Hashable, io: Transport) -> float:
        """Return the seconds that a reading may take now; 0 if it is not due.

        It may take half of what is left for all of them.
        """
        now = asyncio.get_running_loop().time()
        failed = self._failed.get(key)
        if key in self._running or (failed is not None and now < failed.again_at):
            return 0
        if now >= self._budget_ends:
            self._left, self._budget_ends = io.answers_within, now + BUDGET_LASTS
        return self._left / 2 if self._left / 2 >= LEAST_PATIENCE else 0

    async def _within[T](
        self, patience: float, read: Callable[[], Awaitable[T]], io: Transport
    ) -> T:
        loop, held = asyncio.get_running_loop(), self._held.seconds
        began = loop.time()
        try:
            async with excused_timeout(patience, self._held):
                return await self._guard.run(read)
        except (TimedOutError, TimeoutError) as err:
            self._left -= loop.time() - began - (self._held.seconds - held)
            self.broke_connection |= io.gave_up()
            raise TimedOutError(t"no answer") from err

    def _is_lost(self, io: Transport) -> bool:
        """Return whether a broken connection means more than a reading that failed."""
        return io.holds_connection or not self._state.is_proven

    def _work(self, key: Hashable, read: Callable[[], object]) -> None:
        """Remember that a reading works."""
        self._worked.pop(key, None)
        while len(self._worked) >= MAX_WORKED:
            del self._worked[next(iter(self._worked))]
        self._worked[key] = None
        if self._failed.pop(key, None) is not None:
            _LOGGER.info("%s: %s works again", self._device.label, name_of(read))

    def _fail(
        self,
        key: Hashable,
        read: Callable[[], object],
        of: tuple[Attribute[Any] | type[Capability], ...],
        component: str,
        reason: EdgeError,
    ) -> None:
        """Remember a failure, and make what the reading would have told unknown."""
        attributes = [attribute for each in of for attribute in _attributes_of(each)]
        for attribute in attributes:
            self._state.emit(attribute, None, component)
        former, now = self._failed.pop(key, None), asyncio.get_running_loop().time()
        first_wait = LOST_AGAIN if key in self._worked else SOONEST_AGAIN
        wait = min(2 * former.wait, LATEST_AGAIN) if former else first_wait
        reason.__traceback__ = reason.__cause__ = reason.__context__ = None  # and what it had read
        failed = FailedReading(
            name_of(read),
            component,
            tuple(attribute.id for attribute in attributes),
            reason,
            former.since if former else time.time(),
            former.times + 1 if former else 1,
            wait,
            now + wait,
        )
        while len(self._failed) >= MAX_FAILED:
            del self._failed[next(iter(self._failed))]
        self._failed[key] = failed
        self._log(failed)
        self.on_failed(wait)

    def _log(self, failed: FailedReading) -> None:
        """Log a failure, once for each reading."""
        unknown = ", ".join(failed.unknown) or "what it reads"
        what = f"{failed.name} of {failed.component} failed, so {unknown} is unknown"
        if what not in self._logged and len(self._logged) < MAX_FAILED:
            self._logged.add(what)
            shown = self._device.privacy.text(what)
            _LOGGER.warning("%s: %s: %s", self._device.label, shown, failed.reason)


def name_of(read: Callable[[], object]) -> str:
    """Return what a reading is called: its function, and the texts that are given to it."""
    function: Callable[..., object] = read
    arguments: tuple[object, ...] = ()
    while isinstance(function, partial):
        arguments, function = (*function.args, *arguments), function.func
    texts = (each for each in arguments if isinstance(each, str))
    return one_line(" ".join((getattr(function, "__name__", "a reading"), *texts)))[:MAX_NAME]


def _attributes_of(each: Attribute[Any] | type[Capability]) -> tuple[Attribute[Any], ...]:
    return (each,) if isinstance(each, Attribute) else tuple(each.attributes)
