"""Requests that wait for their replies, by the key that tells which reply is whose."""

import asyncio
from collections.abc import Hashable

from ...errors import EdgeError, TimedOutError, UnreachableError
from ...timing.deadline import Deadline

MAX_PENDING = 256
"""Requests that may wait at a time; a device that answers none of so many is stuck."""


class Pending[Key: Hashable, Asked, Reply]:
    """The requests under way; each ends in its reply, an error, or its deadline."""

    def __init__(self) -> None:
        """Start with none."""
        self._waiting: dict[Key, tuple[asyncio.Future[Reply], float, Asked]] = {}
        self._deadline = Deadline(self._expire)

    def asked(self, key: Key) -> Asked | None:
        """Return what was asked with that key, if its reply is waited for."""
        found = self._waiting.get(key)
        return found and found[2]

    def expect(self, key: Key, asked: Asked, timeout: float) -> asyncio.Future[Reply]:
        """Return what becomes the reply to `key`, or fails in `timeout` seconds.

        Until `forget`. What was `asked` names it, as text, in errors.
        """
        if len(self._waiting) >= MAX_PENDING or key in self._waiting:
            msg = f"{asked}: {len(self._waiting)} requests wait already"
            raise UnreachableError(msg)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        self._waiting[key] = future, loop.time() + timeout, asked
        self._deadline.within(timeout)
        return future

    def forget(self, key: Key) -> None:
        """Wait for it no more."""
        self._waiting.pop(key, None)

    def _expire(self) -> None:
        """Fail what is over; the rest is looked at when the first of it is."""
        now = asyncio.get_running_loop().time()
        for key, (_, expires, asked) in list(self._waiting.items()):
            if expires <= now:
                self.fail(key, TimedOutError(f"{asked}: no answer"))
        if self._waiting:
            self._deadline.within(min(expires for _, expires, _ in self._waiting.values()) - now)

    def resolve(self, key: Key, reply: Reply) -> bool:
        """Hand a reply to its request; False if none waits for it (any more)."""
        future = self._take(key)
        if future is None:
            return False
        future.set_result(reply)
        return True

    def fail(self, key: Key, error: EdgeError) -> None:
        """End one request with an error, if it still waits."""
        if (future := self._take(key)) is not None:
            future.set_exception(error)

    def _take(self, key: Key) -> asyncio.Future[Reply] | None:
        """Return who waits for it, and still does."""
        found = self._waiting.pop(key, None)
        return None if found is None or found[0].done() else found[0]

    def fail_all(self, error: EdgeError) -> None:
        """End every request with the same error."""
        self._deadline.close()
        for key in list(self._waiting):
            self.fail(key, error)
