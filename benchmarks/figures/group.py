"""One service call to all N devices: the last arrival, its return, the work for each."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub

ROWS = {
    "last arrival": ("ms", 1.2),
    "call returns": ("ms", 1.3),
    "first to last": ("ms", None),
    "CPU per device": ("us", 1.35),
}

type Taken = defaultdict[str, list[float]]


async def measure(bench: Bench, hubs: Sequence[Hub], count: int) -> None:
    """Switch all devices, a few times."""
    if count < max(bench.options.sizes):
        return
    for hub in hubs:
        for on in (False, True):  # all on: it sends no "off" to a light that is off
            await hub.ask("call_all", on=on)
            await asyncio.sleep(0.3)
    taken = defaultdict[str, Taken](lambda: defaultdict(list))
    for turn, hub in enumerate(bench.turns(hubs, bench.options.either(10, 4))):
        on = bool(turn // len(hubs) % 2)
        await _switch(bench, hub, on=on, count=count, taken=taken[hub.system.name])
    for system, measured in taken.items():
        for name, values in measured.items():
            unit, bound = ROWS[name]
            target = Target(bound, "line") if bound else None
            bench.add(Row(f"{name}, N={count}", unit, target), system, median(values))


async def _switch(bench: Bench, hub: Hub, *, on: bool, count: int, taken: Taken) -> None:
    await hub.ask("watch")
    await bench.devices.ask("arrivals")
    call: dict[str, Any] = await hub.ask("call_all", on=on)
    await hub.ask("heard", count=count, patience=1)
    await hub.ask("unwatch")
    first: dict[int, float] = {}
    arrivals = await bench.devices.ask("arrivals")
    for at, index in arrivals:
        first.setdefault(index, at)
    if len(first) != count or call["error"]:
        bench.note(f"{hub.system.name}: not all arrived, at times {call['error'][:80]}")
        return
    if len(arrivals) > count:
        bench.note(f"{hub.system.name}: some requests were sent again, at times")
    taken["last arrival"].append((max(first.values()) - call["called"]) * 1e3)
    taken["call returns"].append((call["returned"] - call["called"]) * 1e3)
    taken["first to last"].append((max(first.values()) - min(first.values())) * 1e3)
    taken["CPU per device"].append(call["cpu"] / count * 1e6)
