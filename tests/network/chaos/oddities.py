"""Devices with quirks: what Home Assistant makes of them is judged while they last, and after."""

import asyncio
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
import time
from typing import TYPE_CHECKING, Any

from tests.real.client import RefusedError

from .families import PATIENCE
from .house import AwayError
from .quirks import QUIRKS, UNAVAILABLE, UNKNOWN, Quirk
from .step import NOBODY, Step

if TYPE_CHECKING:
    from .conductor import Conductor

AGAIN = 2 * 15.0 + PATIENCE
"""Seconds in which a reading that failed twice is tried again, and has been shown."""
LOOK_EVERY = 0.5
MAIN = "main-"
"""How the entities begin that are called as their device is."""
CHANGING = "it changes all the time"
"""Of what is so busy that nothing can be said of it."""
NUMBER = 1000
"""The number of the first command that is given meanwhile."""


class Troubles:
    """When something befell Home Assistant, its network or the entry of a device."""

    def __init__(self) -> None:
        self._now = Counter[int]()
        self._last = dict[int, float]()

    @contextmanager
    def trouble(self, device: int) -> Generator[None]:
        """Note that it lasts for the length of a block; NOBODY's is everybody's."""
        self._now[device] += 1
        try:
            yield
        finally:
            self._now[device] -= 1
            self._last[device] = time.monotonic()

    def since(self, start: float, device: int) -> bool:
        """Return whether there was any that could concern a device."""
        both = (device, NOBODY)
        return any(self._now[each] or self._last.get(each, 0.0) >= start for each in both)


class Oddities:
    """Has devices be odd; `wrong` is what Home Assistant made of it that it should not."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self._commands = 0
        self._judged = Counter[str]()
        self._skipped = Counter[str]()
        self._played: list[tuple[int, float, float]] = []
        """The devices, and when each began and ended to be looked at."""
        self.wrong: list[str] = []
        self.once: list[str] = []
        """What was wrong once, and right when it was judged again at once."""

    def figures(self) -> str:
        """Return how many were judged of each, and how many could not be."""
        judged, skipped = (dict(sorted(each.items())) for each in (self._judged, self._skipped))
        return f"quirks judged {judged}, not judged {skipped}, wrong only once {self.once}"

    def looked_at(self, device: int, start: float, end: float) -> bool:
        """Return whether a device was read to judge it, at any time between two."""
        return any(d == device and a <= end and b >= start for d, a, b in self._played)

    async def play(self, step: Step) -> None:
        """Have a device be odd until it is judged, then be as usual until that is."""
        start = time.monotonic()
        try:
            await self._play(step, start)
        finally:
            self._played.append((step.device, start, time.monotonic()))

    async def _play(self, step: Step, start: float) -> None:
        """Judge it, and once more if that was wrong: a machine may be too busy for a moment."""
        if wrong := await self._judged_at(step, start):
            once, wrong = wrong, await self._judged_at(step, start)
            if wrong:
                self.wrong.append(f"{once}\nand again:\n{wrong}")
            else:
                self.once.append(once.partition("\n")[0])
        (self._skipped if wrong is None else self._judged)[step.what] += 1

    async def _judged_at(self, step: Step, start: float) -> str | None:
        """Return what is wrong with a device while it is odd, or after; None: nobody can say."""
        device, quirk, fleet = step.device, QUIRKS[step.what], self._conductor.fleet
        if await self._wait(device, {}, PATIENCE):  # something else is wrong with it still
            return None
        await fleet.do(lambda each: each.turn(device, quirk))
        try:
            wrong = await self._judge(device, quirk)
            told = await self._explained(device) if wrong else ""
        finally:
            await fleet.do(lambda each: each.turn(device, None))
        wrong = wrong or await self._wait(device, {}, AGAIN)
        if wrong == CHANGING or self._conductor.troubles.since(start, device):
            return None
        told = told or (await self._explained(device) if wrong else "")
        name = fleet.device.bodies[device].name
        return f"{name}, at {step.at:.1f} s, {step.what}: {wrong}\n{told}" if wrong else ""

    async def _explained(self, device: int) -> str:
        """Return how Home Assistant's connection to a device is, and what has been said last."""
        try:
            return str(await self._conductor.house.ask("explain", device=self._id(device)))
        except AwayError, RefusedError:
            return "Home Assistant is not there"

    async def _judge(self, device: int, quirk: Quirk) -> str:
        """Return what is wrong with a device that has a quirk."""
        if quirk.connects:
            with suppress(AwayError, RefusedError):
                await self._conductor.house.ask("reload", device=self._id(device))
        if wrong := await self._wait(device, quirk.hidden, PATIENCE):
            return wrong
        if wrong := await self._commanded(device):
            return wrong
        return await self._wait(device, quirk.hidden, PATIENCE)

    async def _commanded(self, device: int) -> str:
        """Return why a device does not do what it is told."""
        for _ in range(2):  # a hand may be at it
            self._commands += 1
            command = await self._conductor.command(device, NUMBER + self._commands)
            if command.outcome == "done":
                return ""
        return f"{command}: {command.outcome} {command.text}"

    async def _wait(self, device: int, hidden: Mapping[str, str], patience: float) -> str:
        """Wait until Home Assistant shows a device; return what it still does not show.

        The seconds are counted in looks, which take longer on a slow machine; one may take so long
        that the device changes meanwhile: it is looked at as often again then.
        """
        most, looks = patience / LOOK_EVERY, 0
        while wrong := await self._wrong(device, hidden):
            looks += 1
            if looks > (2 * most if wrong == CHANGING else most):
                return wrong
            await asyncio.sleep(LOOK_EVERY)
        return ""

    async def _wrong(self, device: int, hidden: Mapping[str, str]) -> str:
        conductor, body = self._conductor, self._conductor.fleet.device.bodies[device]
        family, was = conductor.families[device], (body.value, body.sides)
        try:
            if not family.tells:
                await conductor.house.ask("read", **conductor.entity_of(device))
            shown = await conductor.house.ask("entities", device=self._id(device))
        except AwayError, RefusedError:
            return "Home Assistant is not there"
        if was != (body.value, body.sides):
            return CHANGING
        value, sides = was
        if (main := shown.get(family.entity)) is None or family.read(*main) != value:
            return f"it is {value:g}, shown as {main}"
        if family.entity.startswith(MAIN) and body.name not in main[1]["friendly_name"]:
            return f"it is called {main[1]['friendly_name']}"
        wanted = {**sides, **{name: hidden[name] for name in hidden.keys() & sides.keys()}}
        seen = {name: shown_of(name, shown) for name in wanted}
        wrong = {name: seen[name] for name in wanted if not is_right(wanted[name], seen[name])}
        return f"{wrong} instead of { ({n: wanted[n] for n in wrong}) }" if wrong else ""

    def _id(self, device: int) -> str:
        return self._conductor.fleet.device.bodies[device].unique_id


def shown_of(name: str, shown: Mapping[str, Any]) -> Any:
    """Return what is shown of an entity, or of its attribute; None if there is nothing."""
    entity, _, attribute = name.partition("@")
    if entity not in shown:
        return None
    state, attributes = shown[entity]
    return attributes.get(attribute) if attribute and state != UNAVAILABLE else state


def is_right(wanted: Any, seen: Any) -> bool:
    """Return whether what is shown is what has to be; an attribute that is unknown is None."""
    if wanted == UNKNOWN:
        return seen in {UNKNOWN, None} if isinstance(seen, str | None) else False
    if wanted is ...:
        return seen not in (UNKNOWN, UNAVAILABLE, None)
    if isinstance(wanted, float | int) and isinstance(seen, str):
        return seen not in {UNKNOWN, UNAVAILABLE} and float(seen) == wanted
    return bool(seen == wanted)
