"""How many devices are connected to at the same time.

When many lose their power together, they are tried in order: first come, first served. A slot is
held until the device is heard or its attempt ends. The more devices wait, the sooner a silent
attempt must give its slot up, so that everybody has had a turn within `ROUND` seconds and those
that are still dead do not keep out the one that is back. Devices that were just sighted have slots
of their own.
"""

import asyncio
from collections.abc import Callable

SLOTS = 40
SIGHTED_SLOTS = 10
"""Slots for devices that were just sighted, beside the others."""
ROUND = 5.0
"""Seconds in which everybody who waits shall have a turn."""
SHORTEST_TURN = 0.2
"""The least seconds of silence an attempt is given: most devices answer within milliseconds."""


class ConnectSlot:
    """A slot that one attempt holds or waits for."""

    __slots__ = ("_granted", "_queue", "began_at", "overdue")

    def __init__(self, queue: ConnectQueue, overdue: Callable[[], None]) -> None:
        """Call `overdue` when the slot is taken away."""
        self._queue = queue
        self.overdue = overdue
        self._granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.began_at = 0.0

    async def wait(self) -> bool:
        """Wait for the slot; return False if it was given up meanwhile."""
        return await self._granted

    def grant(self, now: float) -> None:
        """Let the attempt begin."""
        self.began_at = now
        if not self._granted.done():
            self._granted.set_result(True)

    def give_up(self) -> None:
        """Stop waiting; a slot that was granted is kept."""
        if not self._granted.done():
            self._granted.set_result(False)
            self._queue.leave(self)

    def leave(self) -> None:
        """Make room for the next one."""
        self._queue.leave(self)


class ConnectQueue:
    """A number of slots, and those who wait for one."""

    def __init__(self, slots: int) -> None:
        """Have that many slots."""
        self._slots = slots
        self._holding: dict[ConnectSlot, None] = {}
        """In the order in which they were granted."""
        self._waiting: dict[ConnectSlot, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, overdue: Callable[[], None]) -> ConnectSlot:
        """Return a slot to wait for; `overdue` is called if it is held for too long."""
        slot = ConnectSlot(self, overdue)
        self._waiting[slot] = None
        self._arrange()
        return slot

    def leave(self, slot: ConnectSlot) -> None:
        """Free a slot, or stop waiting for it."""
        self._holding.pop(slot, None)
        self._waiting.pop(slot, None)
        self._arrange()

    @property
    def turn(self) -> float:
        """Seconds that the longest holder may keep its slot, given how many wait."""
        return max(ROUND * self._slots / (len(self._waiting) + self._slots), SHORTEST_TURN)

    def _arrange(self) -> None:
        """Grant free slots; if more are wanted, take away those held for too long."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            if len(self._holding) >= self._slots:
                longest = next(iter(self._holding))
                if (left := longest.began_at + self.turn - now) > 0:
                    self._timer = loop.call_later(left, self._arrange)
                    return
                del self._holding[longest]
                longest.overdue()
            slot = next(iter(self._waiting))
            del self._waiting[slot]
            self._holding[slot] = None
            slot.grant(now)


class ConnectLimiter:
    """The queues of all devices: those just sighted, and the rest."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.usual = ConnectQueue(SLOTS)
        self.sighted = ConnectQueue(SIGHTED_SLOTS)
