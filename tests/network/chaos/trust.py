"""What came of the forgers: nothing secret with them, and every entry with its own device."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
import time

from tests.real.client import Json

from .conductor import Conductor
from .families import Family
from .forgeries import Forgery
from .forgers import Forger
from .logins import login_of, traces_of
from .mimics import FORGED
from .plan import TOLD, Plan
from .step import NOBODY, Time, meets

ANSWERED = b"authorization:"
"""The header that a login goes in by HTTP, whatever it is."""
READ, DONE = 4, 6
"""Requests for a reading, or a check, and for a command."""
OUTLETS = 5
"""More of each for a strip, whose six outlets are read one by one."""
READINGS = 4
"""Times that it may be read while it is flooded: polled, checked, connected anew, and found."""
FLOODED, DELAY = 5.0, 4.0
"""Seconds that are counted from a flood on; and in which a command is carried out."""


def given_away(forgers: list[Forger], families: tuple[Family, ...]) -> list[str]:
    """Return which secrets a forger was told, and who was taken for a device that has one."""
    wrong: list[str] = []
    for forger in forgers:
        wrong += [f"forger {forger.address} was taken for {told}" for told in forger.told]
        got = b"\n\n".join(forger.got()).lower()
        wrong += [f"forger {forger.address} got {secret}" for secret in _secrets(got, families)]
    return wrong


def _secrets(got: bytes, families: tuple[Family, ...]) -> Iterator[str]:
    if ANSWERED in got:
        yield "the answer to a challenge"
    for device, family in enumerate(families):
        for trace in traces_of(login_of(family, device)):
            if trace in got:
                yield f"{trace!r} of device {device}"


async def moved_entries(conductor: Conductor, until: float) -> list[str]:
    """Return which entries do not belong to their own devices, or not yet at a moment.

    That a state is right says nothing yet of where it is from: of two switches that have changed
    places, both may be on.
    """
    while True:
        if not (wrong := await _moved_entries(conductor)) or time.monotonic() > until:
            return wrong
        await asyncio.sleep(0.5)


async def _moved_entries(conductor: Conductor) -> list[str]:
    fleet = conductor.fleet.device
    entries = await conductor.house.ask("entries", devices=[b.unique_id for b in fleet.bodies])
    wrong: list[str] = []
    for device, (body, entry) in enumerate(zip(fleet.bodies, entries, strict=True)):
        if entry is None or body.unique_id not in entry["ids"]:
            wrong.append(f"{body.name}: its entry is {entry}")
        elif entry["at"] != fleet.place(device):
            wrong.append(f"{body.name} is at {fleet.place(device)}, its entry at {entry['at']}")
    return wrong


def wrong_offers(reports: list[Json]) -> list[str]:
    """Return which repairs, also those that are gone, offered the certificate of a forger."""
    repairs = {repair for report in reports for repair in report["repairs"]}
    return sorted(repair for repair in repairs if FORGED.fingerprint in repair)


def asked_too_often(conductor: Conductor) -> list[str]:
    """Return which devices got too many requests for the datagrams that strangers sent."""
    wrong: list[str] = []
    for forgery, limit in counted(conductor.plan):
        start, body = conductor.began + forgery.at, conductor.fleet.device.bodies[forgery.device]
        if conductor.oddities.looked_at(forgery.device, start, start + FLOODED):
            continue  # on a busy machine, longer than was planned
        asked = [each for each in body.log if start <= each.at <= start + FLOODED]
        if len(asked) > limit:
            wrong.append(f"{body.name}: not {limit} requests at most, for {forgery}: {asked}")
    return wrong


def counted(plan: Plan) -> Iterator[tuple[Forgery, int]]:
    """Yield the floods of devices without a fault, and how many requests those may get then."""
    faults, told = defaultdict[int, list[Time]](list), defaultdict[int, list[float]](list)
    for step in plan.steps:
        if step.what in TOLD:
            told[step.device].append(step.at)
        else:
            for device in {step.device, step.other if step.what == "swap" else step.device}:
                faults[device].append(step.time)
    for each in plan.forged:
        around = each.at - FLOODED, each.at + FLOODED
        times = [*faults[each.device], *faults[NOBODY]]  # what befalls nobody befalls all
        if each.what in {"flood", "goodbye"} and not any(meets(around, time) for time in times):
            near = sum(each.at - DELAY < at < each.at + FLOODED for at in told[each.device])
            more = OUTLETS if plan.families[each.device].kind == "strip" else 0
            yield each, near * (DONE + more) + (READ + more) * READINGS
