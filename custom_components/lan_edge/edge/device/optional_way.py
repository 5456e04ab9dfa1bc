"""Keeps an optional way open while its device is connected: it is tried ever more rarely."""

import asyncio
from contextlib import suppress
from random import uniform

from ..connection.connection import STABLE_AFTER
from ..errors import CertificateError, CredentialsError, EdgeError, TimedOutError
from ..network.address import Address
from ..timing.lazy_event import LazyEvent
from ..transports import Options
from .way import Way

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds between two attempts; doubled each time, unless it was open for long."""
WAY_TIMEOUT = 10.0
"""Seconds to open it, its identification included."""


class OptionalWay:
    """Opens one way now, and again whenever it was lost, until it is closed."""

    def __init__(self, way: Way) -> None:
        """Do nothing until `start`."""
        self.way = way
        self._wake = LazyEvent()
        self._task: asyncio.Task[None] | None = None
        way.on_away = self._wake.set

    def start(self, address: Address, first: Options) -> None:
        """Keep it open, beside `io` at `address` with the options `first`."""
        self._task = asyncio.create_task(self._keep_open(address, first))

    async def close(self) -> None:
        """Close it, and no longer try to open it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def announced(self) -> None:
        """Take note that the device announced itself: try again now, if it is not open."""
        if not self.way.is_open:
            self._wake.set()

    async def _keep_open(self, address: Address, first: Options) -> None:
        delay, loop = FIRST_PAUSE, asyncio.get_running_loop()
        while True:
            self._wake.clear()
            failure, began = await self._open(address, first), loop.time()
            if failure is None:
                await self._stay()
            if isinstance(failure, CredentialsError | CertificateError):
                delay = LONGEST_PAUSE
            elif loop.time() - began >= STABLE_AFTER:
                delay = FIRST_PAUSE
            await self._pause(delay)
            delay = min(2 * delay, LONGEST_PAUSE)

    async def _open(self, address: Address, first: Options) -> EdgeError | None:
        way = self.way
        try:
            async with asyncio.timeout(WAY_TIMEOUT):
                await way.open(address, first)
        except TimeoutError:
            way.lost(TimedOutError(t"{way.name}: not open within {WAY_TIMEOUT:g} s"))
        except EdgeError as err:
            way.lost(err)
        return way.reason

    async def _stay(self) -> None:
        """Wait until it is lost; everything is read when it is opened, and when it is lost."""
        self.way.link.on_missed()
        if self.way.is_open:
            await self._wake.wait()
        await self.way.close()
        self.way.link.on_missed()

    async def _pause(self, delay: float) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(delay * uniform(0.7, 1.3)):  # noqa: S311
                await self._wake.wait()
