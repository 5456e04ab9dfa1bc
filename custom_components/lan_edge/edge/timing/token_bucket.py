"""Limits the rate of events by a token bucket."""

import asyncio


class TokenBucket:
    """Allows `rate` events a second on average, and as many at once."""

    def __init__(self, rate: float) -> None:
        """Start full."""
        self._rate = self._tokens = rate
        self._updated_at = asyncio.get_running_loop().time()

    def take(self) -> bool:
        """Take a token; return False if there is none."""
        now = asyncio.get_running_loop().time()
        gained = (now - self._updated_at) * self._rate
        self._tokens = min(self._rate, self._tokens + gained)
        self._updated_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
