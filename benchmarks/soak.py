"""The soak: hours of pushes and commands, counted on both ends, and what they leave behind."""

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
"""Seconds for what is on its way to arrive."""
WARM_UP = 10

type Sample = dict[str, Any]


class Soak:
    """One run."""

    def __init__(self, devices: Child, hub: Child, count: int) -> None:
        """Have measured nothing."""
        self._devices, self._hub, self._count = devices, hub, count
        self._path = RESULTS / f"soak-{datetime.now(UTC).strftime('%Y-%m-%d-%H%M%S')}.json"
        self.told: dict[str, Any] = {"at": datetime.now(UTC).isoformat(), "machine": machine()}
        self.samples: list[Sample] = []

    async def run(self, minutes: int) -> None:
        """Run so long; keep what is known each minute, in case that it is the last."""
        await self._hub.ask("set_up", count=self._count)
        await self._hub.ask("collect")
        self.told |= {"devices": self._count, "start": await self._hub.ask("fare", clean=True)}
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
        self.told |= {
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
        told = self.told | {"samples": self.samples}
        self._path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))

    @property
    def equal(self) -> bool:
        """Whether both ends counted the same, nothing failed, and all is shown as it is."""
        told = self.told
        home, device = told["home"], told["device"]
        read = [c - r for c, r in zip(device["commands"], device["repeated"], strict=True)]
        same = home["changes"] == device["changes"] and home["commands"] == read
        return same and told["shown"] == self._true() and not told["end"]["failures"]

    def _true(self) -> list[str]:
        return ["on" if on else "off" for on in self.told["true"]]

    def table(self) -> str:
        """Return what came of it, as Markdown."""
        rows = "\n".join(f"| {name} | {value} |" for name, value in self._rows())
        where = f"kept in {self._path.relative_to(REPOSITORY)}"
        return f"{self.told['machine']}; {where}\n\n| | |\n|---|---|\n{rows}"

    def _rows(self) -> list[tuple[str, str]]:
        told, start, end = self.told, self.told["start"], self.told["end"]
        sent = sum(told["device"]["commands"]) - sum(told["device"]["repeated"])
        off = _differences(told["device"]["changes"], told["home"]["changes"])
        untrue = _differences(self._true(), told["shown"])
        warm = self.samples[WARM_UP:] or self.samples
        return [
            ("devices, hours", f"{told['devices']}, {told['seconds'] / 3600:.2f}"),
            ("pushes sent by themselves", f"{told['pushes']:,}"),
            ("changes told by devices", f"{sum(told['device']['changes']):,}"),
            ("state changes in Home Assistant", f"{sum(told['home']['changes']):,}"),
            ("devices whose two counts differ", f"{off}"),
            ("commands called", f"{sum(told['home']['commands']):,}"),
            ("commands read by devices", f"{sent:,}"),
            ("of these sent again (UDP)", f"{sum(told['device']['repeated'])}"),
            ("commands that failed", f"{len(end['failures'])}"),
            ("devices not shown as they are at the end", f"{untrue}"),
            ("memory (RSS) at start, end", f"{_mb(start['rss'])}, {_mb(end['rss'])} MB"),
            ("its slope after the warm-up", f"{_slope(warm, 'rss') / 1024:.1f} kB/h"),
            ("memory blocks at start, end", f"{start['blocks']:,}, {end['blocks']:,}"),
            ("their slope after the warm-up", f"{_slope(warm, 'blocks'):.0f} /h"),
            ("tasks at start, end", f"{start['tasks']}, {end['tasks']}"),
            ("open files at start, end", f"{start['files']}, {end['files']}"),
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
    """Return the mean of the minutes' middles, and the worst of the rest."""
    told = [s[name] for s in samples]
    middle = mean(t["p50"] for t in told)
    return f"{middle:.2f}, {max(t['p99'] for t in told):.2f}, {max(t['max'] for t in told):.1f} ms"


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
    """Run one."""
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
    """Run it as the command line says."""
    words = argparse.ArgumentParser("scripts/soak", description=__doc__)
    words.add_argument("--minutes", type=int, default=120)
    words.add_argument("--devices", type=int, default=100)
    given = words.parse_args()
    allow_many_files()
    with copied():
        run = asyncio.run(soak(given.minutes, given.devices))
    print(run.table())
    if not run.equal:
        sys.exit("the two ends differ")


if __name__ == "__main__":
    main()
