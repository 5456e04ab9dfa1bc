"""Many pushes: the work for each, for one that changes nothing, and how many are too many."""

import asyncio
from collections.abc import Sequence

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub

RATE = 2000
CHANGING = Row(f"CPU per push at {RATE}/s", "us", Target(1.4, "line"))
SAME = Row(f"a push of the same value / a changing one, at {RATE}/s", "", to="")
SAME_WORK = Row("the same, without the loop's waking up for each", "", Target(0.3), to="")
MOSTLY = 0.95
MOST = Row("pushes shown, as fast as they come", "1/s", Target(25000, at_least=True))


async def measure(bench: Bench, hubs: Sequence[Hub], count: int) -> None:
    """Push at a rate, and as fast as the simulator can."""
    if count != bench.options.sizes[1]:
        return
    seconds = bench.options.either(2.0, 0.5)
    pushes = bench.options.either(30000, 3000)
    for hub in bench.turns(hubs):
        name = hub.system.name
        changing = await _work(bench, hub, seconds, same=False)
        same = await _work(bench, hub, seconds, same=True)
        bench.add(CHANGING, name, changing * 1e6)
        bench.add(SAME, name, same / changing)
        bench.add(SAME_WORK, name, await _bare(bench, hub, pushes))
        await hub.ask("watch")
        sent = await bench.sent("burst", hub, count=pushes)
        shown = await hub.ask("heard", count=pushes, patience=8 if pushes > RATE else 2)
        await hub.ask("unwatch")
        if shown:
            most = int(len(shown) * MOSTLY)  # states lost by UDP are read much later
            bench.add(MOST, name, most / (shown[most][0] - sent["started"]))
        if len(shown) < pushes * 0.99:
            bench.note(f"{name}: {len(shown)} of {pushes} pushes of the burst were shown")


async def _work(bench: Bench, hub: Hub, seconds: float, *, same: bool) -> float:
    before = await hub.ask("cpu")
    pushes: int = await bench.sent("flood", hub, rate=RATE, seconds=seconds, same=same)
    after = await hub.ask("cpu")
    return float(after - before) / pushes


async def _bare(bench: Bench, hub: Hub, pushes: int) -> float:
    """Return the ratio for pushes so fast that many are read at once."""
    spent = []
    for same in (True, False):
        before = await hub.ask("cpu")
        await bench.sent("burst", hub, count=pushes, same=same)
        await asyncio.sleep(pushes / 10000)
        spent.append(await hub.ask("cpu") - before)
    return float(spent[0] / spent[1])
