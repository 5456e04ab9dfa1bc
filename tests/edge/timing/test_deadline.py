"""Deadlines without a timer each: when they come, and what is left of them."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager

import pytest
import pytest_asyncio

from lan_edge.timing.deadline import Deadline
from lan_edge.timing.timeout import Timeout


@contextmanager
def block(limit: Timeout, seconds: float) -> Generator[None]:
    """Limit a block, as a turn does."""
    limit.begin(seconds)
    try:
        yield
    except BaseException as err:
        if limit.over(type(err)):
            raise TimeoutError from err
        raise
    else:
        limit.over(None)


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


async def test_taken_back(clock: Clock) -> None:
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


async def test_the_sooner_one_counts(clock: Clock) -> None:
    deadline = Deadline(clock.ring)
    deadline.within(5)
    deadline.within(0.02)
    deadline.within(5)
    await asyncio.sleep(0.06)
    assert len(clock.rang) == 1
    deadline.close()


async def test_set_again_by_what_is_due() -> None:
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


@pytest_asyncio.fixture
async def timers(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[list[asyncio.TimerHandle]]:
    loop = asyncio.get_running_loop()
    made: list[asyncio.TimerHandle] = []
    call_at = loop.call_at

    def noted(*arguments: object, **more: object) -> asyncio.TimerHandle:
        made.append(call_at(*arguments, **more))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(loop, "call_at", noted)
    yield made


async def test_many_blocks_share_a_timer(timers: list[asyncio.TimerHandle]) -> None:
    limit = Timeout()
    for _ in range(100):
        with block(limit, 5):
            pass
    assert len(timers) == 1
    limit.close()


async def test_block_that_takes_too_long() -> None:
    limit = Timeout()
    for _ in range(2):
        with pytest.raises(TimeoutError), block(limit, 0.02):
            await asyncio.sleep(5)
    with block(limit, 0.5):
        await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()
    limit.close()


async def test_each_block_has_all_its_time() -> None:
    limit = Timeout()
    for _ in range(4):
        with block(limit, 0.1):
            await asyncio.sleep(0.05)
    limit.close()


async def test_error_of_the_block_goes_out() -> None:
    limit = Timeout()
    with pytest.raises(ValueError, match="mine"), block(limit, 1):
        raise ValueError("mine")
    limit.close()


async def test_time_is_over_but_the_block_was_done() -> None:
    """What the block said counts, and nothing is left that would cancel what comes next."""
    limit = Timeout()
    with block(limit, 5):
        limit.expire()
    await asyncio.sleep(0)
    limit.close()


async def test_cancelled_by_somebody_else() -> None:
    limit = Timeout()

    async def work() -> None:
        with block(limit, 5):
            await asyncio.sleep(5)

    task = asyncio.Task(work(), eager_start=True)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not limit.active
    limit.close()


async def test_cancelled_by_somebody_else_as_well() -> None:
    limit = Timeout()

    async def work() -> None:
        with block(limit, 5):
            await asyncio.sleep(5)

    task = asyncio.Task(work(), eager_start=True)
    limit.expire()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    limit.close()


async def test_closed_ends_the_block() -> None:
    limit = Timeout()
    asyncio.get_running_loop().call_soon(limit.close)
    with pytest.raises(TimeoutError), block(limit, 5):
        await asyncio.sleep(5)
