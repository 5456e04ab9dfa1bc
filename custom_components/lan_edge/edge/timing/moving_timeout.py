"""A timeout that may turn out to be due later, whenever it seems to be due."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def moving_timeout(due: Callable[[], float]) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block at the loop time that `due` returns.

    It is called at the beginning, and again at each time that it has returned.
    """
    loop = asyncio.get_running_loop()
    timeout = asyncio.timeout(None)
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        at = due()
        if at > loop.time():
            timer = loop.call_at(at, look)
        else:
            timeout.reschedule(at)

    timer = loop.call_at(due(), look)
    try:
        async with timeout:
            yield
    finally:
        timer.cancel()
