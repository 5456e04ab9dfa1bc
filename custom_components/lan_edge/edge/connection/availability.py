"""The availability of a device: a connection that recovers quickly stays available."""

import asyncio
from collections.abc import Callable

from ..timing.lazy_event import LazyEvent

GRACE = 2.0
"""A lost connection that recovers within these seconds stays available."""


class Availability:
    """Whether one device is available, short losses of its connection ignored."""

    __slots__ = ("_grace", "_on_change", "_settled", "is_available", "sleeps")

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        """Start as unavailable; call `on_change` with each new value."""
        self._on_change = on_change
        self._grace: asyncio.TimerHandle | None = None
        self._settled = LazyEvent(is_set=True)
        self.is_available = False
        self.sleeps = 0.0
        """Seconds for which the device may sleep: it stays available for so long."""

    async def settled(self) -> None:
        """Wait until a lost connection has either recovered or become unavailable."""
        await self._settled.wait()

    def up(self) -> None:
        """Become available: the device is connected."""
        self._cancel_grace()
        self._set(is_available=True)

    def down(self, *, at_once: bool) -> None:
        """Become unavailable after the grace period, or `at_once`: the connection was lost."""
        if at_once and not self.sleeps:
            self._set(is_available=False)
        else:
            self._settled.clear()
            grace = max(GRACE, self.sleeps)
            self._grace = asyncio.get_running_loop().call_later(grace, self._end_grace)

    def failed(self, *, needs_action: bool = False) -> None:
        """Become unavailable, unless in a grace period: an attempt failed.

        One that `needs_action` by the user shows that a device which may sleep is awake.
        """
        if needs_action and self.sleeps:
            self._cancel_grace()
        if self._grace is None:
            self._set(is_available=False)

    def end(self) -> None:
        """Become unavailable without calling `on_change`; end the wait of `settled`."""
        self.is_available = False
        self._cancel_grace()
        self._settled.set()

    def _end_grace(self) -> None:
        self._grace = None
        self._set(is_available=False)

    def _cancel_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _set(self, *, is_available: bool) -> None:
        self._settled.set()
        if is_available is not self.is_available:
            self.is_available = is_available
            self._on_change(is_available)
