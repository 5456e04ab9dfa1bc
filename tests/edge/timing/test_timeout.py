"""Time limits of blocks without a timer each: how they end, and whom they cancel."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from lan_edge.timing.timeout import Timeout


@contextmanager
def block(timeout: Timeout, seconds: float) -> Generator[None]:
    """Give a block a time limit, as a turn does."""
    timeout.begin(seconds)
    try:
        yield
    except BaseException as err:
        if timeout.end(type(err)):
            raise TimeoutError from err
        raise
    else:
        timeout.end(None)


async def test_many_blocks_share_a_timer(timers: list[asyncio.TimerHandle]) -> None:
    timeout = Timeout()
    for _ in range(100):
        with block(timeout, 5):
            pass
    assert len(timers) == 1
    timeout.close()


async def test_block_that_takes_too_long() -> None:
    timeout = Timeout()
    for _ in range(2):
        with pytest.raises(TimeoutError), block(timeout, 0.02):
            await asyncio.sleep(5)
    with block(timeout, 0.5):
        await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()
    timeout.close()


async def test_each_block_has_its_full_time() -> None:
    timeout = Timeout()
    for _ in range(4):
        with block(timeout, 0.1):
            await asyncio.sleep(0.05)
    timeout.close()


async def test_an_error_of_the_block_propagates() -> None:
    timeout = Timeout()
    with pytest.raises(ValueError, match="mine"), block(timeout, 1):
        raise ValueError("mine")
    timeout.close()


async def test_the_block_ends_as_its_time_does() -> None:
    """What the block said counts, and nothing is left that would cancel what comes next."""
    timeout = Timeout()
    with block(timeout, 5):
        timeout._expire()
    await asyncio.sleep(0)
    timeout.close()


async def test_cancelled_from_elsewhere() -> None:
    timeout = Timeout()

    async def work() -> None:
        with block(timeout, 5):
            await asyncio.sleep(5)

    task = asyncio.Task(work(), eager_start=True)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not timeout.is_active
    timeout.close()


async def test_cancelled_from_elsewhere_as_well() -> None:
    timeout = Timeout()

    async def work() -> None:
        with block(timeout, 5):
            await asyncio.sleep(5)

    task = asyncio.Task(work(), eager_start=True)
    timeout._expire()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    timeout.close()


async def test_closed_ends_the_block() -> None:
    timeout = Timeout()
    asyncio.get_running_loop().call_soon(timeout.close)
    with pytest.raises(TimeoutError), block(timeout, 5):
        await asyncio.sleep(5)
