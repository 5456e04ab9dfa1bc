"""A program that is busy gives a device more time: it hears late what came in time."""

import asyncio

import pytest

from lan_edge.timing.deadline import Deadline
from lan_edge.timing.moving_timeout import moving_timeout
from lan_edge.timing.patience import MOST, Patience
from lan_edge.timing.timeout import Timeout
from tests.clock import advance, now


async def busy(seconds: float) -> None:
    """Keep the loop from its timers for so long, again and again."""
    until = now() + seconds
    while now() < until:
        advance(0.1)
        await asyncio.sleep(0)


@pytest.mark.parametrize("busy_for", [3.5, 6.0])
async def test_what_is_done_late_by_a_busy_program_is_done(busy_for: float) -> None:
    until = now() + 3
    async with moving_timeout(lambda: until):
        await busy(busy_for)


async def test_a_program_that_stays_busy_does_not_wait_for_ever() -> None:
    until = now() + 3

    async def waiting() -> None:
        async with moving_timeout(lambda: until):
            await busy(60)

    with pytest.raises(TimeoutError):
        await waiting()
    assert MOST <= now() - until < 40


async def test_a_program_that_is_not_busy_waits_no_longer() -> None:
    began = now()

    async def waiting() -> None:
        async with moving_timeout(lambda: began + 3):
            await busy(2.9)
            await asyncio.sleep(10)

    with pytest.raises(TimeoutError):
        await waiting()
    assert now() - began < 3.01


async def test_a_deadline_comes_later_only_if_it_is_patient() -> None:
    rang: list[str] = []
    patient = Deadline(lambda: rang.append("patient"), Patience())
    strict = Deadline(lambda: rang.append("strict"))
    for deadline in (patient, strict):
        deadline.within(1)
    advance(2)
    await asyncio.sleep(0.1)
    assert rang == ["strict"]
    await asyncio.sleep(1)
    assert rang == ["strict", "patient"]


async def test_each_time_that_is_set_has_patience_of_its_own() -> None:
    rang: list[float] = []
    deadline = Deadline(lambda: rang.append(now()), Patience())
    for _ in range(3):
        deadline.within(1)
        await busy(60)
        assert len(rang) == 1
        rang.clear()
    deadline.within(1)
    advance(2)
    await asyncio.sleep(0.1)
    assert not rang
    deadline.close()


async def test_an_answer_that_came_while_the_program_was_busy_counts() -> None:
    async def answered() -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(2.9, answer.set_result, "on")
        return await answer

    timeout = Timeout()
    timeout.begin(3)
    task = asyncio.ensure_future(answered())
    await asyncio.sleep(0)
    advance(4)
    assert await task == "on"
    timeout.end(None)
    timeout.close()
