"""Deadlines without a timer each: when they come, and what is left of them."""

import asyncio

import pytest_asyncio

from lan_edge.timing.deadline import Deadline


class Clock:
    """Counts how often it rang, and when."""

    def __init__(self) -> None:
        self.rang: list[float] = []
        self.began = asyncio.get_running_loop().time()

    def ring(self) -> None:
        self.rang.append(asyncio.get_running_loop().time() - self.began)


@pytest_asyncio.fixture
async def clock() -> Clock:
    return Clock()


async def test_comes_once(clock: Clock) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(0.02)
    await asyncio.sleep(0.08)
    assert len(clock.rang) == 1
    assert clock.rang[0] >= 0.02


async def test_cleared(clock: Clock) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(0.02)
    deadline.clear()
    await asyncio.sleep(0.05)
    assert clock.rang == []


async def test_again_while_the_old_timer_is_set(clock: Clock) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(0.02)
    deadline.clear()
    deadline.within(0.06)
    await asyncio.sleep(0.04)
    assert clock.rang == []
    await asyncio.sleep(0.06)
    assert len(clock.rang) == 1
    assert clock.rang[0] >= 0.06


async def test_the_earlier_deadline_counts(clock: Clock) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(5)
    deadline.within(0.02)
    deadline.within(5)
    await asyncio.sleep(0.06)
    assert len(clock.rang) == 1
    deadline.close()


async def test_set_again_by_its_own_callback() -> None:
    rang: list[int] = []

    def ring() -> None:
        rang.append(1)
        if len(rang) < 3:
            deadline.within(0.005)

    deadline = Deadline(ring)
    deadline.within(0.005)
    await asyncio.sleep(0.1)
    assert len(rang) == 3


async def test_closed_leaves_no_timer(clock: Clock, timers: list[asyncio.TimerHandle]) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(0.02)
    deadline.clear()
    deadline.within(0.01)
    deadline.close()
    assert timers
    assert all(timer.cancelled() for timer in timers)
