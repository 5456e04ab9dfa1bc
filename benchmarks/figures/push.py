"""One push of a device among N: from its bytes to state_changed."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, microseconds

GAP = 0.002
BLOCK, WARM = 80, 10


async def measure(bench: Bench, hubs: Sequence[Hub], count: int) -> None:
    """Change devices one after another."""
    row = Row(f"state changed, N={count}", "us", Target(1.3, "line"))
    took = defaultdict[str, list[float]](list)
    for hub in bench.turns(hubs, bench.options.either(6, 2)):
        await hub.ask("watch")
        sent = await bench.sent("push", hub, count=BLOCK, gap=GAP)
        heard = await hub.ask("heard", count=BLOCK, patience=1)
        await hub.ask("unwatch")
        if len(heard) != len(sent):
            bench.note(f"{hub.system.name}: not as many states as pushes, at times")
            continue
        took[hub.system.name] += microseconds(heard, sent)[WARM:]
    for name, times in took.items():
        bench.add(row, name, median(times))
