"""Requests that wait for their replies, by the key that tells which reply is whose."""

import asyncio
from collections.abc import Callable, Hashable

from ..errors import EdgeError, TimedOutError, UnreachableError

MAX_PENDING = 256
"""Requests that may wait at a time; a device that answers none of so many is stuck."""


class Pending[Key: Hashable, Reply]:
    """The requests under way; each ends in its reply, an error, or its deadline."""

    def __init__(self) -> None:
        """Start with none."""
        self._waiting: dict[Key, asyncio.Future[Reply]] = {}

    def __contains__(self, key: Key) -> bool:
        """Whether a request with that key waits."""
        return key in self._waiting

    async def ask(self, key: Key, send: Callable[[], None], timeout: float, what: str) -> Reply:
        """Send, and return the reply to `key` within `timeout` seconds."""
        if len(self._waiting) >= MAX_PENDING or key in self._waiting:
            msg = f"{what}: {len(self._waiting)} requests wait already"
            raise UnreachableError(msg)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        self._waiting[key] = future
        # a timer of our own costs a third of asyncio.timeout, on every command
        timer = loop.call_later(timeout, self.fail, key, TimedOutError(f"{what}: no answer"))
        try:
            send()
            return await future
        finally:
            timer.cancel()
            self._waiting.pop(key, None)

    def resolve(self, key: Key, reply: Reply) -> bool:
        """Hand a reply to its request; False if none waits for it (any more)."""
        future = self._waiting.pop(key, None)
        if future is None or future.done():
            return False
        future.set_result(reply)
        return True

    def fail(self, key: Key, error: EdgeError) -> None:
        """End one request with an error, if it still waits."""
        future = self._waiting.pop(key, None)
        if future is not None and not future.done():
            future.set_exception(error)

    def fail_all(self, error: EdgeError) -> None:
        """End every request with the same error."""
        for key in list(self._waiting):
            self.fail(key, error)
