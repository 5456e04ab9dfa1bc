"""The benchmark, which `scripts/bench [FIGURE...]` runs in a network namespace of its own."""

import argparse
import asyncio
from collections.abc import Awaitable
from pathlib import Path
import sys
import traceback

from .bench import Bench, Options
from .channel import REPOSITORY
from .custom import copied
from .figures import ALONE, NAMES, TRAFFIC
from .firewall import Firewall
from .limits import allow_many_files
from .processes import ready_hubs, simulator
from .systems import COMMANDED
from .table import keep, markdown, write

PAGE = REPOSITORY / "docs/performance.md"
RESULTS = Path(__file__).with_name("results")


async def measure(wanted: list[str], options: Options) -> Bench:
    """Run the figures, repetition by repetition."""
    async with simulator() as devices:
        bench = Bench(options, devices, Firewall())
        traffic = [name for name in wanted if name in TRAFFIC]
        for bench.repetition in range(options.repetitions):
            for count in options.sizes if traffic else ():
                bench.figure = traffic[0]
                await _safely(bench, _traffic(bench, traffic, count))
            for name in wanted:
                if name in ALONE:
                    _say(f"{bench.repetition + 1}/{options.repetitions} {name}")
                    bench.figure = name
                    await _safely(bench, ALONE[name].measure(bench))
    return bench


async def _traffic(bench: Bench, names: list[str], count: int) -> None:
    async with ready_hubs(bench.devices, COMMANDED, count) as hubs:
        for name in names:
            _say(f"{bench.repetition + 1}/{bench.options.repetitions} {name}, N={count}")
            bench.figure = name
            await _safely(bench, TRAFFIC[name].measure(bench, hubs, count))


async def _safely(bench: Bench, work: Awaitable[None]) -> None:
    """Measure; a failure becomes a note in the table, and the other figures are still measured."""
    try:
        await work
    except Exception as err:  # noqa: BLE001
        traceback.print_exc()
        last = str(err).strip().splitlines()[-1:] or [""]
        bench.note(f"failed: {type(err).__name__}: {last[0][:200]}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser("scripts/bench", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(NAMES))
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="tiny, to try the benchmark itself")
    parser.add_argument("--long", action="store_true", help="devices off, and at rest, for minutes")
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/performance.md"
    )
    given = parser.parse_args()
    if unknown := set(given.figures) - set(NAMES):
        parser.error(f"unknown figure: {', '.join(sorted(unknown))}; use {', '.join(NAMES)}")
    wanted = [name for name in NAMES if name in (given.figures or NAMES)]
    allow_many_files()
    options = Options(given.repetitions, given.small, given.long)
    with copied():
        bench = asyncio.run(measure(wanted, options))
    table = markdown(bench)
    print(table)
    _say(f"stored in {keep(bench, RESULTS).relative_to(REPOSITORY)}")
    if given.write:
        write(table, PAGE)


if __name__ == "__main__":
    main()
