"""Watches the file of a driver: when it is saved, its new version takes over a running device."""

import asyncio
from typing import Protocol

from ..driver.driver import AnyDriver
from ..errors import DriverError
from .drivers import FileDriver
from .sentences import mistakes

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

    Then the last good one stays in use, as it does while the file is gone.
    """
    reported, was_gone = "", False
    while True:
        await asyncio.sleep(FILE_INTERVAL)
        changed = await file.look()
        if file.is_gone:
            if not was_gone:
                taker.report("gone", f"{file.path} is gone: its driver stays in use", "yellow")
            reported, was_gone = "", True
            continue
        broken = "; ".join(map(mistakes, file.failures))
        if changed and not broken:
            broken = await _taken(file, taker, is_back=was_gone)
        if broken and broken != reported:
            taker.report("broken", f"not used: {broken}", "red")
        reported, was_gone = broken, was_gone and not (changed or broken)


async def _taken(file: FileDriver, taker: Taker, *, is_back: bool) -> str:
    """Have a new version take over; return why it cannot, or empty text."""
    try:
        await taker.take(file.driver)
    except DriverError as err:
        return str(err)
    text = f"{file.path} is back, and in use" if is_back else "the saved file is in use"
    taker.report("replaced", text, "green")
    return ""
