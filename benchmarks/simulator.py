"""The process of the simulated devices: `python -m benchmarks.simulator FD`."""

import asyncio
import gc
import itertools
import random
import sys
import time
from typing import Any

from .channel import serve, until
from .devices import Simulated
from .families import FAMILIES
from .limits import allow_many_files
from .systems import BY_NAME

type Times = list[tuple[float, int]]


class Simulator:
    """All devices, by the name of their system."""

    def __init__(self) -> None:
        """Start without devices."""
        self._devices: dict[str, list[Simulated]] = {}
        self._arrivals: Times = []

    async def open(self, system: str, count: int) -> None:
        """Add devices to a system until it has `count`."""
        owner, devices = BY_NAME[system], self._devices.setdefault(system, [])
        for index in range(len(devices), count):
            host = owner.host(index)
            device = FAMILIES[host.family](host, self._arrived, owner.push_port)
            await device.start()
            devices.append(device)
        gc.collect()
        gc.freeze()

    async def close(self, system: str) -> None:
        """Remove the devices of a system."""
        for device in self._devices.pop(system, []):
            device.stop()

    async def arrivals(self) -> Times:
        """Return and clear when each command arrived, and at which device."""
        arrivals, self._arrivals = self._arrivals, []
        return arrivals

    async def states(self, system: str) -> list[bool]:
        """Return the true states."""
        return [d.on for d in self._devices[system]]

    async def push(self, system: str, count: int, gap: float, component: int = 0) -> Times:
        """Change `count` devices one after another; return when each reported it."""
        devices, sent, moment = self._devices[system], [], time.monotonic()
        for n in range(count):
            moment += gap
            await until(moment)
            device = devices[n % len(devices)]
            sent.append((time.monotonic(), device.index))
            device.push(not device.on, component)
        return sent

    async def flood(
        self, system: str, rate: float, seconds: float, *, same: bool = False, component: int = 0
    ) -> int:
        """Push at a rate, a few at a time; return the number of pushes."""
        devices, sent, started = self._devices[system], 0, time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            while sent < passed * rate:
                device = devices[sent % len(devices)]
                device.push(device.on if same else not device.on, component)
                sent += 1
            await asyncio.sleep(0.001)
        return sent

    async def burst(self, system: str, count: int, *, same: bool = False) -> dict[str, float]:
        """Push as fast as possible, one line for each device in turn; return start and end."""
        devices, started = self._devices[system], time.monotonic()
        for n in range(count):
            device = devices[n % len(devices)]
            device.push(device.on if same else not device.on)
            if n % len(devices) == 0:
                await asyncio.sleep(0)
        return {"started": started, "ended": time.monotonic()}

    async def keep_changing(self, system: str, every: float) -> None:
        """Change each device every `every` seconds, one after another, until `rest`."""
        self._pushes = 0
        self._changing = asyncio.create_task(self._change(self._devices[system], every))

    async def _change(self, devices: list[Simulated], every: float) -> None:
        moment = time.monotonic()
        for device in itertools.cycle(devices):
            device.push(not device.on)
            self._pushes += 1
            moment += every / len(devices)
            await asyncio.sleep(max(0, moment - time.monotonic()))

    async def rest(self) -> int:
        """Stop changing the devices; return the number of pushes."""
        self._changing.cancel()
        await asyncio.wait([self._changing])
        return self._pushes

    async def counts(self, system: str) -> dict[str, list[int]]:
        """Return how many changes each device has reported, and commands received, so far."""
        devices = self._devices[system]
        self._arrivals.clear()
        return {
            "changes": [d.changes for d in devices],
            "commands": [d.commands for d in devices],
            "repeated": [d.repeated for d in devices],
        }

    async def freeze(self, system: str, indices: list[int], frozen: bool) -> None:
        """Let devices accept requests without responding, or respond again."""
        for index in indices:
            self._devices[system][index].frozen = frozen

    async def stop(self, system: str, indices: list[int]) -> None:
        """Cut the power of devices."""
        for index in indices:
            self._devices[system][index].stop()

    async def start(self, system: str, index: int, host: str = "") -> float:
        """Restore the power of a device, perhaps at another address; return when."""
        device = self._devices[system][index]
        device.address = host or device.address
        at = time.monotonic()
        await device.start()
        return at

    async def set(self, system: str, indices: list[int], seed: int) -> None:
        """Set the states of devices at random, without a report."""
        for index in indices:
            self._devices[system][index].on = random.Random(seed + index).random() < 0.5  # noqa: PLR2004, S311

    async def ready(self) -> bool:
        """Return True once the process is running."""
        return True

    def _arrived(self, at: float, index: int) -> None:
        self._arrivals.append((at, index))


def main(arguments: list[str]) -> Any:
    """Simulate until the parent process ends."""
    allow_many_files()
    asyncio.run(serve(Simulator(), int(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
