"""Reading a device: at each connection, as often as its driver says, and after trouble."""

import asyncio
from collections.abc import Callable

from ..timing.timers import Timers, Work
from ..transports import Transport
from .core import DeviceCore

FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0
"""Seconds to wait after trouble, in which the device may still do what it was told before; doubled
each time that reading fails again."""


class Reading:
    """When one device is read, and what of it is taken for an answer."""

    __slots__ = ("_cancel", "_core", "_io", "_read_at", "_timers", "_wait")

    def __init__(self, core: DeviceCore, timers: Timers) -> None:
        """Have read nothing."""
        self._core = core
        self._timers = timers
        self._read_at = 0.0
        self._wait = FIRST_WAIT
        self._cancel: Callable[[], None] | None = None
        """Cancels the reading that is due after trouble."""

    async def refresh(self, *, is_first: bool = False) -> None:
        """Have the driver read everything; `is_first` in a connection."""
        core = self._core
        with core.state.asking(is_first=is_first):
            await core.guard.run(core.driver.refresh)
        self._read_at, self._wait = asyncio.get_running_loop().time(), FIRST_WAIT

    def start(self, io: Transport) -> None:
        """Poll from now on, as often as the driver says."""
        self._io = io
        if (interval := self._core.driver.poll_interval) is not None:
            self._timers.every(interval, self._poll)
            if not io.pushes:
                self.again_later(self._poll)

    async def _poll(self) -> None:
        if asyncio.get_running_loop().time() - self._read_at >= self._io.reconcile:
            await self.refresh()

    def again_later(self, read: Work | None = None) -> None:
        """Read once more when trouble is over: what is shown must not be wrong until the poll."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._timers.after(self._wait, read or self.refresh)

    def failed(self) -> None:
        """Try again later, and each time it fails after twice as long."""
        self.again_later()
        self._wait = min(2 * self._wait, LONGEST_WAIT)

    def again_now(self) -> None:
        """Read once more, as soon as it is its turn."""
        self._timers.after(0, self.refresh)
