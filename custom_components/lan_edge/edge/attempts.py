"""Attempts to reach a device, one at a time: each has its place at the gate, and may be given up.

An attempt that hangs must keep nobody waiting: neither the others, nor the device itself once it
is seen again.
"""

import asyncio
from typing import Protocol

from .discovery import Address
from .errors import EdgeError, TimedOutError, UnreachableError
from .gate import Gate, Place

HANGING = 1.0
"""Seconds of silence after which a new sighting of the same address ends an attempt."""
HURRY_PAUSE = 5.0
"""Seconds in which sightings end one attempt at most: a flood of them must not end all."""


class Reached(Protocol):
    """What is tried to be reached: the device, as its attempts see it."""

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in the loop's seconds."""
        ...

    async def establish(self, address: Address) -> None:
        """Open, prove identity and read everything; raise EdgeError."""


class Attempts:
    """The attempts of one connection."""

    __slots__ = ("_gate", "_hurried_at", "_place", "_reached", "_under_way", "count", "seen")

    def __init__(self, reached: Reached, gate: Gate) -> None:
        """Have made none."""
        self._reached = reached
        self._gate = gate
        self._place: Place | None = None
        self._under_way: tuple[asyncio.Task[None], Address, float] | None = None
        self._hurried_at = -HURRY_PAUSE
        self.count = 0
        self.seen = False
        """Whether there is a reason to try now, not but the time that has passed."""

    async def at(self, address: Address, seconds: float) -> EdgeError | None:
        """Try an address for so long, once it is our turn; return why it failed, if it did."""
        place = await self._enter()
        try:
            return await self._run(address, seconds)
        finally:
            self._place = None
            place.leave()

    async def _enter(self) -> Place:
        """Wait until it may be tried; one that is seen while it waits goes on elsewhere."""
        while True:
            lane = self._gate.seen if self.seen else self._gate.usual
            place = self._place = lane.enter(self._overdue)
            try:
                if await place.wait():
                    return place
            except asyncio.CancelledError:
                place.leave()
                raise

    async def _run(self, address: Address, seconds: float) -> EdgeError | None:
        self.count += 1
        task = asyncio.Task(self._within(seconds, address), eager_start=True)
        self._under_way = (task, address, asyncio.get_running_loop().time())
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])
            raise
        finally:
            self._under_way = None
        if task.cancelled():
            return UnreachableError(f"{address}: silent, and given up early")
        failure = task.exception()
        if failure is None or isinstance(failure, EdgeError):
            return failure
        return UnreachableError(repr(failure))

    async def _within(self, seconds: float, address: Address) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._reached.establish(address)
        except TimeoutError as err:
            msg = f"{address}: not ready within {seconds:g} s"
            raise TimedOutError(msg) from err

    def go_ahead(self) -> None:
        """Learn that the device was seen: if it waits, it goes on where those do."""
        if self._place is not None and not self.seen:
            self.seen = True
            self._place.give_up()

    def hurry(self, addresses: tuple[Address, ...]) -> None:
        """End an attempt that hangs: it must not keep a device waiting that is there."""
        if self._under_way is None:
            return
        task, address, since = self._under_way
        now = asyncio.get_running_loop().time()
        hangs = self._reached.heard_at < since and (
            address != addresses[0] or now - since > HANGING
        )
        if hangs and now - self._hurried_at >= HURRY_PAUSE:
            self._hurried_at = now
            task.cancel()

    def _overdue(self) -> None:
        """End an attempt that hangs while others wait to be tried."""
        if self._under_way is not None:
            task, _, since = self._under_way
            if self._reached.heard_at < since:
                task.cancel()
