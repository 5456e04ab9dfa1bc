"""A timeout that counts silence."""

import asyncio

import pytest

from lan_edge.timing.silence import silence_timeout
from tests.clock import now

from ..peers import loop_timers

SECONDS = 3.0


async def test_silence_from_the_start() -> None:
    began = now()
    with pytest.raises(TimeoutError):
        async with silence_timeout(SECONDS, lambda: 0.0):
            await asyncio.sleep(60)
    assert now() - began == pytest.approx(SECONDS, abs=0.01)
    assert not loop_timers()


async def test_whatever_is_heard_restarts_it() -> None:
    began = now()
    with pytest.raises(TimeoutError):
        async with silence_timeout(SECONDS, lambda: min(now() // 2 * 2, began + 20)):
            await asyncio.sleep(60)
    assert now() - began == pytest.approx(20 + SECONDS, abs=0.01)
    assert not loop_timers()


async def test_a_block_that_ends_in_time() -> None:
    async with silence_timeout(SECONDS, lambda: 0.0):
        await asyncio.sleep(SECONDS - 0.1)
    assert not loop_timers()
    await asyncio.sleep(1)  # and is not cancelled later
    with pytest.raises(ValueError, match="its own"):
        async with silence_timeout(SECONDS, lambda: 0.0):
            raise ValueError("its own")
    assert not loop_timers()
