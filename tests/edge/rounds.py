"""How long each round of the event loop takes: as long as everything else has to wait."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
import gc
from time import thread_time

from tests.clock import VirtualTimeLoop

LONGEST = 0.05
"""Seconds of the processor; one round of the loop takes no longer."""
USUAL = 0.01
"""The same, for 99 of 100 rounds."""


@dataclass
class Rounds:
    """The processor's seconds that each round of the loop took."""

    seconds: list[float] = field(default_factory=list[float])

    def check(self) -> None:
        """Fail if everything else had to wait."""
        in_order = sorted(self.seconds)
        assert in_order[-1] < LONGEST
        assert in_order[len(in_order) * 99 // 100] < USUAL


@contextmanager
def measured_rounds() -> Generator[Rounds]:
    """Measure each round of the running loop; begin before anything waits for its turn.

    Collecting garbage first may take a quarter of a second, which what waits would take for work
    of others: its next slice would be the longest there is.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    selector, rounds = loop._own_selector, Rounds()
    gc.collect()
    gc.disable()  # which may happen to run in any round
    select, since = selector.select, [thread_time()]

    def measured(timeout: float | None = None) -> object:
        rounds.seconds.append(thread_time() - since[0])
        try:
            return select(timeout)
        finally:
            since[0] = thread_time()

    selector.select = measured  # type: ignore[method-assign,assignment]
    try:
        yield rounds
    finally:
        selector.select = select  # type: ignore[method-assign]
        gc.enable()


def work(seconds: float) -> None:
    """Keep the processor busy, as a driver and its hub do with a message."""
    until = thread_time() + seconds
    while thread_time() < until:
        pass
