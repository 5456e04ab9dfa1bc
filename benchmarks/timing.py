"""Each piece of `lan_edge.timing` compared with asyncio's own, as ratios from one run.

    python -m benchmarks.timing [REPETITIONS]

Time is processor time for one use: a deadline that is set and not reached, a block of code with a
timeout, both in a running event loop. Sliced work is compared with work that is not sliced, and a
turn with `asyncio.sleep(0)`: they cost time, and do not save any. Memory is that of an event
without waiting tasks. Both sides do the same in turn, repetition by repetition; the ratio is
calculated within each.
"""

import asyncio
from collections.abc import Awaitable, Callable
import itertools
import statistics
import sys
import time
import tracemalloc

from lan_edge.timing.deadline import Deadline
from lan_edge.timing.lazy_event import LazyEvent
from lan_edge.timing.slices import next_turn, run_in_slices
from lan_edge.timing.timeout import Timeout

ROUNDS, BATCH = 200, 100
"""Uses in a row, between which the event loop runs: it then removes cancelled timers."""
EVENTS = 10_000
SECONDS = 3.0
"""Until the deadlines, none of which is reached."""

type Work = Callable[[], Awaitable[None]]


async def timers() -> None:
    """Set and cancel a timer, as `Deadline` replaces it."""
    loop = asyncio.get_running_loop()
    for _ in range(ROUNDS):
        for _ in range(BATCH):
            loop.call_later(SECONDS, _not_reached).cancel()
        await asyncio.sleep(0)


async def deadlines() -> None:
    """Set and clear a deadline."""
    deadline = Deadline(_not_reached)
    for _ in range(ROUNDS):
        for _ in range(BATCH):
            deadline.within(SECONDS)
            deadline.clear()
        await asyncio.sleep(0)
    deadline.close()


async def asyncio_timeouts() -> None:
    """Run a block with asyncio's timeout."""
    for _ in range(ROUNDS):
        for _ in range(BATCH):
            async with asyncio.timeout(SECONDS):  # noqa: ASYNC100  # only its cost matters
                pass
        await asyncio.sleep(0)


async def timeouts() -> None:
    """Run a block with a `Timeout`."""
    timeout = Timeout()
    for _ in range(ROUNDS):
        for _ in range(BATCH):
            timeout.begin(SECONDS)
            timeout.end(None)
        await asyncio.sleep(0)
    timeout.close()


async def loops() -> None:
    """Do nothing in a row, as work that is not in slices."""
    for _ in itertools.repeat(None, ROUNDS * BATCH):
        pass


async def steps() -> None:
    """Do nothing in the steps of sliced work."""
    await run_in_slices(itertools.repeat(None, ROUNDS * BATCH))


async def rounds() -> None:
    """Let the loop run, by asyncio's own means."""
    for _ in range(ROUNDS * BATCH):
        await asyncio.sleep(0)


async def turns() -> None:
    """Wait for the next slice."""
    for _ in range(ROUNDS * BATCH):
        await next_turn()


def _not_reached() -> None:
    raise AssertionError


async def seconds(work: Work) -> float:
    """Return the processor time for one use, in seconds."""
    started = time.process_time()
    await work()
    return (time.process_time() - started) / (ROUNDS * BATCH)


def size(kind: type[asyncio.Event | LazyEvent]) -> float:
    """Return the size of one event, in bytes."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    events = [kind() for _ in range(EVENTS)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    list_size = sys.getsizeof(events)
    return (after - before - list_size) / EVENTS


async def measure(repetitions: int) -> None:
    """Measure each piece and its counterpart in turn; print the results."""
    print(f"{'':36}{'asyncio':>10}{'ours':>10}{'ratio':>9}{'min':>7}{'max':>7}")
    for name, theirs, ours in (
        ("Deadline, call_later and cancel", timers, deadlines),
        ("Timeout, asyncio.timeout", asyncio_timeouts, timeouts),
        ("run_in_slices, a step", loops, steps),
        ("next_turn, asyncio.sleep(0)", rounds, turns),
    ):
        pairs = [(await seconds(theirs), await seconds(ours)) for _ in range(repetitions)]
        report(name, [(a * 1e6, b * 1e6) for a, b in pairs], "us")
    sizes = [(size(asyncio.Event), size(LazyEvent)) for _ in range(repetitions)]
    report("LazyEvent, asyncio.Event", sizes, "B")


def report(name: str, pairs: list[tuple[float, float]], unit: str) -> None:
    """Print the medians, and the ratios of asyncio's values to ours."""
    theirs, ours = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    ratios = sorted(a / b for a, b in pairs)
    middle = statistics.median(ratios)
    figures = f"{theirs:7.2f} {unit:2}{ours:7.2f} {unit:2}" if unit == "us" else ""
    figures = figures or f"{theirs:7.0f} {unit:2}{ours:7.0f} {unit:2}"
    print(f"{name:36}{figures}{middle:9.1f}{ratios[0]:7.1f}{ratios[-1]:7.1f}")


def main() -> None:
    """Run the benchmark."""
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 7))


if __name__ == "__main__":
    main()
