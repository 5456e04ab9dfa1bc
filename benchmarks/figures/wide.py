"""A device with 100 entities, of which one changes, beside one-entity devices."""

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import ready_hubs
from benchmarks.systems import NARROW, WIDE

RATE = 2000
ROW = Row("CPU per push", "us", Target(3, NARROW.name, of=WIDE.name), to=NARROW.name)


async def measure(bench: Bench) -> None:
    """Change one attribute of each device in turn."""
    seconds = bench.options.either(2.0, 0.5)
    async with ready_hubs(bench.devices, (NARROW, WIDE), 5) as hubs:
        for hub in bench.turns(hubs):
            component = 50 if hub.system is WIDE else 0
            before = await hub.ask("cpu")
            pushes = await bench.sent("flood", hub, rate=RATE, seconds=seconds, component=component)
            after = await hub.ask("cpu")
            bench.add(ROW, hub.system.name, (after - before) / pushes * 1e6)
