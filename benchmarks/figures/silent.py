"""A device that dies without a word: noticed without traffic of ours, and after a command."""

import asyncio

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, ready_hubs
from benchmarks.systems import CORE_WIZ, CORE_YEELIGHT, LINE, OUR_WIZ, OUR_YEELIGHT, OURS

SYSTEMS = (LINE, OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ)
IDLE = Row("unavailable, without traffic", "s", Target(10), to="")
ASKED = Row("unavailable, after a command", "s", Target(3.5), to="")
AT_REST, COMMANDED = 0, 1


async def measure(bench: Bench) -> None:
    """Drop all packets of two devices, and send one of them a command."""
    patience = bench.options.either(45.0, 12.0, 180.0)
    async with ready_hubs(bench.devices, SYSTEMS, 2) as hubs:
        await asyncio.sleep(1)
        try:
            await asyncio.gather(*(_die(bench, hub, patience) for hub in hubs))
        finally:
            bench.firewall.hear_all()


async def _die(bench: Bench, hub: Hub, patience: float) -> None:
    await hub.ask("watch")
    bench.firewall.silence(hub.system.host(i).host for i in (AT_REST, COMMANDED))
    begun = await hub.ask("now")
    await hub.ask("call_all", on=False, indices=[COMMANDED])
    for row, index in ((ASKED, COMMANDED), (IDLE, AT_REST)):
        left = begun + patience - await hub.ask("now")
        noticed = await hub.ask("becomes", index=index, there=False, patience=max(left, 0.1))
        if noticed is None:
            bench.note(f"{hub.system.name}: {row.name}: not within {patience:g} s")
        else:
            bench.add(row, hub.system.name, noticed - begun)
