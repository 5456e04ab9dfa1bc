"""A Home Assistant that is monitored for hours: `python -m benchmarks.soak_home FD SYSTEM`."""

import asyncio
import gc
import itertools
import os
from pathlib import Path
from statistics import quantiles
import sys
import time
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError

from .home import Home, run
from .limits import allow_many_files
from .systems import BY_NAME, System

TICK = 0.02


class SoakHome(Home):
    """Counts state changes and commands; reports its resources."""

    _commanding: asyncio.Task[None]

    def __init__(self, system: System, config: Path) -> None:
        """Start with all counts at zero."""
        super().__init__(system, config)
        self._changes: list[int] = []
        self._commands: list[int] = []
        self._failures: list[str] = []
        self._took: list[float] = []
        self._lags: list[float] = []
        self._since = (0.0, 0.0)

    async def begin(self, every: float) -> None:
        """Count from now on, and command one device after another."""
        self._changes = [0] * len(self._entities)
        self._commands = [0] * len(self._entities)
        self._unwatch = self.hass.bus.async_listen(EVENT_STATE_CHANGED, self._count)
        self._ticking = asyncio.create_task(self._tick())
        self._commanding = asyncio.create_task(self._command(every))
        self._since = time.monotonic(), time.process_time()

    @callback
    def _count(self, event: Event[EventStateChangedData]) -> None:
        if (index := self._index.get(event.data["entity_id"])) is not None:
            self._changes[index] += 1

    async def _command(self, every: float) -> None:
        moment = time.monotonic()
        for index in itertools.cycle(range(0, 7 * len(self._entities), 7)):
            await self._switch(index % len(self._entities))
            moment += every
            await asyncio.sleep(max(0, moment - time.monotonic()))

    async def _switch(self, index: int) -> None:
        entity_id, began = self._entities[index], time.monotonic()
        self._commands[index] += 1
        try:
            await self._call([entity_id], on=not self._is_on(entity_id))
        except HomeAssistantError as err:
            self._failures.append(f"{entity_id}: {err}"[:200])
        self._took.append(time.monotonic() - began)

    async def rest(self) -> None:
        """Stop sending commands."""
        self._commanding.cancel()
        await asyncio.wait([self._commanding])

    async def counts(self) -> dict[str, list[int]]:
        """Return the state changes of each device's entity, and its commands, so far."""
        return {"changes": self._changes, "commands": self._commands}

    async def fare(self, clean: bool = False) -> dict[str, Any]:
        """Return resources, and times since the last call; `clean`: collect garbage first."""
        if clean:
            gc.collect()
        memory, now, cpu = await self.resident(), time.monotonic(), time.process_time()
        lags, took = self._lags, self._took
        self._lags, self._took = [], []
        share = (cpu - self._since[1]) / max(now - self._since[0], 1e-9)
        self._since = now, cpu
        return {
            "rss": memory,
            "blocks": sys.getallocatedblocks(),
            "tasks": len(asyncio.all_tasks()),
            "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            "cpu": share,
            "lag": _spread(lags),
            "command": _spread(took),
            "failures": self._failures,
        }

    async def resident(self) -> int:
        """Return the resident memory of the process, in bytes."""
        status = Path("/proc/self/status").read_text()  # noqa: ASYNC240  # made in memory
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    async def _tick(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            self._lags.append(max(0.0, now - last - TICK))
            last = now


def _spread(values: list[float]) -> dict[str, float]:
    """Return the median, the 99th percentile and the maximum, in ms."""
    cuts = (
        quantiles(values, n=100, method="inclusive") if len(values) > 1 else [*values, *[0.0] * 99]
    )
    spread = {"p50": cuts[49], "p99": cuts[98], "max": max(values, default=0.0)}
    return {name: value * 1e3 for name, value in spread.items()}


if __name__ == "__main__":
    allow_many_files()
    asyncio.run(run(int(sys.argv[1]), BY_NAME[sys.argv[2]], SoakHome))
