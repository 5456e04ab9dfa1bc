"""The plan: all that is going to happen, a pure function of the seed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import override

from .families import FAMILIES, PATIENCE, Family, is_entered, lane_of
from .forgeries import AFTER, BACK, SETTLED, SHUT_OUT, Forgery, claims, copies, spells
from .quirks import JUDGED, QUIRKS
from .step import NOBODY, Step, Time, meets

EVERYBODY = ("home", "pull", "clock")
"""What happens to Home Assistant: started again, its network pulled, its clock put off."""
ENTRY = ("reload", "remove")
TOLD = ("command", "change")
LONGEST = 6.0
"""Seconds that a fault lasts at most."""
SWAPPED = (12.0, 14.0)
"""Seconds without power of two that change places, where no connection shows that they do."""
SWAPS_EVERY = 500.0
"""Seconds from one swap of a device to the next, about; each family has one at least."""
TRIES = 200
"""Times that a place for a swap is looked for."""
RESTART = 20.0
"""Seconds that Home Assistant takes to start again, at most."""
CHECKED_EVERY = 11.0
"""Seconds in which a connected device is checked once, whatever is said of it, and a little."""
LAST = LONGEST + 1
"""Seconds after the plan's in which the last hand is at a device, if an event tells of it."""
CALM = LAST + 2
"""Seconds after the plan's at which all is calm."""


@dataclass(frozen=True)
class Plan:
    """All steps, in the order of time."""

    seed: int
    families: tuple[Family, ...]
    seconds: float
    steps: tuple[Step, ...]
    forged: tuple[Forgery, ...]

    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind."""
        whats = [step.what for step in self.steps] + [each.what for each in self.forged]
        return dict(sorted(Counter(whats).items()))

    @property
    def calm_at(self) -> float:
        """Seconds after the start at which nothing is wrong any more."""
        return self.seconds + CALM

    @override
    def __str__(self) -> str:
        return "\n".join(map(str, (*self.steps, *self.forged)))


def make(seed: int, families: tuple[Family, ...], seconds: float, places: Sequence[str]) -> Plan:
    """Make the plan for devices of these families, which have the first of the addresses."""
    faults: list[Step] = []
    told: list[Step] = []
    for number, family in enumerate(families):
        of_device = _told(seed, number, family, seconds)
        faults += _with_honest_hands(_faults(seed, number, family, seconds), of_device, family)
        told += of_device
    home = [*_home(seed, seconds)]
    entries = [*_entries(seed, families, seconds)]
    swaps = [*_swaps(seed, families, seconds, [step for step in home if step.what == "home"])]
    copied = [*spells(seed, families, seconds, [step.time for step in home])]
    faults = _spared([*_undisturbed(faults, swaps), *swaps], copied)
    steps = told + home + _moved(sorted(faults), families, len(places)) + _spared(entries, copied)
    away = _away(families, steps, seconds)
    forged = [*copies(seed, families, seconds, away), *copied]
    forged += claims(seed, families, seconds, places[: len(families)], away)
    return Plan(seed, families, seconds, tuple(sorted(steps)), tuple(sorted(forged)))


def _told(seed: int, device: int, family: Family, seconds: float) -> list[Step]:
    """Number the commands, some in bursts, and the changes of a device.

    No change is so late that it would be told of, with nothing wrong, only after the patience.
    """
    random = Random(f"told {seed} {device}")
    steps: list[Step] = []
    at = random.uniform(0, 4)
    while at < seconds:
        if random.random() < 0.3 and at + family.told < seconds + CALM + PATIENCE:
            steps.append(Step(at, "change", device))
        else:
            burst = random.choice((1, 1, 1, 2, 4))
            steps += [Step(at + k / 1000, "command", device) for k in range(burst)]
        at += random.uniform(1.5, 6)
    if family.loses or not family.poll:
        steps.append(Step(seconds + LAST, "change", device))
    return [replace(step, number=n) for n, step in enumerate(steps, 1)]


def _faults(seed: int, device: int, family: Family, seconds: float) -> Iterator[Step]:
    random = Random(f"faults {seed} {device}")
    at = random.uniform(1, 15)
    while at < seconds:
        lasting, what = random.uniform(0.5, LONGEST), random.choice(family.faults)
        if what == "move" and family.waits and at + BACK > seconds:
            what = "power"
        lasting = JUDGED if what in QUIRKS else lasting
        yield Step(at, what, device, seconds=lasting)
        at += lasting + random.uniform(4, 20)


def _with_honest_hands(faults: Iterator[Step], told: list[Step], family: Family) -> Iterator[Step]:
    """Leave out what nobody could judge, because somebody changes the device meanwhile.

    Of one that lies, whose doing a change is; of one that hangs, that it changed at all.
    """
    hands = [step.at for step in told if step.what == "change"]
    for step in faults:
        start, end = step.at - max(PATIENCE, family.told), step.at + step.seconds + 3
        if step.what not in {"lie", "hang"} or not any(start < at < end for at in hands):
            yield step


def _swaps(
    seed: int, families: Sequence[Family], seconds: float, home: list[Step]
) -> Iterator[Step]:
    """Have two devices of a family change places, now and then in each family.

    They are of different lanes, so that what was meant for the one is known at the other.
    """
    busy = defaultdict[int, list[Step]](list)
    for family in FAMILIES:
        kin = [number for number, each in enumerate(families) if each is family]
        wanted, random = seconds * len(kin) / SWAPS_EVERY, Random(f"swaps {seed} {family.driver}")
        for _ in range(TRIES if len(kin) > 1 and not family.waits else 0):
            found = _swap(random, family, kin, seconds)
            near = [*busy[found.device], *busy[found.other], *(home if family.nameless else ())]
            if any(_together(found, each) for each in near):
                continue
            busy[found.device].append(found)
            busy[found.other].append(found)
            yield found
            if (wanted := wanted - 1) <= 0:
                break


def _swap(random: Random, family: Family, kin: list[int], seconds: float) -> Step:
    """Return a swap of two of a family."""
    device = random.choice(kin)
    others = [number for number in kin if lane_of(number) != lane_of(device)]
    lasts = 0.5 if family.proves else random.uniform(*SWAPPED)
    at = random.uniform(2, max(2, seconds + LONGEST - lasts))
    return Step(at, "swap", device, other=random.choice(others), seconds=lasts)


def _together(one: Step, two: Step) -> bool:
    """Whether two steps are at nearly the same time."""
    return one.at - 4 < two.at + two.seconds and two.at - 4 < one.at + one.seconds


def _undisturbed(faults: list[Step], swaps: list[Step]) -> list[Step]:
    """Return the faults of devices that do not change their places just then."""
    return [
        step
        for step in faults
        if not any(step.device in {s.device, s.other} and _together(step, s) for s in swaps)
    ]


def _spared(steps: list[Step], copied: list[Forgery]) -> list[Step]:
    """Return the steps that do not befall a device while, or just before, it is copied."""
    spell_of = defaultdict[int, list[Time]](list)
    for each in copied:
        spell_of[each.device].append(each.time)
    return [
        step
        for step in steps
        if not any(
            meets(spell, step.time, SETTLED, AFTER)
            for device in {step.device, step.other if step.what == "swap" else NOBODY}
            for spell in spell_of[device]
        )
    ]


def _away(families: Sequence[Family], steps: list[Step], end: float) -> dict[int, list[Time]]:
    """Return when what is claimed of a device could lead astray, as the documentation says."""
    away = defaultdict[int, list[Time]](list)
    for step in steps:
        start, ends = step.time
        if step.what == "remove":
            away[step.device].append((start - 3, start + 20))
        if step.what not in {"move", "swap"}:
            continue
        for device in {step.device, step.other if step.what == "swap" else step.device}:
            if families[device].nameless:
                back = ends + SHUT_OUT
                if families[device].waits:
                    back = _back(device, ends, steps)
                away[device].append((start - SHUT_OUT, back))
            elif ends > end - CHECKED_EVERY:
                away[device].append((start - CHECKED_EVERY, ends))
    return away


def _back(device: int, at: float, steps: list[Step]) -> float:
    """Return when one that waits is back after a move: each start of its entry waits anew."""
    back = at + BACK
    for step in sorted(steps):
        is_start = step.what == "home" or (step.what in ENTRY and step.device == device)
        if is_start and at < step.at < back:
            back = step.time[1] + BACK
    return back


def _moved(faults: list[Step], families: Sequence[Family], addresses: int) -> list[Step]:
    """Say where devices move to: the address that nobody has had for the longest time.

    One that waits still tries its login where it was, so nobody is there until it is back.
    """
    where = list(range(len(families)))
    free = [(0.0, address) for address in range(len(families), addresses)]
    steps: list[Step] = []
    for step in faults:
        to = step.other
        if step.what == "swap":
            where[step.device], where[to] = where[to], where[step.device]
        elif step.what == "move":
            found = next(each for each in free if each[0] <= step.at)
            free.remove(found)
            waits = BACK if families[step.device].waits else 0
            free.append((step.at + waits, where[step.device]))
            to = where[step.device] = found[1]
        steps.append(replace(step, other=to))
    return steps


def _home(seed: int, seconds: float) -> Iterator[Step]:
    """Restart Home Assistant, pull its network, put its clock off and right again."""
    random = Random(f"home {seed}")
    for n in range(restarts := max(1, round(seconds / 300))):
        at = seconds * (n + random.uniform(0.5, 0.7)) / restarts
        yield Step(at, "home", seconds=RESTART)
    for n in range(pulls := max(1, round(seconds / 90))):
        at = seconds * (n + random.uniform(0.1, 0.9)) / pulls
        yield Step(at, "pull", seconds=random.uniform(1, 9))
    for n in range(clocks := max(2, round(seconds / 60))):
        at = seconds * (n + random.uniform(0.1, 0.8)) / clocks
        shift = random.choice((-86400, -3600, -61, 61, 3600, 86400))
        yield Step(at, "clock", number=shift, seconds=random.uniform(2, 8))


def _entries(seed: int, families: Sequence[Family], seconds: float) -> Iterator[Step]:
    """Reload entries, and remove and add them again; not if a person would have to log in."""
    random = Random(f"entries {seed}")
    at = 2.0
    while at < seconds:
        what = random.choice(("reload", "reload", "remove"))
        device = random.randrange(len(families))
        is_kept = families[device].login or is_entered(families[device], device)
        yield Step(at, "reload" if is_kept else what, device)
        at += random.uniform(1, 4)
