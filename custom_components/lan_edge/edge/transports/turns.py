"""Turns on a connection that carries one conversation at a time, such as a stream of bytes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

_TURN: ContextVar[object] = ContextVar("turn", default=None)
"""The turn that the running code belongs to; one that is over belongs to nobody."""


class Turns:
    """Gives one piece of work its turn at a time; what it calls belongs to the same turn."""

    __slots__ = ("_begun", "_ended", "_lock", "_turn")

    def __init__(
        self, begun: Callable[[], None], ended: Callable[[BaseException | None], None]
    ) -> None:
        """Call `begun` before each turn, and `ended` after it, with the error that it ended in."""
        self._begun = begun
        self._ended = ended
        self._lock = asyncio.Lock()
        self._turn: object = None

    @property
    def is_taken(self) -> bool:
        """Whether a turn is under way."""
        return self._turn is not None

    async def take[T](self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` once it has its turn; return its result."""
        if self._turn is not None and _TURN.get() is self._turn:
            return await work()
        async with self._lock:
            self._turn = turn = object()
            token = _TURN.set(turn)
            self._begun()
            failure: BaseException | None = None
            try:
                return await work()
            except BaseException as err:
                failure = err
                raise
            finally:
                _TURN.reset(token)
                self._turn = None
                self._ended(failure)
