"""A device that comes back at a new address and announces it."""

import asyncio

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, ready_hubs
from benchmarks.systems import CORE_WIZ, CORE_YEELIGHT, OUR_WIZ, OUR_YEELIGHT, OURS

SYSTEMS = (OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ)
SHOWN = Row("available", "ms", Target(10), to="")
KEPT = Row("entry not reloaded", "%", Target(100, at_least=True), to="")
ELSEWHERE = 200
PATIENCE = 70.0


async def measure(bench: Bench) -> None:
    """Stop a device, wait until it is unavailable, and restart it at another address."""
    async with ready_hubs(bench.devices, SYSTEMS, 1) as hubs:
        gone = asyncio.gather(*(_leave(bench, hub) for hub in hubs))
        await gone
        for hub in hubs:
            await _come_back(bench, hub)


async def _leave(bench: Bench, hub: Hub) -> None:
    await hub.ask("watch")
    await bench.sent("stop", hub, indices=[0])
    await hub.ask("becomes", index=0, there=False, patience=45)


async def _come_back(bench: Bench, hub: Hub) -> None:
    await hub.ask("heard")
    host = hub.system.host(ELSEWHERE).host
    await bench.sent("start", hub, index=0, host=host)
    begun = await hub.ask("now")
    await hub.ask("announce", index=0, host=host)
    back = await hub.ask("becomes", index=0, there=True, patience=PATIENCE)
    if back is None:
        bench.note(f"{hub.system.name}: not within {PATIENCE:g} s")
        return
    bench.add(SHOWN, hub.system.name, (back - begun) * 1e3)
    bench.add(KEPT, hub.system.name, 100.0 if await hub.ask("kept", index=0) else 0.0)
