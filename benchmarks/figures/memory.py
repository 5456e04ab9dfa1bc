"""Memory of a device with one entity, and of each further entity."""

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import hubs, opened
from benchmarks.systems import NARROW, PEERS, WIDE, System

TRACED = Row("traced, per device", "kB", Target(25))
RESIDENT = Row("resident, per device", "kB")
FURTHER = Row("traced, per further entity", "kB", Target(12), to="")
WIDE_DEVICES = 10
FURTHER_ENTITIES = 99


async def measure(bench: Bench) -> None:
    """Set up devices in a new process; measure the growth of its memory."""
    count = bench.options.either(200, 20)
    for system in PEERS:
        traced, _ = await _held(bench, system, count, trace=True)
        _, resident = await _held(bench, system, count, trace=False)
        bench.add(TRACED, system.name, traced / count / 1e3)
        bench.add(RESIDENT, system.name, resident / count / 1e3)
    one, _ = await _held(bench, NARROW, WIDE_DEVICES, trace=True)
    many, _ = await _held(bench, WIDE, WIDE_DEVICES, trace=True)
    further = (many - one) / WIDE_DEVICES / FURTHER_ENTITIES / 1e3
    bench.add(FURTHER, "ours", further)


async def _held(bench: Bench, system: System, count: int, *, trace: bool) -> tuple[int, int]:
    async with opened(bench.devices, (system,), count + 1), hubs((system,)) as (hub,):
        await hub.ask("set_up", count=1)  # the first one takes more than each further one
        if trace:
            await hub.ask("trace")
        before = await hub.ask("memory")
        await hub.ask("set_up", count=count + 1)
        after = await hub.ask("memory")
    return after["traced"] - before["traced"], after["rss"] - before["rss"]
