"""The JSON bulb by its description compared with its driver, as ratios from one run.

    python -m benchmarks.described [REPETITIONS]

Both are Devices of the simulator of `benchmarks.core`, and do the same work in turn: one of the
driver in docs/examples, the other one of the text beside it.
"""

import asyncio
from multiprocessing import Process, Queue
import sys

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


if __name__ == "__main__":
    main()
