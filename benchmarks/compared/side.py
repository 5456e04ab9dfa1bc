"""One run: `python -m benchmarks.compared.side core|ours FAMILY FILE`, in a network of its own."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from tests.network.lab import lan as make_lan

from .families import ALL, Family
from .faults import FAULTS, Result, Trial
from .placed import Placed
from .sides import SIDES


async def measured(side_name: str, family: Family, folder: Path) -> list[Result]:
    """Run a Home Assistant with a device for each fault; return what happened, fault by fault."""
    results: list[Result] = []
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            devices = [Placed(family, number) for number, _ in enumerate(FAULTS, 1)]
            for device in devices:
                await device.join(lan, stack)
            side = await stack.enter_async_context(SIDES[side_name](lan, folder, family))
            await side.set_up(devices)
            for device, fault in zip(devices, FAULTS, strict=True):
                trial = Trial(side, device)
                await trial.ready()
                results += await fault(trial)
                _say(f"{family.title}, {side_name}: {len(results)} figures")
    return results


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(side_name: str, family: str, file: str) -> None:
    """Measure, and write the results into a file as JSON."""
    with TemporaryDirectory(prefix="lan-edge-compared-") as folder:
        results = asyncio.run(measured(side_name, ALL[family], Path(folder)))
    Path(file).write_text(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main(*sys.argv[1:])
