"""A timeout that leaves out the time in which something else was waited for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol


class Excused(Protocol):
    """The time that does not count."""

    @property
    def seconds(self) -> float:
        """The seconds so far, in all."""
        ...


@asynccontextmanager
async def excused_timeout(seconds: float, excused: Excused) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block after `seconds`, without those that are excused meanwhile."""
    loop = asyncio.get_running_loop()
    began, before, timeout = loop.time(), excused.seconds, asyncio.timeout(None)
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        due = began + seconds + excused.seconds - before
        if due > loop.time():
            timer = loop.call_at(due, look)
        else:
            timeout.reschedule(due)

    timer = loop.call_at(began + seconds, look)
    try:
        async with timeout:
            yield
    finally:
        timer.cancel()
