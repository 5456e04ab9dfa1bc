"""A timeout that may turn out to be due later, whenever it seems to be due."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from .patience import Patience


@asynccontextmanager
async def moving_timeout(due: Callable[[], float]) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block at the loop time that `due` returns.

    It is called at the beginning, and again at each time that it has returned. A program that is
    too busy to be in time for that waits longer.
    """
    loop = asyncio.get_running_loop()
    timeout, patience = asyncio.timeout(None), Patience()
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        at, now = due(), loop.time()
        if at > now:
            timer = loop.call_at(at, look)
        elif more := patience.more(now - timer.when()):
            timer = loop.call_at(now + more, look)
        else:
            timeout.reschedule(at)

    timer = loop.call_at(due(), look)
    try:
        async with timeout:
            yield
    finally:
        timer.cancel()
