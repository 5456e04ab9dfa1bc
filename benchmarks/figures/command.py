"""One command to one device among N: from the service call to its bytes, and to its return."""

from collections import defaultdict
from collections.abc import Sequence
import random
from statistics import median

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, microseconds

ARRIVES = Target(1.25, "line")
RETURNS = Target(1.3, "line")
BLOCK, WARM = 50, 10
"""Commands that a system sends in each turn; the first of them do not count."""


async def measure(bench: Bench, hubs: Sequence[Hub], count: int) -> None:
    """Send commands to devices at random, one after another."""
    generator = random.Random(bench.repetition)  # noqa: S311
    arrived, returned = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for hub in bench.turns(hubs, bench.options.either(8, 2)):
        await bench.devices.ask("arrivals")
        picks = [generator.randrange(count) for _ in range(BLOCK)]
        calls = await hub.ask("commands", picks=picks)
        arrivals = await bench.devices.ask("arrivals")
        if len(arrivals) != len(calls):
            bench.note(f"{hub.system.name}: not as many requests as commands, at times")
            continue
        arrived[hub.system.name] += microseconds(arrivals, calls)[WARM:]
        returned[hub.system.name] += [(call[1] - call[0]) * 1e6 for call in calls[WARM:]]
    for name in arrived:
        bench.add(Row(f"arrives, N={count}", "us", ARRIVES), name, median(arrived[name]))
        bench.add(Row(f"returns, N={count}", "us", RETURNS), name, median(returned[name]))
