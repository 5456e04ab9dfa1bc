"""A timeout that leaves out the time in which something else was waited for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from .moving_timeout import moving_timeout


class Excused(Protocol):
    """The time that does not count."""

    @property
    def seconds(self) -> float:
        """The seconds so far, in all."""
        ...


@asynccontextmanager
async def excused_timeout(seconds: float, excused: Excused) -> AsyncGenerator[None]:
    """Raise TimeoutError in the block after `seconds`, without those that are excused meanwhile."""
    began, before = asyncio.get_running_loop().time(), excused.seconds
    async with moving_timeout(lambda: began + seconds + excused.seconds - before):
        yield
