"""Whether a device is available as others see it: a drop that soon heals does not show."""

import asyncio
from collections.abc import Callable

from ..timing.lazy_event import LazyEvent

GRACE = 2.0
"""Seconds in which a drop may heal without being shown."""


class Availability:
    """What is shown of one connection's ups and downs."""

    __slots__ = ("_grace", "_settled", "_tell", "is_shown")

    def __init__(self, tell: Callable[[bool], None]) -> None:
        """Start as unavailable; `tell` each change."""
        self._tell = tell
        self._grace: asyncio.TimerHandle | None = None
        self._settled = LazyEvent(is_set=True)
        self.is_shown = False
        """Whether the device is shown as available."""

    async def settled(self) -> None:
        """Wait while a drop may still heal."""
        await self._settled.wait()

    def up(self) -> None:
        """Show that it is connected."""
        self._cancel_grace()
        self._show(is_available=True)

    def down(self, *, at_once: bool) -> None:
        """Show the loss of the connection: after the grace period, or `at_once`."""
        if at_once:
            self._show(is_available=False)
        else:
            self._settled.clear()
            self._grace = asyncio.get_running_loop().call_later(GRACE, self._grace_is_over)

    def failed(self) -> None:
        """Show that an attempt failed, unless a drop may still heal."""
        if self._grace is None:
            self._show(is_available=False)

    def end(self) -> None:
        """Become unavailable for good, without telling; release whoever waits."""
        self.is_shown = False
        self._cancel_grace()
        self._settled.set()

    def _grace_is_over(self) -> None:
        self._grace = None
        self._show(is_available=False)

    def _cancel_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _show(self, *, is_available: bool) -> None:
        self._settled.set()
        if is_available is not self.is_shown:
            self.is_shown = is_available
            self._tell(is_available)
