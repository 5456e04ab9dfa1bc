"""What forgers do, a pure function of the seed: all the time, but where it could not be judged.

What is documented under "Not promised" in docs/reliability.md is left out here, not in the verdict:
- Another one that copies all that a device says without a login (`mimic`) is taken for it while it
  is away. So a device without one is copied only in a spell without faults of its own.
- One that cannot say who it is at all (`nameless`) is kept out of its own address for 30 s by a
  claim, once it is away. So such claims end in time, and none is made around a move of it.
- One with a login that moves (`waits`) is looked for after a minute, by its announcement alone.
  So it is not copied or claimed until it is back.
- What is said of a connected device has it checked once in 10 s. So none is claimed just before a
  move that is to be noticed by the end.
- A device that is being added by a card is added where it is announced then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import override

from .families import PATIENCE, Family
from .step import Time, meets

OWN, HUB, THERE = "own", "hub", "there"
"""Where a device is said to be: at the forger, at Home Assistant, or where it is indeed."""
COPIERS, SPELLER, CLAIMER = (0, 1), 2, 3
"""The forgers: two copy those with a login all the time, one others, one only claims."""
FORGERS = 4
SETTLED, AFTER = 12.0, 13.0
"""Seconds without a fault around a spell: until all is well, and until all hints are refuted."""
TRIES = 10
"""Times that a spell is looked for."""
SHUT_OUT = 33.0
"""Seconds in which a claim can keep out a device that is nameless."""
BACK = 150.0
"""Seconds in which a device that waits is back after a move, also after a restart of the hub."""
SLOT = (4.0, 8.0)
SPELL_EVERY = 120.0
"""Seconds from one spell of a device to the next, about."""
CLAIM_EVERY = 9.0
FLOOD_EVERY = 5.0
USUAL = ("claim", "claim", "goodbye")
KINDS = {"wiz": ("claim", "push"), "rest_switch": ("claim", "goodbye", "rename")}
"""What is forged of a driver's devices."""


@dataclass(frozen=True, order=True)
class Forgery:
    """One thing that a forger does for so many seconds: with the name of a device, at a host."""

    at: float
    what: str
    forger: int
    device: int
    host: str = OWN
    seconds: float = 0.0

    @property
    def time(self) -> Time:
        """When it is done."""
        return self.at, self.at + self.seconds

    @property
    def leads_astray(self) -> bool:
        """Whether a device could be looked for elsewhere because of it."""
        return self.what in {"claim", "flood", "mimic"}

    @override
    def __str__(self) -> str:
        where = f"forger {self.forger}: {self.what} of {self.device} at {self.host}"
        return f"{self.at:8.3f} {where}, {self.seconds:.3f} s"


def spells(
    seed: int, families: Sequence[Family], seconds: float, busy: list[Time]
) -> Iterator[Forgery]:
    """Choose spells in which devices without a login are copied, and have no fault.

    `busy`: what happens to all. Of devices with the same port, one is copied at a time; those of
    kinds that have been copied less often come first.
    """
    random, copied = Random(f"spells {seed}"), Counter[str]()
    wanted, taken = seconds * len(families) / SPELL_EVERY, defaultdict[int, list[Time]](list)
    for _ in range(TRIES * round(wanted)):
        some = random.choices(range(len(families)), k=3)
        device = min(some, key=lambda number: copied[families[number].sort])
        family = families[device]
        at = random.uniform(SETTLED, seconds)
        found = Forgery(at, "mimic", SPELLER, device, seconds=random.uniform(*SLOT))
        if family.login or not _may_be(found, family, seconds - AFTER, []):
            continue
        others = (meets(found.time, each, AFTER, AFTER) for each in taken[family.port])
        if any(others) or any(meets(found.time, each, SETTLED, AFTER) for each in busy):
            continue
        taken[family.port].append(found.time)
        copied[family.sort] += 1
        yield found
        if (wanted := wanted - 1) <= 0:
            return


def copies(
    seed: int, families: Sequence[Family], seconds: float, away: dict[int, list[Time]]
) -> Iterator[Forgery]:
    """Copy devices with a login, all the time; not those that are `away`, having moved."""
    for forger in COPIERS:
        for driver in sorted({f.driver for f in families if f.login}):
            kin = [n for n, f in enumerate(families) if f.login and f.driver == driver]
            kin = kin[forger :: len(COPIERS)]
            random, at = Random(f"copies {seed} {forger} {driver}"), 0.5
            while at < seconds:
                time = at, at + random.uniform(*SLOT)
                here = [n for n in kin if not any(meets(time, each) for each in away.get(n, []))]
                if here:
                    device = random.choice(here)
                    yield Forgery(at, "mimic", forger, device, seconds=time[1] - at)
                at = time[1] + 1


def claims(
    seed: int,
    families: Sequence[Family],
    seconds: float,
    places: Sequence[str],
    away: dict[int, list[Time]],
) -> Iterator[Forgery]:
    """Claim that devices are where they are not, that they go, and that they are others.

    Of each, one other place is named, so that its own remains among those that are known.
    """
    for device, family in enumerate(families):
        random = Random(f"claims {seed} {device}")
        other = random.choice(places)
        hosts = (OWN, HUB) if family.nameless and not family.waits else (OWN, HUB, other)
        at = random.uniform(0, CLAIM_EVERY)
        while at < seconds:
            what = random.choice(KINDS.get(family.driver, USUAL))
            host = THERE if what == "rename" else random.choice(hosts)
            found = Forgery(at, what, CLAIMER, device, host, 2.0 if what == "claim" else 0.0)
            if _may_be(found, family, seconds, away.get(device, [])):
                yield found
            at += random.uniform(0.5, 1.5) * CLAIM_EVERY
    random = Random(f"floods {seed}")
    for n in range(round(seconds / FLOOD_EVERY)):
        device = random.randrange(len(families))
        found = Forgery(n * FLOOD_EVERY, "flood", CLAIMER, device, OWN, 3.0)
        if _may_be(found, families[device], seconds, away.get(device, [])):
            yield found


def _may_be(forgery: Forgery, family: Family, seconds: float, away: list[Time]) -> bool:
    """Return whether it can be judged what comes of a claim."""
    is_late = forgery.time[1] > seconds + PATIENCE - SHUT_OUT
    if not forgery.leads_astray:
        return True
    is_shut_out = family.nameless and not family.waits and is_late
    return not is_shut_out and not any(meets(forgery.time, time) for time in away)
