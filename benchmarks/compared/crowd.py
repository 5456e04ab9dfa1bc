"""Fifty devices: added, there after a restart without internet, told at once; then one is dead."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
import time

from .faults import CALM, UNAVAILABLE
from .placed import Placed
from .results import Result
from .sides import Side

COUNT = 50
STARTED = 300.0
"""Seconds until all are available after a restart."""
TOLD = 120.0
"""Seconds until an action on all has returned."""
DONE = 60.0
"""Seconds until all have done as told."""
LATER = 60.0
"""Seconds after which a dead one is told something again."""
PAUSE = 0.1


class Crowd:
    """Many devices of one family, on one side."""

    def __init__(self, side: Side, devices: Sequence[Placed]) -> None:
        """Prepare it."""
        self.side = side
        self.devices = devices

    async def measured(self) -> AsyncGenerator[Result]:
        """Yield what happens, one after the other."""
        at = time.monotonic()
        await self.side.set_up(self.devices)
        count = len(self.devices)
        yield Result(f"{count} devices added", time.monotonic() - at)
        yield await self._restarted()
        await self.side.client.wait_until_running(STARTED)
        await asyncio.sleep(CALM)
        for on, word in ((True, "on"), (False, "off")):
            async for result in self._told(f"all {count} turned {word}", self.devices, on=on):
                yield result
        dead, *others = self.devices
        await dead.lose_power()
        async for result in self._told("one has just died", others, on=True):
            yield result
        await asyncio.sleep(LATER)
        async for result in self._told("one died a minute ago", others, on=False):
            yield result

    async def _restarted(self) -> Result:
        """Restart Home Assistant, which has no internet here."""
        what = "restart without internet: all available"
        await self.side.stop()
        at = time.monotonic()
        await self.side.start()
        missing = len(self.devices)
        while time.monotonic() < at + STARTED:
            missing = await self._missing()
            if not missing:
                return Result(what, time.monotonic() - at)
            await asyncio.sleep(PAUSE)
        return Result(what, words=f"{missing} not within {STARTED:.0f} s")

    async def _missing(self) -> int:
        """Return how many are not available."""
        states = {s["entity_id"]: s["state"] for s in await self.side.client.command("get_states")}
        entities = map(self.side.entity_of, self.devices)
        return sum(states.get(e, UNAVAILABLE) in {UNAVAILABLE, "unknown"} for e in entities)

    async def _told(
        self, what: str, living: Sequence[Placed], *, on: bool
    ) -> AsyncGenerator[Result]:
        """Tell all of them something by one action; only the living can do it."""
        at = time.monotonic()
        done = asyncio.create_task(self._done(what, living, at, on))
        entities = [self.side.entity_of(device) for device in self.devices]
        told = await self.side.tell(entities, on, TOLD)
        yield Result(f"{what}: the action returns", time.monotonic() - at)
        yield Result(f"{what}: the action", words=told)
        yield await done

    async def _done(self, what: str, living: Sequence[Placed], at: float, on: bool) -> Result:
        """Return when all the living had done as told."""
        waiting = list(living)
        while waiting and time.monotonic() < at + DONE:
            is_done = await asyncio.gather(*(device.is_set() for device in waiting))
            waiting = [d for d, done in zip(waiting, is_done, strict=True) if done is not on]
            await asyncio.sleep(PAUSE)
        what = f"{what}: all that live have done it"
        if waiting:
            return Result(what, words=f"{len(waiting)} not within {DONE:.0f} s")
        return Result(what, time.monotonic() - at)
