"""The soak: hours of pushes and commands, counted at both ends, and the growth of memory."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import linear_regression, mean
import sys
import time
from typing import Any

import orjson

from .channel import REPOSITORY, Child
from .custom import copied
from .limits import allow_many_files
from .processes import opened, simulator
from .systems import SOAK
from .table import machine

RESULTS = Path(__file__).with_name("results")
EVERY = 1.0
"""Seconds between two pushes of a device, and between two commands."""
CALM = 5.0
"""Seconds at the end for pending messages to arrive."""
WARM_UP = 10
"""Minutes at the start that the slopes leave out."""

type Sample = dict[str, Any]


class Soak:
    """One run."""

    def __init__(self, devices: Child, hub: Child, count: int) -> None:
        """Prepare a run with `count` devices."""
        self._devices, self._hub, self._count = devices, hub, count
        self._path = RESULTS / f"soak-{datetime.now(UTC).strftime('%Y-%m-%d-%H%M%S')}.json"
        self.results: dict[str, Any] = {"at": datetime.now(UTC).isoformat(), "machine": machine()}
        self.samples: list[Sample] = []

    async def run(self, minutes: int) -> None:
        """Run for `minutes`; store the results each minute, in case the run is cut short."""
        await self._hub.ask("set_up", count=self._count)
        await self._hub.ask("collect")
        self.results |= {"devices": self._count, "start": await self._hub.ask("fare", clean=True)}
        await self._hub.ask("begin", every=EVERY)
        await self._devices.ask("keep_changing", system=SOAK.name, every=EVERY)
        began = time.monotonic()
        for minute in range(1, minutes + 1):
            await asyncio.sleep(began + 60 * minute - time.monotonic())
            await self._sample(minute)
        await self._end(time.monotonic() - began)

    async def _sample(self, minute: int) -> None:
        self.samples.append({"minute": minute, **await self._hub.ask("fare")})
        self._keep()
        print(_line(self.samples[-1]), file=sys.stderr, flush=True)

    async def _end(self, seconds: float) -> None:
        await self._hub.ask("rest")
        pushes = await self._devices.ask("rest")
        await asyncio.sleep(CALM)
        self.results |= {
            "seconds": seconds,
            "pushes": pushes,
            "end": await self._hub.ask("fare", clean=True),
            "device": await self._devices.ask("counts", system=SOAK.name),
            "home": await self._hub.ask("counts"),
            "true": await self._devices.ask("states", system=SOAK.name),
            "shown": await self._hub.ask("states"),
        }
        self._keep()

    def _keep(self) -> None:
        RESULTS.mkdir(exist_ok=True)
        document = self.results | {"samples": self.samples}
        self._path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))

    @property
    def equal(self) -> bool:
        """Whether both ends counted the same, nothing failed, and all states are right."""
        results = self.results
        home, device = results["home"], results["device"]
        read = [c - r for c, r in zip(device["commands"], device["repeated"], strict=True)]
        same = home["changes"] == device["changes"] and home["commands"] == read
        return same and results["shown"] == self._true() and not results["end"]["failures"]

    def _true(self) -> list[str]:
        return ["on" if on else "off" for on in self.results["true"]]

    def table(self) -> str:
        """Return the results as Markdown."""
        rows = "\n".join(f"| {name} | {value} |" for name, value in self._rows())
        where = f"stored in {self._path.relative_to(REPOSITORY)}"
        return f"{self.results['machine']}; {where}\n\n| | |\n|---|---|\n{rows}"

    def _rows(self) -> list[tuple[str, str]]:
        results, start, end = self.results, self.results["start"], self.results["end"]
        device, home = results["device"], results["home"]
        received = sum(device["commands"]) - sum(device["repeated"])
        different = _differences(device["changes"], home["changes"])
        wrong = _differences(self._true(), results["shown"])
        warm = self.samples[WARM_UP:] or self.samples
        return [
            ("devices, hours", f"{results['devices']}, {results['seconds'] / 3600:.2f}"),
            ("pushes without a command", f"{results['pushes']:,}"),
            ("changes sent by devices", f"{sum(device['changes']):,}"),
            ("state changes in Home Assistant", f"{sum(home['changes']):,}"),
            ("devices whose two counts differ", f"{different}"),
            ("commands sent", f"{sum(home['commands']):,}"),
            ("commands received by devices", f"{received:,}"),
            ("of these sent again (UDP)", f"{sum(device['repeated'])}"),
            ("commands that failed", f"{len(end['failures'])}"),
            ("devices with a wrong state at the end", f"{wrong}"),
            ("memory (RSS) at the start, the end", f"{_mb(start['rss'])}, {_mb(end['rss'])} MB"),
            ("its growth after the warm-up", f"{_slope(warm, 'rss') / 1024:.1f} kB/h"),
            ("memory blocks at the start, the end", f"{start['blocks']:,}, {end['blocks']:,}"),
            ("their growth after the warm-up", f"{_slope(warm, 'blocks'):.0f} /h"),
            ("tasks at the start, the end", f"{start['tasks']}, {end['tasks']}"),
            ("open files at the start, the end", f"{start['files']}, {end['files']}"),
            ("processor", f"{mean(s['cpu'] for s in self.samples) * 100:.1f} % of a core"),
            ("loop lag p50, p99 and max of the worst minute", _worst(self.samples, "lag")),
            ("a command p50, p99 and max of the worst minute", _worst(self.samples, "command")),
        ]


def _differences(one: Sequence[object], other: Sequence[object]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _slope(samples: list[Sample], name: str) -> float:
    """Return the growth in an hour, by least squares."""
    if len(samples) < 2:  # noqa: PLR2004
        return 0.0
    return linear_regression([s["minute"] / 60 for s in samples], [s[name] for s in samples]).slope


def _worst(samples: list[Sample], name: str) -> str:
    """Return the mean of the minutes' medians, and the worst p99 and maximum."""
    spreads = [s[name] for s in samples]
    middle = mean(s["p50"] for s in spreads)
    p99, worst = max(s["p99"] for s in spreads), max(s["max"] for s in spreads)
    return f"{middle:.2f}, {p99:.2f}, {worst:.1f} ms"


def _mb(size: int) -> str:
    return f"{size / 1024**2:.1f}"


def _line(sample: Sample) -> str:
    lag, failures = sample["lag"], len(sample["failures"])
    return (
        f"{sample['minute']} min: {_mb(sample['rss'])} MB, {sample['blocks']:,} blocks, "
        f"{sample['tasks']} tasks, {sample['files']} files, {sample['cpu'] * 100:.1f} %, "
        f"lag {lag['p50']:.2f} {lag['p99']:.2f} {lag['max']:.1f} ms, {failures} failures"
    )


async def soak(minutes: int, count: int) -> Soak:
    """Run one soak."""
    async with (
        simulator() as devices,
        opened(devices, [SOAK], count),
        Child("benchmarks.soak_home", SOAK.name) as hub,
    ):
        await hub.ask("prepare")
        run = Soak(devices, hub, count)
        await run.run(minutes)
        return run


def main() -> None:
    """Run the soak of the command line."""
    parser = argparse.ArgumentParser("scripts/soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=120)
    parser.add_argument("--devices", type=int, default=100)
    given = parser.parse_args()
    allow_many_files()
    with copied():
        run = asyncio.run(soak(given.minutes, given.devices))
    print(run.table())
    if not run.equal:
        sys.exit("the counts at both ends differ, a command failed, or a state is wrong")


if __name__ == "__main__":
    main()
