"""Attempts to reach a device, one at a time.

An attempt that hangs must hold up nobody: neither other devices, nor the device itself once it is
sighted again.
"""

import asyncio

from ..errors import EdgeError, TimedOutError, UnreachableError
from ..network.address import Address
from .connectable import Connectable
from .limiter import ConnectLimiter, ConnectSlot

HANGING = 1.0
"""Seconds of silence after which a new sighting at the same address ends an attempt."""
HURRY_INTERVAL = 5.0
"""Seconds in which sightings end one attempt at most, or a flood of them would end all."""


class Attempts:
    """The attempts of one connection."""

    __slots__ = ("_hurried_at", "_limiter", "_running", "_slot", "_target", "count", "is_sighted")

    def __init__(self, target: Connectable, limiter: ConnectLimiter) -> None:
        """Start with none made."""
        self._target = target
        self._limiter = limiter
        self._slot: ConnectSlot | None = None
        self._running: tuple[asyncio.Task[None], Address, float] | None = None
        """The attempt under way, its address, and when it began."""
        self._hurried_at = -HURRY_INTERVAL
        self.count = 0
        self.is_sighted = False
        """Whether there is a reason to try now, other than the time that has passed."""

    async def attempt(self, address: Address, timeout: float) -> EdgeError | None:
        """Try an address when a slot is free; return why it failed, or None."""
        slot = await self._enter()
        try:
            return await self._run(address, timeout)
        finally:
            self._slot = None
            slot.leave()

    async def _enter(self) -> ConnectSlot:
        """Wait for a slot; a device that is sighted meanwhile changes queues."""
        while True:
            queue = self._limiter.sighted if self.is_sighted else self._limiter.usual
            slot = self._slot = queue.enter(self._overdue)
            try:
                if await slot.wait():
                    return slot
            except asyncio.CancelledError:
                slot.leave()
                raise

    async def _run(self, address: Address, timeout: float) -> EdgeError | None:
        self.count += 1
        task = asyncio.Task(self._establish(address, timeout), eager_start=True)
        self._running = (task, address, asyncio.get_running_loop().time())
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        finally:
            self._running = None
        if task.cancelled():
            return UnreachableError(f"{address}: silent, and given up early")
        failure = task.exception()
        if failure is None or isinstance(failure, EdgeError):
            return failure
        return UnreachableError(repr(failure))

    async def _establish(self, address: Address, timeout: float) -> None:
        try:
            async with asyncio.timeout(timeout):
                await self._target.establish(address)
        except TimeoutError as err:
            raise TimedOutError(f"{address}: not ready within {timeout:g} s") from err

    def go_ahead(self) -> None:
        """Move a device that waits, and was sighted, to the queue of those."""
        if self._slot is not None and not self.is_sighted:
            self.is_sighted = True
            self._slot.give_up()

    def hurry(self, addresses: tuple[Address, ...]) -> None:
        """End an attempt that hangs, now that the device was sighted at `addresses`."""
        if self._running is None:
            return
        task, address, began_at = self._running
        now = asyncio.get_running_loop().time()
        hangs = self._target.liveness.heard_at < began_at and (
            address != addresses[0] or now - began_at > HANGING
        )
        if hangs and now - self._hurried_at >= HURRY_INTERVAL:
            self._hurried_at = now
            task.cancel()

    def _overdue(self) -> None:
        """End an attempt that is silent while others wait for its slot."""
        if self._running is not None:
            task, _, began_at = self._running
            if self._target.liveness.heard_at < began_at:
                task.cancel()
