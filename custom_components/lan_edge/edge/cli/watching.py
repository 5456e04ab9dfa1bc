"""Watches the file of a driver: when it is saved, its new version takes over a running device."""

import asyncio
from typing import Protocol

from ..driver.driver import AnyDriver
from ..errors import DriverError
from .drivers import FileDriver

FILE_INTERVAL = 0.5
"""Seconds between two looks at the file."""


class Taker(Protocol):
    """What the new versions of a driver are for."""

    async def take(self, driver: AnyDriver) -> None:
        """Have another version of the driver take over; raise DriverError if it cannot."""

    def report(self, event: str, text: str, style: str) -> None:
        """Say what has become of the file."""


async def watch(file: FileDriver, taker: Taker) -> None:
    """Have each version of a file that is saved take over; a broken one is reported.

    Then the last good one stays in use.
    """
    reported = ""
    while True:
        await asyncio.sleep(FILE_INTERVAL)
        changed = await file.folder.look()
        broken = "; ".join(str(failure) for failure in file.folder.failures)
        if changed and not broken:
            broken = await _taken(file, taker)
        if broken and broken != reported:
            taker.report("broken", f"not used: {broken}", "red")
        reported = broken


async def _taken(file: FileDriver, taker: Taker) -> str:
    """Have a new version take over; return why it cannot, or empty text."""
    try:
        await taker.take(file.driver)
    except DriverError as err:
        return str(err)
    taker.report("replaced", "the saved file is in use", "green")
    return ""
