"""A thousand devices: set up, at rest, all on and off, and a power cut of all."""

import asyncio
from pathlib import Path
import random
from statistics import median
import time

from benchmarks.bench import Bench, Row, Target
from benchmarks.processes import Hub, hubs, opened
from benchmarks.systems import OURS

SYN_SENT = "02"
WITHIN = 10.0
READY = Row("all are there, per device", "ms")
REST = Row("CPU at rest, of one core", "%", Target(5))
ON = Row("all on: the call returns", "ms")
OFF = Row("all off: the call returns", "ms")
NOTICED = Row("power cut of all: all are unavailable after", "s", Target(10))
AT_ONCE = Row("connecting at once, at most", "", Target(50))
BACK = Row("there and true after a device's return, median", "s")
LAST = Row("there and true after a device's return, slowest", "s", Target(WITHIN))
TRUE = Row("true in the end", "%", Target(100, at_least=True))


async def measure(bench: Bench) -> None:
    """Measure one Home Assistant with our integration alone."""
    count = bench.options.either(1000, 40)
    async with opened(bench.devices, (OURS,), count), hubs((OURS,)) as (hub,):
        took = await hub.ask("set_up", count=count)
        bench.add(READY, "ours", took["ready"] / count * 1e3)
        await hub.ask("collect")
        await _rest(bench, hub)
        for row, on in ((OFF, False), (ON, True)):
            call = await hub.ask("call_all", on=on)
            bench.add(row, "ours", (call["returned"] - call["called"]) * 1e3)
        try:
            await _power_cut(bench, hub, count)
        finally:
            bench.firewall.hear_all()


async def _rest(bench: Bench, hub: Hub) -> None:
    seconds = bench.options.either(45, 3, 120)
    before = await hub.ask("cpu")
    await asyncio.sleep(seconds)
    bench.add(REST, "ours", (await hub.ask("cpu") - before) / seconds * 100)


async def _power_cut(bench: Bench, hub: Hub, count: int) -> None:
    """Silence and stop all devices; restart each of them at a random moment."""
    hosts = [OURS.host(i).host for i in range(count)]
    await hub.ask("watch")
    bench.firewall.silence(hosts)
    begun = time.monotonic()
    await bench.sent("stop", hub, indices=list(range(count)))
    await bench.sent("set", hub, indices=list(range(count)), seed=bench.repetition)
    watching = asyncio.create_task(_most_connecting(count))
    gone = await hub.ask("heard", count=count, patience=30)
    if len(gone) >= count:
        bench.add(NOTICED, "ours", gone[count - 1][0] - begun)
    await asyncio.sleep(bench.options.either(15, 1))
    await hub.ask("heard")
    returned = await _return(bench, hub, hosts)
    await asyncio.sleep(WITHIN + 2)
    watching.cancel()
    most = (await asyncio.gather(watching, return_exceptions=True))[0]
    bench.add(AT_ONCE, "ours", float(most) if isinstance(most, int) else 0.0)
    await _compare(bench, hub, returned)


async def _return(bench: Bench, hub: Hub, hosts: list[str]) -> list[float]:
    """Restart each device at a random moment; return when each restarted."""
    within = bench.options.either(30.0, 5.0)
    generator = random.Random(bench.repetition)  # noqa: S311
    due = sorted((generator.uniform(0, within), index) for index in range(len(hosts)))
    returned, started = [0.0] * len(hosts), time.monotonic()
    while due:
        await asyncio.sleep(0.1)
        passed = time.monotonic() - started
        now = [index for moment, index in due if moment <= passed]
        due = due[len(now) :]
        for index in now:
            await bench.sent("start", hub, index=index)
        if now:
            bench.firewall.hear(hosts[index] for index in now)
        for index in now:
            returned[index] = time.monotonic()
    return returned


async def _compare(bench: Bench, hub: Hub, returned: list[float]) -> None:
    """Record when each device first showed its true state, and whether all do now."""
    truth = ["on" if on else "off" for on in await bench.sent("states", hub)]
    first: dict[int, float] = {}
    for at, index, state in await hub.ask("heard"):
        if state == truth[index]:
            first.setdefault(index, at)
    shown = await hub.ask("states")
    right = sum(there == true for there, true in zip(shown, truth, strict=True))
    bench.add(TRUE, "ours", right / len(truth) * 100)
    took = [first[index] - returned[index] for index in first]
    if took:
        bench.add(BACK, "ours", median(took))
        bench.add(LAST, "ours", max(took))
    late = sum(seconds > WITHIN for seconds in took) + len(truth) - len(first)
    if late:
        bench.note(f"{late} of {len(truth)} were not there and true within {WITHIN:g} s")


async def _most_connecting(count: int) -> int:
    """Return the highest number of sockets connecting at the same time, when cancelled."""
    most = 0
    while True:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]  # noqa: ASYNC240  # in memory
        most = max(most, sum(line.split(None, 4)[3] == SYN_SENT for line in lines))
        try:
            await asyncio.sleep(0.05 if count < 1000 else 0.1)  # noqa: PLR2004
        except asyncio.CancelledError:
            return most
