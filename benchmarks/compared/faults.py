"""What goes wrong with a device, and what Home Assistant makes of it; every wait is bounded."""

import asyncio
from collections.abc import Awaitable, Callable
import time

from tests.network.home import Change

from .placed import Placed
from .results import Result, since_of
from .sides import Side

READY = 120.0
"""Seconds until all is well before a fault begins."""
CALM = 3.0
"""Seconds after that, in which nothing is told to the device."""
SHORT, LONG = 5.0, 30.0
"""Seconds without network of a device that gets another address."""
WORKS = 120.0
"""Seconds until a command works again."""
NOTICED = 120.0
"""Seconds until a device that hangs is unavailable, or until its command has returned."""
RETURNS = 420.0
"""Seconds until a command to a device that hangs returns."""
TRUE = 90.0
"""Seconds until the true state is shown; integrations that only read do so each minute."""
SHOWS = 5.0
"""Seconds after a command in which a false state may begin to show."""
DOWN = 20.0
"""Seconds until a program that was killed is started again."""
DARK = 90.0
"""Seconds without power."""
BLACKOUT = 3.0
"""Seconds of an interruption that hardly shows."""
ANEW = 60.0
"""Seconds in which it is counted how often a device with another key is tried."""
PAUSE = 0.5
"""Seconds between two commands that are to find out when one works again."""

UNAVAILABLE = "unavailable"


class Trial:
    """One device with which something goes wrong, on one side."""

    def __init__(self, side: Side, device: Placed) -> None:
        """Prepare it."""
        self.side = side
        self.device = device
        self.entity_id = side.entity_of(device)

    async def ready(self) -> None:
        """Have the device do as told, and Home Assistant show it; then leave it alone."""
        for wanted in (True, False):
            await self._works(wanted, time.monotonic(), READY)
            await self._shown_as(wanted, READY)
        await asyncio.sleep(CALM)

    async def moves(self) -> list[Result]:
        """Give it another address, before its absence has been noticed everywhere."""
        return [await self._moved(SHORT)]

    async def moves_slowly(self) -> list[Result]:
        """Give it another address, as when the router restarts."""
        return [await self._moved(LONG)]

    async def _moved(self, away: float) -> Result:
        there = await self.device.move(self.side.free_address(), away)
        return await self._works_again(f"moves, away for {away:.0f} s: a command works", there)

    async def hangs(self) -> list[Result]:
        """Have it accept connections without a word, and command it at once."""
        await self.device.set_fault("silent", on=True)
        at = time.monotonic()
        told = await self._timed("hangs", RETURNS)
        left = max(at + NOTICED - time.monotonic(), 10)
        gone = await self._seen(UNAVAILABLE.__eq__, at, left)
        await self.device.set_fault("silent", on=False)
        return [*told, since_of("hangs: unavailable", at, gone, NOTICED)]

    async def hangs_idle(self) -> list[Result]:
        """Have it accept connections without a word, and tell it nothing."""
        await self.device.set_fault("silent", on=True)
        at = time.monotonic()
        gone = await self._seen(UNAVAILABLE.__eq__, at, NOTICED)
        await self.device.set_fault("silent", on=False)
        return [since_of("hangs, untouched: unavailable", at, gone, NOTICED)]

    async def lies(self) -> list[Result]:
        """Have it accept a command without carrying it out."""
        await self.device.set_fault("lie", on=True)
        at = time.monotonic()
        told = await self._timed("lies", WORKS)
        true = await self._true_state(at)
        await self.device.set_fault("lie", on=False)
        return [*told, true]

    async def restarts(self) -> list[Result]:
        """Kill its program, and start it after some time."""
        at = await self.device.kill()
        await asyncio.sleep(DOWN)
        return await self._came_back("restarts", at, DOWN, self.device.start)

    async def loses_power(self) -> list[Result]:
        """Have it lose its power, and get it back after some time."""
        at = await self.device.lose_power()
        await asyncio.sleep(DARK)
        return await self._came_back("loses power", at, DARK, self.device.get_power)

    async def blacks_out(self) -> list[Result]:
        """Have it without network for a moment, in which it is told something."""
        what, at = f"blackout of {BLACKOUT:.0f} s", self.device.unplug()
        told = asyncio.create_task(self._timed(what, WORKS))
        await asyncio.sleep(BLACKOUT)
        back = self.device.plug_in()
        action = await told
        works = await self._works_again(f"{what}: a command works after it", back)
        gone = await self._seen(UNAVAILABLE.__eq__, at, 0)
        shown = "no" if gone is None else f"after {gone - at:.1f} s"
        return [*action, works, Result(f"{what}: shown as unavailable", words=shown)]

    async def pairs_anew(self) -> list[Result]:
        """Have its owner pair it again with its maker's app: it has another key then."""
        at = await self.device.pair_anew()
        before = await self.device.tried()
        gone = await self._seen(UNAVAILABLE.__eq__, at, NOTICED)
        asked = await self.side.asked_for_key(at, NOTICED)
        await asyncio.sleep(max(0, at + ANEW - time.monotonic()))
        tried, seconds = await self.device.tried() - before, time.monotonic() - at
        return [
            since_of("another key: unavailable", at, gone, NOTICED),
            since_of("another key: its owner is asked for it", at, asked, NOTICED),
            Result("another key: tried", words=f"{60 * tried / seconds:.0f} times a minute"),
            Result("another key: an action", words=await self._told_unless_gone()),
        ]

    async def _timed(self, what: str, patience: float) -> list[Result]:
        """Command the device; return how long that took, and what the caller is told of it."""
        at = time.monotonic()
        words = await self._told(True, patience)
        returned = Result(f"{what}: the action returns", time.monotonic() - at)
        return [returned, Result(f"{what}: the action", words=words)]

    async def _told_unless_gone(self) -> str:
        """Command the device, unless Home Assistant itself would leave it out."""
        state = await self.side.client.state(self.entity_id)
        if state["state"] == UNAVAILABLE:
            return "is not sent: the device is unavailable"
        return await self._told(True, WORKS)

    async def _came_back(
        self, what: str, at: float, down: float, start: Callable[[], Awaitable[float]]
    ) -> list[Result]:
        gone = await self._seen(UNAVAILABLE.__eq__, at, 0)
        started = await start()
        results = [since_of(f"{what}: unavailable", at, gone, down)]
        if gone is not None:
            back = await self._seen(UNAVAILABLE.__ne__, started, WORKS)
            results.append(since_of(f"{what}: back, available", started, back, WORKS))
        results.append(await self._works_again(f"{what}: back, a command works", started))
        return results

    async def _works_again(self, what: str, since: float) -> Result:
        """Return when a command worked; one is sent again and again."""
        wanted = not await self.device.is_set()
        return since_of(what, since, await self._works(wanted, since, WORKS), WORKS)

    async def _works(self, wanted: bool, since: float, patience: float) -> float | None:
        """Command the device until it has done so; return when, None if it did not in time."""
        while (left := since + patience - time.monotonic()) > 0:
            await self._told(wanted, left)
            if await self.device.is_set() is wanted:
                return time.monotonic()
            await asyncio.sleep(PAUSE)
        return None

    async def _told(self, wanted: bool, patience: float) -> str:
        """Command the device; return what the caller is told of it."""
        return await self.side.tell([self.entity_id], wanted, patience)

    async def _true_state(self, since: float) -> Result:
        """Return how long a state was shown that the device does not have."""
        what, false = "lies: the true state shows", True
        began = await self._seen_as(false, since, SHOWS)
        if began is None:
            return Result(what, words="all the time")
        true = await self._seen_as(not false, began, TRUE)
        return since_of(what, since, true, TRUE)

    async def _shown_as(self, wanted: bool, patience: float) -> None:
        """Wait until Home Assistant shows a state."""
        deadline = time.monotonic() + patience
        shown = self.side.family.control.shown
        while time.monotonic() < deadline:
            state = await self.side.client.state(self.entity_id)
            if shown(state["state"], state["attributes"]) is wanted:
                return
            await asyncio.sleep(PAUSE)
        raise TimeoutError(f"{self.entity_id} does not show what its device has")

    async def _seen_as(self, wanted: bool, since: float, patience: float) -> float | None:
        shown = self.side.family.control.shown
        return await self._change(
            lambda c: c.state != UNAVAILABLE and shown(c.state, c.attributes) is wanted,
            since,
            patience,
        )

    async def _seen(
        self, fits: Callable[[str], bool], since: float, patience: float
    ) -> float | None:
        return await self._change(lambda change: fits(change.state), since, patience)

    async def _change(
        self, fits: Callable[[Change], bool], since: float, patience: float
    ) -> float | None:
        """Return when a change came, or comes, to Home Assistant's client; None if none did."""
        try:
            return await self.side.seen_of(self.entity_id, fits, since, patience)
        except TimeoutError:
            return None


FAULTS: tuple[Callable[[Trial], Awaitable[list[Result]]], ...] = (
    Trial.moves,
    Trial.moves_slowly,
    Trial.hangs,
    Trial.hangs_idle,
    Trial.lies,
    Trial.restarts,
    Trial.loses_power,
    Trial.blacks_out,
)
KEYED = (*FAULTS, Trial.pairs_anew)
"""What goes wrong with one that has a key.

Each has a device of its own, so that what one leaves behind is not measured by the next.
"""
