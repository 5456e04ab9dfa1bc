"""Reads a device: at each connection, at its driver's interval, and after failures."""

import asyncio
from collections.abc import Callable, Collection
from math import inf
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.kinds import Kind
from ..errors import CredentialsError, ReplyError
from ..timing.timers import Timers, Work
from ..transports import Transport
from .core import DeviceCore

FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0
"""Seconds until a read after a failure, since the device may still be carrying out a command;
doubled each time the read fails again."""

MOST_UNREADABLE = 3
"""Reads in a row that make no sense, after which a device counts as lost: what it shows is old."""
STEADY = (Kind.HIDDEN, Kind.DIAGNOSTIC)
"""The kinds of attributes for which alone a device is not polled: lists, limits, versions."""


class Reading:
    """Schedules the reads of one device, and marks the values that they emit."""

    __slots__ = (
        "_cancel",
        "_core",
        "_io",
        "_polling",
        "_read_at",
        "_timers",
        "_unreadable",
        "_wait",
        "is_refused",
        "on_read",
    )

    def __init__(self, core: DeviceCore, timers: Timers) -> None:
        """Read nothing yet."""
        self._core = core
        self._io: Transport | None = None
        """The transport of the last connection."""
        self._timers = timers
        self._read_at = 0.0
        self._wait = FIRST_WAIT
        self._unreadable = 0
        """The last reads in a row that made no sense."""
        self.is_refused = False
        """Whether the login was refused to the last read."""
        self._cancel: Callable[[], None] | None = None
        """Cancels the read that is scheduled after a failure."""
        self.on_read: Callable[[], None] = lambda: None
        """Called when the device has been read again."""
        self._polling: tuple[float | None, Callable[[], None]] = (None, lambda: None)
        """The driver's interval, and what ends the polling."""
        core.state.watch_unlisted(self._read_unlisted_soon)

    async def refresh(self, *, is_first: bool = False) -> None:
        """Read everything with the driver; `is_first`: for the first time in this connection."""
        core = self._core
        self.is_refused = False
        try:
            with core.state.reading(is_first=is_first, of_all=True):
                await core.guard.run(core.driver.refresh)
        except ReplyError:
            self._unreadable += 1
            raise
        except CredentialsError:
            self.is_refused = True
            raise
        await core.state.backlog.made()
        self._read_at, self._wait = asyncio.get_running_loop().time(), FIRST_WAIT
        self._unreadable = 0
        if not is_first:
            self.on_read()

    def start(self, io: Transport) -> None:
        """Start polling at the driver's interval."""
        self._io = io
        self._poll_every(self._core.driver.poll_interval)
        if self._core.driver.poll_interval is not None and not io.pushes:
            self.refresh_later(self._poll)

    def driver_replaced(self) -> None:
        """Poll at the interval of the new driver, and read everything soon."""
        if (interval := self._core.driver.poll_interval) != self._polling[0]:
            self._polling[1]()
            self._poll_every(interval)
        self.refresh_soon()

    def _poll_every(self, interval: float | None) -> None:
        end = self._timers.every(interval, self._poll) if interval is not None else lambda: None
        self._polling = (interval, end)

    @property
    def interval(self) -> float:
        """Seconds between two reads; infinite if the device is not polled."""
        interval = self._core.driver.poll_interval
        return inf if interval is None else max(interval, self._reconcile)

    @property
    def _reconcile(self) -> float:
        """Seconds between two reads while the device reports by itself; 0: poll as usual."""
        driver, reconcile = self._core.driver, self._io.reconcile if self._io else 0
        if driver.pushed is None:
            return reconcile
        return 0 if self._polls_beside(driver.pushed) else max(reconcile, driver.usual_poll or 0)

    def _polls_beside(self, pushed: Collection[Attribute[Any]]) -> bool:
        """Return whether something may change that the device does not report by itself."""
        core = self._core
        return any(
            a.kind not in STEADY and a not in pushed
            for name, component in core.profile.components.items()
            for a in component.attributes
            if core.components.is_there(name)
        )

    async def _poll(self) -> None:
        if asyncio.get_running_loop().time() - self._read_at >= self._reconcile:
            await self.refresh()

    def refresh_later(self, read: Work | None = None) -> None:
        """Read once after a short wait: the state may be wrong, and the next poll is far away."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._timers.after(self._wait, read or self.refresh)

    def failed(self) -> None:
        """Read again later; double the wait each time."""
        self.refresh_later()
        self._wait = min(2 * self._wait, LONGEST_WAIT)

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing that the device tells has made sense for several reads."""
        return self._unreadable >= MOST_UNREADABLE

    def refresh_soon(self) -> None:
        """Read once as soon as possible, in the device's command queue; once a second at most."""
        self._timers.after(0, self._read_soon)

    def _read_unlisted_soon(self) -> None:
        self._timers.after(0, self._read_unlisted)

    async def _read_unlisted(self) -> None:
        if self._core.state.take_unlisted():  # unless it has been listed meanwhile
            await self.refresh()

    def refresh_in(self, seconds: float) -> None:
        """Read once in `seconds`, to try again what failed."""
        self._timers.after(seconds, self._read_again)

    async def _read_again(self) -> None:
        await self.refresh()  # of its own, so that no other read puts it off

    async def _read_soon(self) -> None:
        await self.refresh()  # not the work of `refresh_later`, which would put it off
