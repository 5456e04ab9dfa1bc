"""A tenth of 50 devices accepts and never answers: one call to all, and the next one."""

import asyncio

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, ready_hubs
from benchmarks.systems import CORE_WIZ, CORE_YEELIGHT, LINE, OUR_WIZ, OUR_YEELIGHT, OURS

SYSTEMS = (LINE, OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ)
FIRST = Row("the call returns", "s", Target(3.5))
NAMED = Row("of the failed, named in its error", "%", Target(100, at_least=True), to="")
HEALTHY = Row("of the healthy, reached", "%", Target(100, at_least=True), to="")
NEXT = Row("the next call returns", "s", Target(0.5))
EVERY = 10


async def measure(bench: Bench) -> None:
    """Freeze devices, and call twice; all systems at the same time, since it takes seconds."""
    count = bench.options.either(50, 10)
    async with ready_hubs(bench.devices, SYSTEMS, count) as hubs:
        await bench.devices.ask("arrivals")
        for hub in hubs:
            await bench.sent("freeze", hub, indices=list(range(0, count, EVERY)), frozen=True)
        await asyncio.gather(*(_call(bench, hub, count) for hub in hubs))


async def _call(bench: Bench, hub: Hub, count: int) -> None:
    frozen, name = list(range(0, count, EVERY)), hub.system.name
    first = await hub.ask("call_all", on=False)
    after = await hub.ask("call_all", on=True)
    named = [i for i in frozen if _is_named(i, first["error"])]
    states = await bench.sent("states", hub)
    healthy = [states[i] for i in range(count) if i not in frozen]
    bench.add(FIRST, name, first["returned"] - first["called"])
    bench.add(NAMED, name, len(named) / len(frozen) * 100)
    bench.add(HEALTHY, name, healthy.count(True) / len(healthy) * 100)
    bench.add(NEXT, name, after["returned"] - after["called"])
    if hub.system is OURS:
        bench.note(f"our error: {first['error'][:300]}")


def _is_named(index: int, error: str) -> bool:
    words = error.replace(",", " ").replace(".", " ").replace(":", " ").replace("'", " ")
    return f"Bench {index} " in words + " " or f"bench_{index} " in words + " "
