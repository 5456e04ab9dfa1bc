"""Silence while commands wait: how long a device that should answer was not heard."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from .deadline import Deadline

SUSPICIOUS = 1.0
"""Seconds of silence that are noticed."""

type Look = Callable[[float], float]
"""Is told how long the silence lasts; says in how many seconds to look again."""


class Silence(Deadline):
    """Looks after whoever waits, `with silence:`, however many they are and whoever's turn it is.

    What is heard meanwhile, of whatever it is the answer, begins a new silence.
    """

    __slots__ = ("_heard_at", "_look", "_since", "_waiting")

    def __init__(self, heard_at: Callable[[], float], look: Look) -> None:
        """Have nobody wait; `heard_at` tells when the device was last heard."""
        super().__init__(self._noticed)
        self._heard_at = heard_at
        self._look = look
        self._waiting = 0
        self._since = 0.0

    def __enter__(self) -> None:
        """Have one more wait."""
        self._waiting += 1
        if self._waiting == 1:
            self._since = self.within(SUSPICIOUS) - SUSPICIOUS

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Have one less wait."""
        self._waiting -= 1
        if not self._waiting:
            self._when = None

    def _noticed(self) -> None:
        lasted = asyncio.get_running_loop().time() - max(self._since, self._heard_at())
        left = SUSPICIOUS - lasted
        self.within(left if left > 0 else self._look(lasted))
