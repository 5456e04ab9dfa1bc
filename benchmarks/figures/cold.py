"""The import of the integration, and a flow until its first entity."""

import asyncio
import os
import sys

from benchmarks.bench import Bench, Row, Target
from benchmarks.channel import PACKAGES, REPOSITORY
from benchmarks.processes import hubs, opened
from benchmarks.systems import OURS

IMPORT = Row("import, all platforms", "ms", Target(150), to="")
ON_LOOP = Row("longest stop of the loop while it is loaded", "ms", to="")
FLOW = Row("submitted flow to first entity", "ms", to="")


async def measure(bench: Bench) -> None:
    """Import in a new process; add a discovered device."""
    await _import()  # compiles the modules that are not compiled yet
    bench.add(IMPORT, "ours", await _import())
    async with opened(bench.devices, (OURS,), 1), hubs((OURS,)) as (hub,):
        bench.add(ON_LOOP, "ours", await hub.ask("longest_stop") * 1e3)
        bench.add(FLOW, "ours", await hub.ask("add_by_flow", index=0) * 1e3)


async def _import() -> float:
    path = os.pathsep.join((str(REPOSITORY), str(PACKAGES)))
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.cold_import",
        cwd=REPOSITORY,
        env={**kept, "PYTHONPATH": path},  # as at every start of Home Assistant except the first
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return float(output)
