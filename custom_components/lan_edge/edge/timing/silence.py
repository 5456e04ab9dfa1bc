"""A timeout that counts silence, not the time in all: whatever is heard restarts it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def silence_timeout(seconds: float, heard_at: Callable[[], float]) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block once nothing has been heard for `seconds`.

    `heard_at` returns when something was last heard, in loop time.
    """
    loop = asyncio.get_running_loop()
    began, timeout = loop.time(), asyncio.timeout(None)
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        due = max(began, heard_at()) + seconds
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
