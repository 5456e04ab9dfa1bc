"""What is done to a device while its transport is closed, between two connections."""

import asyncio
from collections.abc import Callable
from functools import partial

from ..connection.connection import Connection
from ..errors import UnreachableError


class Interruptions:
    """The work that waits until the connection, or the attempt under way, has ended."""

    __slots__ = ("_waiting", "is_in_use")

    def __init__(self) -> None:
        """Start without work."""
        self._waiting: list[Callable[[], None]] = []
        self.is_in_use = False
        """Whether the transport may be open."""

    async def interrupt(self, connection: Connection, work: Callable[[], None]) -> None:
        """End the connection or the attempt under way, do the work, and connect again at once.

        Raises what `work` raises.
        """
        if not self.is_in_use:
            work()
        else:
            done = asyncio.get_running_loop().create_future()
            self._waiting.append(partial(_settle, done, work))
            connection.interrupt(UnreachableError(t"its driver was replaced"))
            await done
        connection.retry()

    def ended(self) -> None:
        """Do the work: the transport is closed."""
        self.is_in_use = False
        while self._waiting:
            self._waiting.pop(0)()


def _settle(done: asyncio.Future[None], work: Callable[[], None]) -> None:
    """Do some work for which a future waits."""
    try:
        work()
    except Exception as err:  # noqa: BLE001  # for the caller to handle
        if not done.done():
            done.set_exception(err)
    else:
        if not done.done():
            done.set_result(None)
