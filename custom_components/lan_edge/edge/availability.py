"""Whether a device is there, as others see it: a drop that heals soon is not shown."""

import asyncio
from collections.abc import Callable

from .flag import Flag

GRACE = 2.0
"""Seconds in which a drop may heal unseen."""


class Availability:
    """What is shown of one connection's ups and downs."""

    __slots__ = ("_grace", "_settled", "_tell", "shown")

    def __init__(self, tell: Callable[[bool], None]) -> None:
        """Begin as not there; `tell` each change."""
        self._tell = tell
        self._grace: asyncio.TimerHandle | None = None
        self._settled = Flag(is_set=True)
        self.shown = False

    async def settled(self) -> None:
        """Wait while a drop may still heal: until there again, or gone for all to see."""
        await self._settled.wait()

    def up(self) -> None:
        """Learn that it is connected."""
        self._cancel_grace()
        self._show(there=True)

    def down(self, *, at_once: bool) -> None:
        """Learn that the connection is lost; that shows after the grace, unless `at_once`."""
        if at_once:
            self._show(there=False)
        else:
            self._settled.clear()
            self._grace = asyncio.get_running_loop().call_later(GRACE, self._grace_over)

    def failed(self) -> None:
        """Learn that it could not be connected."""
        if self._grace is None:
            self._show(there=False)

    def end(self) -> None:
        """Be gone, for good and without a word; let nobody wait."""
        self.shown = False
        self._cancel_grace()
        self._settled.set()

    def _grace_over(self) -> None:
        self._grace = None
        self._show(there=False)

    def _cancel_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    def _show(self, *, there: bool) -> None:
        self._settled.set()
        if there is not self.shown:
            self.shown = there
            self._tell(there)
