"""When searches are sent."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from lan_edge.finder import schedule
from lan_edge.finder.schedule import (
    LEAST_PAUSE,
    LONGEST_SEARCH_PAUSE,
    SEARCH_PAUSES,
    SearchSchedule,
)

HOUR = 3600.0
LOOK = 120.0


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look less often, so that an hour takes fewer steps."""
    monkeypatch.setattr(schedule, "NEED_INTERVAL", LOOK)


@asynccontextmanager
async def searching(needed: Callable[[], frozenset[str]]) -> AsyncGenerator[list[float]]:
    """Search as is needed; yield when that was."""
    at: list[float] = []

    async def search() -> None:
        at.append(asyncio.get_running_loop().time())

    made = SearchSchedule(search, needed)
    made.start()
    try:
        yield at
    finally:
        await made.stop()


async def test_once_if_nothing_is_needed() -> None:
    async with searching(frozenset) as at:
        await asyncio.sleep(HOUR)
        assert len(at) == 1


async def test_ever_more_rarely_while_something_is_missing() -> None:
    async with searching(lambda: frozenset(["lamp"])) as at:
        await asyncio.sleep(HOUR)
    pauses = [round(later - earlier) for earlier, later in pairwise(at)]
    assert pauses == sorted(pauses)
    assert len(pauses) <= len(SEARCH_PAUSES) + HOUR / LONGEST_SEARCH_PAUSE
    assert pauses[-1] >= LONGEST_SEARCH_PAUSE


async def test_again_when_something_is_lost() -> None:
    lost: set[str] = set()
    async with searching(lambda: frozenset(lost)) as at:
        await asyncio.sleep(HOUR)
        lost.add("lamp")
        await asyncio.sleep(LEAST_PAUSE + LOOK)
        assert len(at) >= 2
        lost.clear()
        await asyncio.sleep(HOUR)
        before = len(at)
        lost.add("lamp")
        await asyncio.sleep(LEAST_PAUSE + LOOK)
        assert len(at) > before


async def test_few_however_often_something_is_lost() -> None:
    count = 0

    def needed() -> frozenset[str]:
        nonlocal count
        count += 1
        return frozenset([str(count)])

    async with searching(needed) as at:
        await asyncio.sleep(HOUR)
    assert min(later - earlier for earlier, later in pairwise(at)) >= LEAST_PAUSE
