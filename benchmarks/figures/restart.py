"""A device that restarts at its address: there again, without and with an announcement."""

import asyncio

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, ready_hubs
from benchmarks.systems import CORE_WIZ, CORE_YEELIGHT, LINE, OUR_WIZ, OUR_YEELIGHT, OURS

SYSTEMS = (LINE, OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ)
QUIET, TELLING = 0, 1
PATIENCE = 70.0


async def measure(bench: Bench) -> None:
    """Reset two devices of each system; one of them announces its return."""
    down = bench.options.either(5.0, 3.0, 60.0)
    async with ready_hubs(bench.devices, SYSTEMS, 2) as hubs:
        await asyncio.sleep(1)
        await asyncio.gather(*(_restart(bench, hub, down) for hub in hubs))


async def _restart(bench: Bench, hub: Hub, down: float) -> None:
    both, name = [QUIET, TELLING], hub.system.name
    await hub.ask("watch")
    await bench.sent("stop", hub, indices=both)
    await asyncio.sleep(down)
    if "wiz" in hub.system.name:  # there is no connection to reset: only a poll notices it
        for index in both:
            await hub.ask("becomes", index=index, there=False, patience=45)
    await hub.ask("heard")
    rows = {
        QUIET: Row(f"down {down:g} s, says nothing", "s", Target(2), to=""),
        TELLING: Row(f"down {down:g} s, announces itself", "ms", Target(50), to=""),
    }
    if name == LINE.name:
        del rows[TELLING]
    since = {index: await bench.sent("start", hub, index=index) for index in rows}
    if TELLING in rows:
        since[TELLING] = await hub.ask("now")
        await hub.ask("announce", index=TELLING, host=hub.system.host(TELLING).host)
    for index in sorted(rows, reverse=True):
        back = await hub.ask("becomes", index=index, there=True, patience=PATIENCE)
        if back is None:
            bench.note(f"{name}: {rows[index].name}: not within {PATIENCE:g} s")
        else:
            unit = 1e3 if index == TELLING else 1
            bench.add(rows[index], name, (back - since[index]) * unit)
