"""Setting up N entries; and the same with a tenth of the hosts dropping everything."""

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import hubs, opened
from benchmarks.systems import (
    CORE_WIZ,
    CORE_YEELIGHT,
    LINE,
    OUR_WIZ,
    OUR_YEELIGHT,
    OURS,
    System,
)

SYSTEMS = (LINE, OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ)
EACH = Row("all are there, per device", "ms", Target(1.2))
FIRST = Row("of all that: the first one, its platforms too", "ms")
CPU = Row("CPU per device, after the first", "ms")
OTHERS = Row("the others, with a tenth dead / without", "", Target(1.3), to="")
WAITS = Row("setting up ends, with a tenth dead", "s")
SHOWN = Row("the dead shown as unavailable", "%", Target(100, at_least=True), to="")
EVERY = 10


async def measure(bench: Bench) -> None:
    """Set up all entries in parallel, as at the start of Home Assistant."""
    count = bench.options.sizes[-1]
    for system in SYSTEMS:
        async with opened(bench.devices, (system,), count):
            ready = await _set_up(bench, system, count)
            await _with_dead(bench, system, count, ready)


async def _set_up(bench: Bench, system: System, count: int) -> float:
    async with hubs((system,)) as (hub,):
        first = await hub.ask("set_up", count=1)
        took = await hub.ask("set_up", count=count)
    bench.add(EACH, system.name, (first["ready"] + took["ready"]) / count * 1e3)
    bench.add(FIRST, system.name, first["ready"] * 1e3)
    bench.add(CPU, system.name, took["cpu"] / (count - 1) * 1e3)
    return float(took["ready"])


async def _with_dead(bench: Bench, system: System, count: int, ready: float) -> None:
    dead = list(range(EVERY // 2, count, EVERY))
    bench.firewall.silence(system.host(i).host for i in dead)
    try:
        async with hubs((system,)) as (hub,):
            await hub.ask("set_up", count=1)
            took = await hub.ask("set_up", count=count, dead=dead)
    finally:
        bench.firewall.hear_all()
    shown = took["dead"].count("unavailable") / len(dead)
    bench.add(OTHERS, system.name, took["ready"] / ready)
    bench.add(WAITS, system.name, took["returned"])
    bench.add(SHOWN, system.name, shown * 100)
