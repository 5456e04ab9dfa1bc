"""A timeout that counts silence, not the time in all: whatever is heard restarts it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from .moving_timeout import moving_timeout


@asynccontextmanager
async def silence_timeout(seconds: float, heard_at: Callable[[], float]) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block once nothing has been heard for `seconds`.

    `heard_at` returns when something was last heard, in loop time.
    """
    began = asyncio.get_running_loop().time()
    async with moving_timeout(lambda: max(began, heard_at()) + seconds):
        yield
