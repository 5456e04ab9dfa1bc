"""The times at which work is run once, however often it is asked for."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from lan_edge.timing.one_time_work import MAX_RUNS, SPACING, OneTimeWork, same_work
from tests.clock import now

from ..peers import loop_timers


class Starts:
    """Notes when the work is started; it begins at once unless it has to wait."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.waiting: list[Callable[[], None]] = []
        self.has_to_wait = False
        self.began = now()

    def __call__(self, begin: Callable[[], None]) -> None:
        self.at.append(now() - self.began)
        self.waiting.append(begin)
        if not self.has_to_wait:
            begin()


@pytest.fixture
async def starts() -> Starts:
    return Starts()


@pytest.fixture
async def work(starts: Starts) -> OneTimeWork:
    return OneTimeWork(starts)


async def flood(work: OneTimeWork, seconds: float, delay: float = 0) -> None:
    """Ask for it a hundred times a second."""
    for _ in range(round(seconds * 4)):
        for _ in range(25):
            work.after(delay)
        await asyncio.sleep(0.25)


async def test_the_first_time_at_once_then_together(work: OneTimeWork, starts: Starts) -> None:
    await flood(work, 3.5)
    await asyncio.sleep(10)
    assert starts.at == pytest.approx([0, 1, 2, 3, 4], abs=0.01)
    work.after(0)
    await asyncio.sleep(0.01)
    assert len(starts.at) == 6
    assert not loop_timers()


async def test_each_is_run_after_it_was_asked_for(work: OneTimeWork, starts: Starts) -> None:
    for seconds in (3, 1.5, 3.2, 2, 8, 3.9):
        work.after(seconds)
    await asyncio.sleep(10)
    assert starts.at == pytest.approx([1.5, 3, 4, 8], abs=0.01)


async def test_long_delays_are_bounded_too(work: OneTimeWork, starts: Starts) -> None:
    await flood(work, 40, delay=60)
    assert len(loop_timers()) == MAX_RUNS
    await asyncio.sleep(100)
    assert len(starts.at) == MAX_RUNS
    assert starts.at[0] == pytest.approx(60, abs=0.01)
    assert 100 <= starts.at[-1] < 100 + 2 * SPACING  # nobody is forgotten


async def test_who_cancels_cancels_only_for_himself(work: OneTimeWork, starts: Starts) -> None:
    cancels = [work.after(5), *(work.after(4.5) for _ in range(2))]
    cancels[0]()
    cancels[0]()
    cancels[1]()
    await asyncio.sleep(6)
    assert starts.at == pytest.approx([5], abs=0.01)
    cancels = [work.after(5) for _ in range(2)]
    for cancel in (*cancels, *cancels):
        cancel()
    assert not loop_timers()
    await asyncio.sleep(6)
    assert len(starts.at) == 1


async def test_it_waits_once(work: OneTimeWork, starts: Starts) -> None:
    starts.has_to_wait = True
    await flood(work, 5)
    assert len(starts.at) == 1
    assert not work.is_over
    await asyncio.sleep(2)
    assert len(starts.at) == 1
    starts.waiting[0]()
    work.after(0)  # it may not know any more what this is about
    await asyncio.sleep(0.01)
    assert len(starts.at) == 2


async def test_is_over(work: OneTimeWork, starts: Starts) -> None:
    assert work.is_over
    work.after(1)
    assert not work.is_over
    await asyncio.sleep(1.5)
    assert starts.at
    assert not work.is_over
    await asyncio.sleep(1)
    assert work.is_over
    work.after(1)
    work.close()
    assert not loop_timers()


class Zones:
    """What a driver may ask for."""

    async def read(self, zone: int = 0, *, fully: bool = False) -> None: ...

    def later(self, zone: int) -> Callable[[], object]:
        return lambda: self.read(zone)

    def of_a_message(self, message: dict[str, int]) -> Callable[[], object]:
        return lambda: self.read(message["zone"])


def test_works_that_do_the_same() -> None:
    one, other = Zones(), Zones()
    assert same_work(one.read) == same_work(one.read) != same_work(other.read)
    assert same_work(partial(one.read, 1)) == same_work(partial(one.read, 1))
    assert same_work(partial(one.read, 1)) != same_work(partial(one.read, 2))
    assert same_work(partial(one.read, fully=True)) != same_work(partial(one.read, fully=False))
    assert same_work(one.later(1)) == same_work(one.later(1))
    assert same_work(one.later(1)) != same_work(one.later(2))
    assert same_work(one.of_a_message({})) != same_work(one.of_a_message({}))
    assert same_work(partial(one.read, [])) != same_work(partial(one.read, []))  # type: ignore[arg-type]
