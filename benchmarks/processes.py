"""The processes of a benchmark: one for the devices, and one for each system."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from .channel import Child
from .systems import System


class Hub(Child):
    """A system in a process of its own, with the methods of Home or Raw."""

    def __init__(self, system: System) -> None:
        """Start the process."""
        super().__init__("benchmarks.home" if system.domain else "benchmarks.raw", system.name)
        self.system = system


@asynccontextmanager
async def simulator() -> AsyncGenerator[Child]:
    """Run the process of the devices."""
    async with Child("benchmarks.simulator") as child:
        await child.ask("ready")
        yield child


@asynccontextmanager
async def hubs(systems: Iterable[System]) -> AsyncGenerator[list[Hub]]:
    """Run a process for each system, without devices."""
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(Hub(s)) for s in systems]
        await asyncio.gather(*(hub.ask("prepare") for hub in started))
        yield started


@asynccontextmanager
async def opened(devices: Child, systems: Iterable[System], count: int) -> AsyncGenerator[None]:
    """Simulate `count` devices of each system; before the hubs: core's wiz uses their port."""
    names = [system.name for system in systems]
    try:
        for name in names:
            await devices.ask("open", system=name, count=count)
        yield
    finally:
        for name in names:
            await devices.ask("close", system=name)


@asynccontextmanager
async def ready_hubs(
    devices: Child, systems: Iterable[System], count: int
) -> AsyncGenerator[list[Hub]]:
    """Run a process for each system, each with `count` devices."""
    async with opened(devices, systems, count), hubs(systems) as started:
        for hub in started:
            await hub.ask("set_up", count=count)
            await hub.ask("collect")
        yield started


def microseconds(stamps: Any, since: Any) -> list[float]:
    """Return how long after `since` each time is."""
    return [(then[0] - before[0]) * 1e6 for then, before in zip(stamps, since, strict=True)]
