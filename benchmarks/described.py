"""The JSON bulb by its description compared with its driver, as ratios from one run.

    python -m benchmarks.described [REPETITIONS]

Both are Devices of the simulator of `benchmarks.core`, and do the same work in turn: one of the
driver in docs/examples, the other one of the text beside it. Each line is by the clock, and by the
time of this process's processor, which other programs disturb less. The last lines are what a start
takes for the bundled descriptions: with all compiled, and with their index.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from multiprocessing import Process, Queue
from pathlib import Path
from shutil import copytree, ignore_patterns
import sys
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from lan_edge import Registry, load_descriptions
from lan_edge.declarative.bundled import BUNDLED_FOLDER, INDEX
from tests.drivers.described import described

from .core import COMMANDS, PUSHES, Ours, report, simulate

REPETITIONS = 60
STARTS = 7
PART = 10
"""Into how many parts the work is divided, so that what disturbs one disturbs the other, too."""
CLOCKS: dict[str, Callable[[], float]] = {"": perf_counter, ", processor": process_time}


async def measure(port: int, repetitions: int) -> None:
    """Run both devices in turn, and print the results."""
    written, text = Ours(port, None, PART), Ours(port, described("json_bulb"), PART)
    await written.start()
    await text.start()
    results = defaultdict[str, list[tuple[float, float]]](list)
    works = {
        "command": (COMMANDS // PART, written.commands, text.commands),
        "push": (PUSHES // PART, written.pushes, text.pushes),
    }
    for n in range(repetitions):
        for name, (count, one, other) in works.items():
            # in the other order each second time, so that neither is always the later one
            order = (one, other) if n % 2 else (other, one)
            took = {work: await timed(work) for work in order}
            for clock, ours, theirs in zip(CLOCKS, took[one], took[other], strict=True):
                results[name + clock].append((ours / count, theirs / count))
    await written.device.stop()
    await text.device.stop()
    report(results, "driver", "described")


async def timed(work: Callable[[], Awaitable[None]]) -> list[float]:
    """Return the seconds that `work` takes, by each of the clocks."""
    began = [clock() for clock in CLOCKS.values()]
    await work()
    return [clock() - at for clock, at in zip(CLOCKS.values(), began, strict=True)]


def measure_starts(repetitions: int) -> None:
    """Load the bundled descriptions without their index and with it, and print the results."""
    with TemporaryDirectory() as temporary:
        folder = str(Path(temporary) / "descriptions")
        copytree(BUNDLED_FOLDER, folder, ignore=ignore_patterns(INDEX))
        pairs = [(_start(folder), _start(BUNDLED_FOLDER)) for _ in range(repetitions)]
    report({"start, bundled descriptions": pairs}, "compiled", "indexed")


def _start(folder: str) -> float:
    began = perf_counter()
    failures = load_descriptions(Registry(), folder)
    took = perf_counter() - began
    assert failures == []  # noqa: S101  # otherwise nothing was measured
    return took


def main() -> None:
    """Start the simulator, measure, and end the simulator."""
    port: Queue[int] = Queue()
    simulator = Process(target=simulate, args=(port,), daemon=True)
    simulator.start()
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    try:
        asyncio.run(measure(port.get(timeout=10), repetitions))
    finally:
        simulator.terminate()
    measure_starts(STARTS)


if __name__ == "__main__":
    main()
