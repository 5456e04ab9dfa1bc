"""Limits how many devices are being connected at the same time.

After a power cut, devices are tried in order: first come, first served. A slot is held until its
attempt ends. The more devices wait, the sooner a silent attempt loses its slot: each device gets
one within `ROUND` seconds, and devices that are still off do not block one that is back. Devices
that were just sighted have slots of their own.
"""

import asyncio
from collections.abc import Callable

SLOTS = 40
SIGHTED_SLOTS = 10
"""Additional slots, for devices that were just sighted."""
ROUND = 5.0
"""Seconds within which each waiting device gets a slot."""
SHORTEST_HOLD = 0.2
"""Seconds that a silent attempt may hold its slot at least: most devices answer far sooner."""


class ConnectSlot:
    """A slot that one attempt holds or waits for."""

    __slots__ = ("_granted", "_queue", "began_at", "on_overdue")

    def __init__(self, queue: ConnectQueue, on_overdue: Callable[[], None]) -> None:
        """Queue for a slot; `on_overdue` is called when it is taken away."""
        self._queue = queue
        self.on_overdue = on_overdue
        self._granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.began_at = 0.0

    async def wait(self) -> bool:
        """Wait for the slot; return False if `stop_waiting` was called first."""
        return await self._granted

    def grant(self, now: float) -> None:
        """Give the slot to the attempt."""
        self.began_at = now
        if not self._granted.done():
            self._granted.set_result(True)

    def stop_waiting(self) -> None:
        """Stop waiting; a slot that is held already is kept."""
        if not self._granted.done():
            self._granted.set_result(False)
            self._queue.release(self)

    def release(self) -> None:
        """Free the slot, or stop waiting for it."""
        self._queue.release(self)


class ConnectQueue:
    """A fixed number of slots, and the attempts that wait for one."""

    def __init__(self, slots: int) -> None:
        """Start with all `slots` free."""
        self._slots = slots
        self._holding: dict[ConnectSlot, None] = {}
        """The slots that are held, the longest first."""
        self._waiting: dict[ConnectSlot, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, on_overdue: Callable[[], None]) -> ConnectSlot:
        """Return a slot to wait for; `on_overdue` is called if it is held for too long."""
        slot = ConnectSlot(self, on_overdue)
        self._waiting[slot] = None
        self._assign()
        return slot

    def release(self, slot: ConnectSlot) -> None:
        """Free a slot, or stop waiting for it."""
        self._holding.pop(slot, None)
        self._waiting.pop(slot, None)
        self._assign()

    @property
    def hold_time(self) -> float:
        """Seconds for which a silent attempt may hold a slot, given how many others wait."""
        return max(ROUND * self._slots / (len(self._waiting) + self._slots), SHORTEST_HOLD)

    def _assign(self) -> None:
        """Grant the free slots; if attempts still wait, take away slots held for too long."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            if len(self._holding) >= self._slots:
                longest = next(iter(self._holding))
                if (left := longest.began_at + self.hold_time - now) > 0:
                    self._timer = loop.call_later(left, self._assign)
                    return
                del self._holding[longest]
                longest.on_overdue()
            slot = next(iter(self._waiting))
            del self._waiting[slot]
            self._holding[slot] = None
            slot.grant(now)


class ConnectLimiter:
    """The two queues of all devices: one for those just sighted, one for the rest."""

    def __init__(self) -> None:
        """Start with empty queues."""
        self.usual = ConnectQueue(SLOTS)
        self.sighted = ConnectQueue(SIGHTED_SLOTS)
