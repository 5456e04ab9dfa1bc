"""The verdict: what was promised, and what came of it."""

import asyncio
from collections import Counter
import time
from typing import Any

from tests.real.client import Json

from .conductor import Conductor
from .families import PATIENCE, Family, lane_of
from .house import House
from .ledger import Command, Ledger, not_done
from .logs import entries, levels
from .plan import EVERYBODY, TOLD, Plan

READY = ("Bytes", "Call", "Http", "Json", "Text")
"""What a description sends, as it is prepared."""
MADE_ONCE = {
    "lan_edge.device.invocation.HandlerCall",
    "lan_edge.capabilities.intents.light.LightIntent",
    *(f"lan_edge.declarative.sending.ready.Ready{kind}" for kind in READY),
}
"""For all devices of a driver, when a command without arguments comes for the first time, or a
request that is always the same."""
BOUNDED = {
    "lan_edge.timing.token_bucket.TokenBucket",
    "lan_edge.network.patterns.BoundedPattern",
}
"""One for each host that has sent a beacon, or pattern of a description, and so many at most."""
LINES_AN_OUTAGE = 2
"""One that it is gone, one that it is back."""
LOOKS = 12
"""How often it is looked for what is left."""
REST = 15.0
"""Seconds in which a search for devices ends, which begins when one is removed."""


async def wrong_states(conductor: Conductor) -> list[str]:
    """Wait until Home Assistant shows what the devices are; return where it still does not.

    All have the same time for that, from now on.
    """
    families, start = conductor.families, time.monotonic()
    waiting, told = [*range(len(families))], list[str]()
    while waiting:
        shown = await states(conductor)
        values = conductor.fleet.device.values()
        passed = time.monotonic() - start
        wrong = [n for n in waiting if not is_shown(families[n], values[n], shown[n])]
        late = [n for n in wrong if passed > PATIENCE]
        told += [f"{await described(conductor, n)}, shown as {shown[n]}" for n in late]
        waiting = [n for n in wrong if n not in late]
        await asyncio.sleep(0.25)
    return told


async def described(conductor: Conductor, device: int) -> str:
    """Return what a device is, and how Home Assistant's connection to it is."""
    body = conductor.fleet.device.bodies[device]
    connection = await conductor.house.ask("explain", device=body.unique_id)
    return f"{body.name} is {body.value:g} (connection: {connection})"


async def states(conductor: Conductor) -> list[Any]:
    """Return the state and attributes of each device's entity."""
    bodies = conductor.fleet.device.bodies
    pairs = zip(bodies, conductor.families, strict=True)
    things = [[body.unique_id, family.domain, family.entity] for body, family in pairs]
    shown: list[Any] = await conductor.house.ask("states", things=things)
    return shown


def is_shown(family: Family, value: float, shown: Any) -> bool:
    """Whether a state shows a value."""
    return shown is not None and family.read(*shown) == value


def wrong_commands(conductor: Conductor) -> list[str]:
    """Return what is wrong with what was said of the commands."""
    executed = conductor.fleet.device.executed()
    wrong: list[str] = []
    for device, commands in conductor.ledger.commands.items():
        body = conductor.fleet.device.bodies[device]
        doubts = conductor.ledger.doubts.get(device, [])
        wrong += [f"{body.name}: {told}" for told in not_done(commands, executed[device], doubts)]
        wrong += [f"{body.name}: a stranger was commanded" for e in executed[device] if e.stranger]
        strange = conductor.families[device].strange(lane_of(device))
        wrong += [
            f"{body.name}: {e.value:g} was meant for another one"
            for e in executed[device]
            if e.value in strange
        ]
        wrong += [f"{c}: open, {c.text}" for c in commands if c.outcome == "open"]
        failed = [c for c in commands if c.outcome == "failed"]
        wrong += [f"{c} failed without its name: {c.text!r}" for c in failed if not says(body, c)]
    return wrong


def says(body: Any, command: Command) -> bool:
    """Whether an error names the device and says more than that."""
    return body.name in command.text and len(command.text) > len(body.name) + 5


async def wrong_signs_of_life(conductor: Conductor, until: float) -> list[str]:
    """Command each device once more; return who does not do it.

    `until` then, a connection may still be lost that was gone before: half open, or to another one
    that has its address now. Whoever failed before is commanded again after that.
    """
    last = max((c.number for c in conductor.ledger.all()), default=0) + 1
    devices = [*range(len(conductor.families))]
    done = await asyncio.gather(*(conductor.command(n, last + n % 7 + 1) for n in devices))
    failed = [command.device for command in done if command.outcome != "done"]
    if failed and done and min(command.asked for command in done) < until:
        await asyncio.sleep(until - time.monotonic())
        again = (conductor.command(n, last + 10 + n % 7) for n in failed)
        done = await asyncio.gather(*again)
    return [f"{c}: {c.outcome} {c.text}" for c in done if c.outcome != "done"]


def outages(plan: Plan) -> int:
    """Return how many times a device was out of order, at most."""
    single = sum(2 if s.what == "swap" else s.what not in (*EVERYBODY, *TOLD) for s in plan.steps)
    return single + len(plan.families) * sum(s.what in {"home", "pull"} for s in plan.steps)


def wrong_logs(logs: list[str], plan: Plan) -> list[str]:
    """Return what should not be in the logs."""
    written, most = entries(logs), outages(plan)
    wrong = [entry.text for entry in written if entry.bad][:5]
    if sum(entry.ours for entry in written) > LINES_AN_OUTAGE * most:
        wrong.append(f"{levels(written)} lines for {most} outages")
    return wrong


async def at_rest(house: House) -> Json:
    """Return what is in Home Assistant once nothing of ours runs there, or does not end."""
    deadline = time.monotonic() + REST
    while True:
        left: Json = (await house.report())["left"]
        if not left["tasks"] or time.monotonic() > deadline:
            return left
        await asyncio.sleep(1)


async def leftovers(house: House, before: Json) -> list[str]:
    """Return what stays after all entries are gone and was not there when they were gone before.

    Devices still announce themselves, so that a card may be there for a moment.
    """
    for _ in range(LOOKS):
        await house.ask("dismiss")
        if not (wrong := await _left(house, before)):
            break
        await asyncio.sleep(1)
    return wrong


async def _left(house: House, before: Json) -> list[str]:
    after = await at_rest(house)
    more = Counter[str](after["objects"])
    more.subtract(before["objects"])
    kinds = [kind for kind, n in sorted(more.items()) if n > 0 and kind not in MADE_ONCE | BOUNDED]
    wrong = [f"{more[kind]} more {kind}" for kind in kinds]
    wrong += [  # for a few: it takes a second each
        f"{kind} is held by {await house.ask('holders', kind=kind)}" for kind in kinds[:3]
    ]
    wrong += [f"a task: {each}" for each in after["tasks"]]
    wrong += [f"a timer: {each}" for each in after["timers"]]
    if len(after["sockets"]) > len(before["sockets"]):
        opened = Counter[str](after["sockets"]) - Counter[str](before["sockets"])
        wrong.append(f"more sockets: {sorted(opened)}")
    return wrong


def figures(ledger: Ledger, plan: Plan, logs: list[str], reports: list[Json]) -> str:
    """Return the figures of a run."""
    reasons = Counter(c.text.split(": ")[-1][:60] for c in ledger.all() if c.outcome == "failed")
    lags = [report["lag"] for report in reports]
    memory = [report["left"]["resident_kb"] for report in reports]
    return "\n".join(
        (
            f"seed {plan.seed}: {plan.seconds:.0f} s, steps {plan.counts()}",
            f"commands {ledger.counts()}, changes {ledger.changes}",
            f"reasons {dict(reasons.most_common(8))}",
            f"log lines {levels(entries(logs))} for {outages(plan)} outages",
            *(entry.text for entry in entries(logs) if entry.ours and entry.level == "ERROR"),
            f"loop lag, ms {lags}; resident, kB {memory}",
        )
    )
