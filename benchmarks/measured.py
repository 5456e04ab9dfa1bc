"""What every process that is measured can tell of itself."""

import asyncio
import gc
from pathlib import Path
import time
import tracemalloc

type Note = tuple[float, int, str]


class Measured:
    """Time, memory, and the changes it noted: when, of which device, to what."""

    def __init__(self) -> None:
        """Have noted nothing."""
        self.noted: list[Note] = []
        self._longest_stop = 0.0

    async def heard(self, count: int = 0, patience: float = 5.0) -> list[Note]:
        """Return the changes noted since the last time, once there are so many."""
        with_in = time.monotonic() + patience
        while len(self.noted) < count and time.monotonic() < with_in:  # noqa: ASYNC110  # costs least
            await asyncio.sleep(0.01)
        told = list(self.noted)
        self.noted.clear()
        return told

    async def becomes(self, index: int, there: bool, patience: float) -> float | None:
        """Return when a device was noted to be there, or not; None: it was not in time."""
        with_in = time.monotonic() + patience
        while time.monotonic() < with_in:
            for at, which, state in tuple(self.noted):
                if which == index and (state not in {"unavailable", "unknown"}) is there:
                    return at
            await asyncio.sleep(0.005)
        return None

    async def now(self) -> float:
        """Return CLOCK_MONOTONIC, once all that was asked before is done."""
        return time.monotonic()

    async def cpu(self) -> float:
        """Return the seconds of processor time so far."""
        return time.process_time()

    async def collect(self) -> None:
        """Collect garbage now; what is left is not looked at again."""
        gc.collect()
        gc.freeze()

    async def trace(self) -> None:
        """Count memory from now on."""
        gc.collect()
        tracemalloc.start()

    async def memory(self) -> dict[str, int]:
        """Return the memory held: traced, and of the process."""
        gc.collect()
        status = Path("/proc/self/status").read_text()  # noqa: ASYNC240  # made in memory
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return {
            "traced": tracemalloc.get_traced_memory()[0],
            "rss": int(resident.split()[1]) * 1024,
        }

    async def tick(self) -> None:
        """See how long the loop stands still, until cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.001)
            now = time.monotonic()
            self._longest_stop, last = max(self._longest_stop, now - last - 0.001), now

    async def longest_stop(self) -> float:
        """Return the longest stop of the loop while it was looked at."""
        return self._longest_stop
