"""Attempts to connect a device, one at a time.

An attempt that hangs must not delay others: not those of other devices, nor the next one of the
same device once it is sighted again.
"""

import asyncio

from ..errors import EdgeError, TimedOutError, UnreachableError
from ..network.address import Address
from ..timing.excused import excused_timeout
from ..timing.silence import silence_timeout
from .connectable import Connectable
from .limiter import ConnectLimiter, ConnectSlot

HANGS_AFTER = 1.0
"""Seconds of silence after which a sighting at the same address ends the attempt."""
HANG_INTERVAL = 5.0
"""Sightings end one attempt within these seconds at most: a flood must not end all of them."""


class Attempts:
    """The attempts of one connection."""

    __slots__ = (
        "_hanging_ended_at",
        "_limiter",
        "_running",
        "_slot",
        "_target",
        "count",
        "is_urgent",
    )

    def __init__(self, target: Connectable, limiter: ConnectLimiter) -> None:
        """Make no attempt yet."""
        self._target = target
        self._limiter = limiter
        self._slot: ConnectSlot | None = None
        self._running: tuple[asyncio.Task[None], Address, float] | None = None
        """The attempt under way, its address, and when it began."""
        self._hanging_ended_at = -HANG_INTERVAL
        self.count = 0
        self.is_urgent = False
        """Whether something other than the end of a delay triggered it, such as a sighting."""

    async def attempt(
        self, address: Address, timeout: float, *, silence: float
    ) -> EdgeError | None:
        """Connect at `address` once a slot is free; return why that failed, or None.

        It may take `timeout` seconds, and be silent for `silence`.
        """
        slot = await self._enter()
        try:
            return await self._run(address, timeout, silence)
        finally:
            self._slot = None
            slot.release()

    async def _enter(self) -> ConnectSlot:
        """Wait for a slot; a device that is sighted meanwhile changes to the other queue."""
        while True:
            queue = self._limiter.sighted if self.is_urgent else self._limiter.usual
            slot = self._slot = queue.enter(self._end_silent)
            try:
                if await slot.wait():
                    return slot
            except asyncio.CancelledError:
                slot.release()
                raise

    async def _run(self, address: Address, timeout: float, silence: float) -> EdgeError | None:
        self.count += 1
        task = asyncio.Task(self._establish(address, timeout, silence), eager_start=True)
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
            return UnreachableError(t"{address}: no answer, and the attempt was cut short")
        failure = task.exception()
        if isinstance(failure, EdgeError):
            # it is kept until the next one, and with it all that the code which failed had read
            failure.__traceback__ = failure.__cause__ = failure.__context__ = None
        if failure is None or isinstance(failure, EdgeError):
            return failure
        return UnreachableError(repr(failure))

    async def _establish(self, address: Address, timeout: float, silence: float) -> None:
        liveness = self._target.liveness
        try:
            async with (
                excused_timeout(timeout, liveness.held),
                silence_timeout(silence, lambda: liveness.silent_since),
            ):
                await self._target.establish(address)
        except TimeoutError as err:
            timeout = min(timeout, silence)
            raise TimedOutError(t"{address}: not ready within {timeout:g} s") from err

    def prioritize(self) -> None:
        """Move the device, if it waits for a slot, to the queue of sighted devices."""
        if self._slot is not None and not self.is_urgent:
            self.is_urgent = True
            self._slot.stop_waiting()

    def end(self) -> None:
        """End the attempt that is under way."""
        if self._running is not None:
            self._running[0].cancel()

    def end_hanging(self, addresses: tuple[Address, ...]) -> None:
        """End an attempt that hangs: the device was just sighted at `addresses`."""
        if self._running is None:
            return
        task, address, began_at = self._running
        now = asyncio.get_running_loop().time()
        hangs = self._target.liveness.silent_since < began_at and (
            address != addresses[0] or now - began_at > HANGS_AFTER
        )
        if hangs and now - self._hanging_ended_at >= HANG_INTERVAL:
            self._hanging_ended_at = now
            task.cancel()

    def _end_silent(self) -> None:
        """End an attempt without any answer yet: other devices wait for its slot."""
        if self._running is not None:
            task, _, began_at = self._running
            if self._target.liveness.silent_since < began_at:
                task.cancel()
