"""The JSON bulb by its description compared with its driver, as ratios from one run.

    python -m benchmarks.described [REPETITIONS]

Both are Devices of the simulator of `benchmarks.core`, and do the same work in turn: one of the
driver in docs/examples, the other one of the text beside it. The last lines are what a start takes
for the bundled descriptions: with all compiled, and with their index.
"""

import asyncio
from multiprocessing import Process, Queue
from pathlib import Path
from shutil import copytree, ignore_patterns
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from lan_edge import Registry, load_descriptions
from lan_edge.declarative.bundled import BUNDLED_FOLDER, INDEX
from tests.drivers.described import described

from .core import COMMANDS, PUSHES, Ours, report, simulate, timed

REPETITIONS = 7


async def measure(port: int, repetitions: int) -> None:
    """Run both devices in turn, and print the results."""
    written, text = Ours(port), Ours(port, described("json_bulb"))
    await written.start()
    await text.start()
    results: dict[str, list[tuple[float, float]]] = {"command, there and back": [], "push": []}
    for _ in range(repetitions):
        pair = await timed(written.commands) / COMMANDS, await timed(text.commands) / COMMANDS
        results["command, there and back"].append(pair)
        pair = await timed(written.pushes) / PUSHES, await timed(text.pushes) / PUSHES
        results["push"].append(pair)
    await written.device.stop()
    await text.device.stop()
    report(results, "driver", "described")


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
    measure_starts(repetitions)


if __name__ == "__main__":
    main()
