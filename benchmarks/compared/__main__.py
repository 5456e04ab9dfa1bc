"""The comparison, which `scripts/compare [FAMILY...] [options]` runs."""

import argparse
import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.channel import REPOSITORY
from tests.emulators.kasa import install, missing

from .families import ALL, KASA
from .family import Family
from .table import markdown

RESULTS = REPOSITORY / "benchmarks/results"
PARTS = ("faults", "crowd")

type Sides = dict[str, list[Any]]
"""By side, what each run measured."""


@dataclass(frozen=True)
class Wanted:
    """What is to be measured."""

    families: list[Family]
    parts: list[str]
    repetitions: int
    folders: dict[str, str]
    """Where the custom integrations are, by their domain."""


async def measure(wanted: Wanted, at_once: int) -> None:
    """Run the families, some at once, and of each its two sides at once; print and store each."""
    turns = asyncio.Semaphore(at_once)

    async def run(family: Family) -> None:
        names = (family.other, "ours")
        sides: Sides = {name: [] for name in names}
        for _ in range(wanted.repetitions):
            for part in wanted.parts:
                async with turns:
                    both = (_run(name, family, part, wanted.folders) for name in names)
                    for name, results in zip(names, await asyncio.gather(*both), strict=True):
                        sides[name].append(results)
        print(f"\n### {family.title}\n\n{markdown(family, sides)}", flush=True)
        print(f"stored in {keep(family, sides).relative_to(REPOSITORY)}", file=sys.stderr)

    await asyncio.gather(*(run(family) for family in wanted.families))


async def _run(side: str, family: Family, part: str, folders: dict[str, str]) -> Any:
    """Run one side in a network namespace of its own; return what it measured, None if it fails."""
    python, module = sys.executable, "benchmarks.compared.side"
    with TemporaryDirectory(prefix="lan-edge-compared-") as folder:
        file = Path(folder) / "results.json"
        command = (python, "-m", "tests.real.isolated", python, "-m", module)
        custom = folders.get(family.domain, "")
        process = await asyncio.create_subprocess_exec(
            *command, side, family.name, part, str(file), custom, cwd=REPOSITORY
        )
        await process.wait()
        return json.loads(file.read_text()) if file.exists() else None


def keep(family: Family, sides: Sides) -> Path:
    """Write everything that was measured with a family into a new file."""
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    path = RESULTS / f"compared-{family.name}-{moment}.json"
    path.write_text(json.dumps(sides, indent=2))
    return path


def chosen_of(
    names: list[str], folders: dict[str, str], parser: argparse.ArgumentParser
) -> list[Family]:
    """Return the families with these names; all that can be had if there are none."""
    if unknown := set(names) - set(ALL):
        parser.error(f"unknown family: {', '.join(sorted(unknown))}; use {', '.join(ALL)}")
    chosen = [family for name, family in ALL.items() if name in (names or ALL)]
    for family in chosen:
        if family.custom and family.domain not in folders:
            lacks = f"{family.name} without {family.custom.repository} by --custom"
            print(f"compare: no {lacks}", file=sys.stderr)
    chosen = [f for f in chosen if not f.custom or f.domain in folders]
    if ALL["kasa"] in chosen:
        if lacks := ", ".join(missing()):
            print(f"compare: no Kasa without {lacks}", file=sys.stderr)
            return [family for family in chosen if family.driver != "kasa"]
        KASA.mkdir(parents=True, exist_ok=True)
        install(KASA)
    return chosen


def custom_in(folder: str) -> tuple[str, str]:
    """Return the domain of the custom integration in a repository's folder, and the folder."""
    (manifest,) = Path(folder).glob("custom_components/*/manifest.json")
    return str(json.loads(manifest.read_text())["domain"]), folder


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser("scripts/compare", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(ALL))
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument(
        "--at-once", type=int, default=1, help="families; each takes two Home Assistants"
    )
    parser.add_argument("--part", action="append", choices=PARTS, help="of what is measured")
    parser.add_argument(
        "--custom",
        action="append",
        default=[],
        metavar="FOLDER",
        help="the repository of a custom integration; its requirements have to be in .venv-ha",
    )
    given = parser.parse_args()
    folders = dict(map(custom_in, given.custom))
    chosen = chosen_of(given.families, folders, parser)
    parts = given.part or list(PARTS)
    asyncio.run(measure(Wanted(chosen, parts, given.repetitions, folders), given.at_once))


if __name__ == "__main__":
    main()
