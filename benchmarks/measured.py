"""The measurements that every measured process makes of itself."""

import asyncio
import gc
from pathlib import Path
import time
import tracemalloc

type Note = tuple[float, int, str]
"""A change: when, of which device, to which state."""


class Measured:
    """Time, memory, and the recorded changes."""

    def __init__(self) -> None:
        """Start without recorded changes."""
        self.noted: list[Note] = []
        self._longest_stop = 0.0

    async def heard(self, count: int = 0, patience: float = 5.0) -> list[Note]:
        """Return the changes recorded since the last call, once there are `count`."""
        deadline = time.monotonic() + patience
        while len(self.noted) < count and time.monotonic() < deadline:  # noqa: ASYNC110  # costs least
            await asyncio.sleep(0.01)
        notes = list(self.noted)
        self.noted.clear()
        return notes

    async def becomes(self, index: int, there: bool, patience: float) -> float | None:
        """Return when a device became available, or unavailable; None if it did not in time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for at, which, state in tuple(self.noted):
                if which == index and (state not in {"unavailable", "unknown"}) is there:
                    return at
            await asyncio.sleep(0.005)
        return None

    async def now(self) -> float:
        """Return CLOCK_MONOTONIC, once all earlier requests are done."""
        return time.monotonic()

    async def cpu(self) -> float:
        """Return the seconds of processor time so far."""
        return time.process_time()

    async def collect(self) -> None:
        """Collect garbage now, and exclude the rest from later collections."""
        gc.collect()
        gc.freeze()

    async def trace(self) -> None:
        """Trace memory from now on."""
        gc.collect()
        tracemalloc.start()

    async def memory(self) -> dict[str, int]:
        """Return the memory in use, in bytes: traced, and resident in the process."""
        gc.collect()
        status = Path("/proc/self/status").read_text()  # noqa: ASYNC240  # made in memory
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return {
            "traced": tracemalloc.get_traced_memory()[0],
            "rss": int(resident.split()[1]) * 1024,
        }

    async def tick(self) -> None:
        """Measure how long the event loop stops, until cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.001)
            now = time.monotonic()
            self._longest_stop, last = max(self._longest_stop, now - last - 0.001), now

    async def longest_stop(self) -> float:
        """Return the longest stop of the event loop during `tick`, in seconds."""
        return self._longest_stop
