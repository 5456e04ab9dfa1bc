"""A device: the handle by which it is started, set, asked and stopped."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from .commanded import Commanded
from .connection import Status
from .errors import ArgumentError, EdgeError, OfflineError, UnreachableError
from .hub import Hub
from .pilot import Pilot
from .record import Record
from .session import FAREWELL_TIMEOUT
from .settings import read_settings
from .timers import Tick


class Device(Commanded):
    """The handle on one device."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        *,
        settings: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        hub: Hub | None = None,
    ) -> None:
        """Make a handle from what is known; nothing is connected until `start`.

        `settings` is what the user chose, by the names of the driver's settings. Without a hub,
        the device cannot call: it is polled.
        """
        super().__init__(family, record, settings, secrets, hub)

    # from start to end

    def start(self) -> None:
        """Begin to connect, and stay connected until `stop`."""
        self.connection.start()

    async def stop(self) -> None:
        """Say goodbye and end: no task, timer or socket is left."""
        await self._farewell(self.driver.goodbye)
        await self._end()

    async def remove(self) -> None:
        """End for good: the device is told that it is removed, if it is there."""
        await self._farewell(self.driver.removed)
        await self._end()

    async def _farewell(self, say: Tick) -> None:
        if self.connection.status is Status.ONLINE:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guard.run(say)

    async def _end(self) -> None:
        await self.connection.stop()
        await self._close_callback()
        await self._turn.close(OfflineError("no longer in use"))
        self._silence.close()

    async def change_settings(self, chosen: Mapping[str, Any]) -> None:
        """Take what the user chose; tell the driver in the device's turn, if it is there.

        Where they tell another way to talk to the device, it is connected anew. Raises
        ArgumentError, and what the driver raises; then all is as before.
        """
        driver, old, way = self.driver, self.settings, self.driver.dial()
        new, wrong = read_settings(driver.Settings, chosen)
        if wrong:
            raise ArgumentError("; ".join(f"{key}: {why}" for key, why in wrong.items()))
        self.settings = driver.settings = new
        try:
            if self.connection.status is Status.ONLINE and new != old:
                work = partial(self._guard.run, partial(driver.settings_changed, old))
                await self._turn.run(work, deadline=self.io.deadline)
        except BaseException:
            self.settings = driver.settings = old
            raise
        self._chosen = dict(chosen)
        if driver.dial() != way:
            self.connection.lost(UnreachableError("the settings changed"))
            self.connection.retry()
