"""The comparison, which `scripts/compare [FAMILY...] [--repetitions 2] [--at-once 1]` runs."""

import argparse
import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.channel import REPOSITORY
from tests.emulators.kasa import install, missing

from .families import ALL, KASA, Family
from .sides import SIDES
from .table import markdown

RESULTS = REPOSITORY / "benchmarks/results"

type Sides = dict[str, list[Any]]
"""By side, what each run measured."""


async def measure(families: list[Family], repetitions: int, at_once: int) -> None:
    """Run the families, some at once, and of each its two sides at once; print and store each."""
    turns = asyncio.Semaphore(at_once)

    async def run(family: Family) -> None:
        async with turns:
            results = [await asyncio.gather(*(_run(s, family) for s in SIDES)) for _ in repeated]
        sides = dict(zip(SIDES, map(list, zip(*results, strict=True)), strict=True))
        print(f"\n### {family.title}\n\n{markdown(family, sides)}", flush=True)
        print(f"stored in {keep(family, sides).relative_to(REPOSITORY)}", file=sys.stderr)

    repeated = range(repetitions)
    await asyncio.gather(*(run(family) for family in families))


async def _run(side: str, family: Family) -> Any:
    """Run one side in a network namespace of its own; return what it measured, None if it fails."""
    python, module = sys.executable, "benchmarks.compared.side"
    with TemporaryDirectory(prefix="lan-edge-compared-") as folder:
        file = Path(folder) / "results.json"
        command = (python, "-m", "tests.real.isolated", python, "-m", module)
        process = await asyncio.create_subprocess_exec(
            *command, side, family.driver, str(file), cwd=REPOSITORY
        )
        await process.wait()
        return json.loads(file.read_text()) if file.exists() else None


def keep(family: Family, sides: Sides) -> Path:
    """Write everything that was measured with a family into a new file."""
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    path = RESULTS / f"compared-{family.driver}-{moment}.json"
    path.write_text(json.dumps(sides, indent=2))
    return path


def wanted(names: list[str], parser: argparse.ArgumentParser) -> list[Family]:
    """Return the families with these names; all that can be had if there are none."""
    if unknown := set(names) - set(ALL):
        parser.error(f"unknown family: {', '.join(sorted(unknown))}; use {', '.join(ALL)}")
    chosen = [family for name, family in ALL.items() if name in (names or ALL)]
    if ALL["kasa"] in chosen:
        if lacks := missing():
            print(f"compare: no Kasa without {', '.join(lacks)}", file=sys.stderr)
            return [family for family in chosen if family.driver != "kasa"]
        KASA.mkdir(parents=True, exist_ok=True)
        install(KASA)
    return chosen


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser("scripts/compare", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(ALL))
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument(
        "--at-once", type=int, default=1, help="families; each takes two Home Assistants"
    )
    given = parser.parse_args()
    asyncio.run(measure(wanted(given.families, parser), given.repetitions, given.at_once))


if __name__ == "__main__":
    main()
