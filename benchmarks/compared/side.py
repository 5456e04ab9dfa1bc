"""One run: `python -m benchmarks.compared.side core|custom|ours FAMILY PART FILE [FOLDER]`.

It is in a network of its own. FOLDER has a custom integration.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from tests.network.lab import lan as make_lan

from .crowd import COUNT, Crowd
from .custom import CustomSide
from .families import ALL
from .family import KEYLESS, Family
from .faults import FAULTS, KEYED, Trial
from .placed import Placed
from .results import Result
from .sides import Core, Ours, Side

SIDES: dict[str, type[Side]] = {"core": Core, "custom": CustomSide, "ours": Ours}


@asynccontextmanager
async def at_home(
    side_name: str, family: Family, count: int, custom: str
) -> AsyncGenerator[tuple[Side, list[Placed]]]:
    """Have a Home Assistant with so many devices."""
    with TemporaryDirectory(prefix="lan-edge-compared-") as folder, make_lan() as lan:
        async with AsyncExitStack() as stack:
            devices = [Placed(family, number) for number in range(1, count + 1)]
            for device in devices:
                await device.join(lan, stack)
            made = SIDES[side_name](lan, Path(folder), family, custom)
            side = await stack.enter_async_context(made)
            yield side, devices


async def faults(side_name: str, family: Family, custom: str) -> list[Result]:
    """Have a device for each fault; return what happened, fault by fault."""
    results: list[Result] = []
    wanted = FAULTS if family.key is KEYLESS else KEYED
    async with at_home(side_name, family, len(wanted), custom) as (side, devices):
        await side.set_up(devices)
        for device, fault in zip(devices, wanted, strict=True):
            trial = Trial(side, device)
            try:
                await trial.ready()
                results += await fault(trial)
            except TimeoutError as err:
                results.append(Result(fault.__name__, words=f"not measured: {err}"))
            _say(f"{family.title}, {side_name}: {len(results)} figures")
    return results


async def crowd(side_name: str, family: Family, custom: str) -> list[Result]:
    """Have many devices; return what happened."""
    async with at_home(side_name, family, COUNT, custom) as (side, devices):
        return [result async for result in Crowd(side, devices).measured()]


PARTS = {"faults": faults, "crowd": crowd}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(side_name: str, family: str, part: str, file: str, custom: str = "") -> None:
    """Measure, and write the results into a file as JSON."""
    results = asyncio.run(PARTS[part](side_name, ALL[family], custom))
    Path(file).write_text(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main(*sys.argv[1:])
