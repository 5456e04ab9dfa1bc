"""Devices that are off the network for a while after they were asked too often."""

import asyncio
from collections import deque

AWAY = 30.0
"""Seconds for which it is off."""
SPAN = 3.0
"""Seconds over which requests are counted."""


class Overload:
    """Counts the requests to a device, if it has a limit."""

    def __init__(self) -> None:
        self.rate = 0.0
        """Requests a second that it bears; 0: any number."""
        self.count = 0
        """How often it was off."""
        self._asked = deque[float]()
        self._until = 0.0

    def is_away(self) -> bool:
        """Take note of a request; return whether the device is off the network now."""
        if not self.rate:
            return False
        at = asyncio.get_running_loop().time()
        self._asked.append(at)
        while self._asked[0] < at - SPAN:
            self._asked.popleft()
        if len(self._asked) > SPAN * self.rate:
            self._until, self.count = at + AWAY, self.count + 1
            self._asked.clear()
        return at < self._until
