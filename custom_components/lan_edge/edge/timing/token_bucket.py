"""Limits the rate of events by a token bucket."""

import asyncio
from math import inf


class TokenBucket:
    """Allows `rate` events a second on average, and `burst` at once: by default, as many."""

    __slots__ = ("_burst", "_rate", "_tokens", "_updated_at")

    def __init__(self, rate: float, burst: float | None = None) -> None:
        """Start full."""
        self._rate = rate
        self._burst = self._tokens = rate if burst is None else burst
        self._updated_at = -inf

    def take(self) -> bool:
        """Take a token; return False if there is none."""
        now = asyncio.get_running_loop().time()
        gained = (now - self._updated_at) * self._rate
        self._tokens = min(self._burst, self._tokens + gained)
        self._updated_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
