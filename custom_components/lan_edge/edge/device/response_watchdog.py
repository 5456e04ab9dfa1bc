"""A watchdog for devices that fall silent while commands wait for them."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from ..connection.connectable import Liveness
from ..timing.deadline import Deadline

SUSPICIOUS = 1.0
"""Seconds of silence after which somebody looks."""

type Look = Callable[[float], float]
"""Is told how long the silence lasts; says in how many seconds to look again."""


class ResponseWatchdog:
    """Watches while at least one command waits: `with watchdog:`.

    Whatever the device says meanwhile ends the silence.
    """

    __slots__ = ("_deadline", "_liveness", "_look", "_since", "_waiting")

    def __init__(self, liveness: Liveness, look: Look) -> None:
        """Start with nobody waiting; `liveness` knows when the device was last heard."""
        self._deadline = Deadline(self._due)
        self._liveness = liveness
        self._look = look
        self._waiting = 0
        self._since = 0.0

    def __enter__(self) -> None:
        """Have one more command wait."""
        self._waiting += 1
        if self._waiting == 1:
            self._since = self._deadline.within(SUSPICIOUS) - SUSPICIOUS

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Have one command less wait."""
        self._waiting -= 1
        if not self._waiting:
            self._deadline.clear()

    def close(self) -> None:
        """Leave no timer."""
        self._deadline.close()

    def _due(self) -> None:
        silence = asyncio.get_running_loop().time() - max(self._since, self._liveness.heard_at)
        left = SUSPICIOUS - silence
        self._deadline.within(left if left > 0 else self._look(silence))
