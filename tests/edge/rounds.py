"""How long each round of the event loop takes: as long as everything else has to wait.

The seconds are those of a clock that only work advances, by which the library measures too. So a
busy machine, or one that collects garbage, changes nothing. What C does in one call counts nothing:
that a decoder takes too long is seen by `tests.processor.done_within`.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
import sys
from typing import Any

import pytest

from lan_edge.timing import slices

LONGEST = 0.05
"""Seconds; one round of the loop takes no longer."""
USUAL = 0.01
"""The same, for 99 of 100 rounds."""
ONE_MESSAGE = 0.1
"""The same as LONGEST where a message takes long that is as large as it can be."""
STEP = 5e-7
"""Seconds that a call of a function takes, and each turn of a loop, as on a slow machine."""
_TOOL = sys.monitoring.PROFILER_ID
_EVENTS = sys.monitoring.events
_STEPS = (_EVENTS.PY_START, _EVENTS.PY_RESUME, _EVENTS.JUMP)


class _WorkClock:
    """Advances with each step of Python that is taken, and by what a test says it works."""

    worked = 0.0
    """Seconds, since ever."""

    def advance(self, *_: object) -> None:
        """Take note of a step."""
        self.worked += STEP


_clock = _WorkClock()


@dataclass
class Rounds:
    """The seconds of work in each round of the loop."""

    seconds: list[float] = field(default_factory=list[float])

    def check(self) -> None:
        """Fail if everything else had to wait."""
        in_order = sorted(self.seconds)
        assert in_order[-1] < LONGEST
        assert in_order[len(in_order) * 99 // 100] < USUAL


@contextmanager
def measured_rounds() -> Generator[Rounds]:
    """Measure each round of the running loop, and have the library measure by the same clock.

    Begin before anything waits for its turn.
    """
    loop: Any = asyncio.get_running_loop()
    selector, rounds, since = loop._selector, Rounds(), [_clock.worked]
    select = selector.select

    def measured(timeout: float | None = None) -> object:
        rounds.seconds.append(_clock.worked - since[0])
        try:
            return select(timeout)
        finally:
            since[0] = _clock.worked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selector, "select", measured)
        measure_by(patch, lambda: _clock.worked)
        with _counted_steps():
            yield rounds


def measure_by(patch: pytest.MonkeyPatch, clock: Callable[[], float]) -> None:
    """Have the library measure all work by a clock; call it before anything waits for its turn.

    It is that of the processor, too: else what waits has a longer slice on a busy machine.
    """
    patch.setattr(slices._debt, "until", 0.0)
    for name, module in tuple(sys.modules.items()):
        for each in ("perf_counter", "thread_time"):
            if "lan_edge" in name and each in vars(module):
                patch.setattr(module, each, clock)


@contextmanager
def _counted_steps() -> Generator[None]:
    sys.monitoring.use_tool_id(_TOOL, __name__)
    for event in _STEPS:
        sys.monitoring.register_callback(_TOOL, event, _clock.advance)
    sys.monitoring.set_events(_TOOL, sum(_STEPS))
    try:
        yield
    finally:
        sys.monitoring.clear_tool_id(_TOOL)
        sys.monitoring.free_tool_id(_TOOL)


def work(seconds: float) -> None:
    """Keep the processor busy by the clock of the work, as a driver and its hub do."""
    _clock.worked += seconds
