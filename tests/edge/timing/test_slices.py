"""Long work in slices: at once as long as it is short, in turn with other work if not."""

import asyncio
from collections.abc import Iterator
from contextvars import ContextVar
from itertools import pairwise
from typing import cast, override

import pytest

from lan_edge.timing import slices
from lan_edge.timing.slices import (
    BRIEF_SLICE,
    GIVE_WAY,
    SLICE,
    PausedReading,
    SlicedWork,
    end_of_slice,
    next_turn,
    run_in_slices,
)

from ..rounds import measure_by


class Clock:
    """The clock that slices are measured by; every step of work takes some time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        measure_by(monkeypatch, lambda: self.now)
        self.done: list[tuple[str, int]] = []
        self.rounds = 0

    def steps(self, name: str, count: int, seconds: float = SLICE / 9.5) -> Iterator[None]:
        for _ in range(count):
            self.now += seconds
            self.done.append((name, self.rounds))
            yield

    async def count_rounds(self, count: int, seconds: float = GIVE_WAY) -> None:
        """Keep the loop busy for some rounds, each of which takes so long."""
        for _ in range(count):
            self.rounds += 1
            self.now += seconds
            await asyncio.sleep(0)

    def by_round(self, name: str) -> list[int]:
        """Return how many steps were done in each round."""
        rounds = [number for each, number in self.done if each == name]
        return [rounds.count(number) for number in dict.fromkeys(rounds)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def until_idle() -> None:
    """Wait, without having anything to do, until a timer fires."""
    await asyncio.sleep(0.001)


def fail() -> None:
    pytest.fail("called")


async def test_short_work_is_done_at_once(clock: Clock) -> None:
    assert SlicedWork(clock.steps("a", 9), fail).start()
    assert clock.by_round("a") == [9]
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_long_work_lets_the_loop_run(clock: Clock) -> None:
    ended = list[int]()
    assert not SlicedWork(clock.steps("a", 35), lambda: ended.append(clock.rounds)).start()
    assert clock.by_round("a") == [10]
    await clock.count_rounds(10)
    assert clock.by_round("a") == [10, 10, 10, 5]
    assert len(ended) == 1
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_the_work_of_all_takes_one_slice_in_a_round(clock: Clock) -> None:
    for name in "abcd":
        SlicedWork(clock.steps(name, 20), lambda: None).start()
    assert [len(clock.by_round(name)) for name in "abcd"] == [1, 0, 0, 0]  # others wait already
    await clock.count_rounds(10)
    rounds = [number for _, number in clock.done]
    assert max(rounds.count(number) for number in rounds) <= 11
    assert all(sum(clock.by_round(name)) == 20 for name in "abcd")
    firsts = list(dict.fromkeys(name for name, _ in clock.done))
    assert firsts == ["a", "b", "c", "d"]


async def test_everything_else_goes_first(clock: Clock) -> None:
    SlicedWork(clock.steps("a", 35), lambda: None).start()
    await clock.count_rounds(20, GIVE_WAY / 21)
    assert clock.by_round("a") == [10]
    while slices._queues.get(asyncio.get_running_loop()):
        await until_idle()
    assert clock.by_round("a") == [10, 25]  # there is nothing else to do


async def test_work_goes_on_even_if_the_loop_is_always_busy(clock: Clock) -> None:
    SlicedWork(clock.steps("a", 35), lambda: None).start()
    await clock.count_rounds(70, GIVE_WAY / 19)
    assert clock.by_round("a") == [10, 10, 10, 5]
    rounds = list(dict.fromkeys(number for _, number in clock.done))
    assert all(later - earlier <= 21 for earlier, later in pairwise(rounds))


async def test_work_has_its_share_of_long_rounds(clock: Clock) -> None:
    for name in "ab":
        SlicedWork(clock.steps(name, 200), lambda: None).start()
    await clock.count_rounds(2, 4 * GIVE_WAY)
    rounds = [number for _, number in clock.done]
    assert rounds.count(0) == 10
    assert 36 <= rounds.count(1) <= 44  # four slices
    assert 16 <= clock.done.count(("b", 1)) <= 22  # in turn
    await clock.count_rounds(1, 1000 * GIVE_WAY)
    last = [number for _, number in clock.done].count(3) * SLICE / 9.5
    assert slices.LONGEST_SLICE - 2 * SLICE <= last <= slices.LONGEST_SLICE + SLICE
    await clock.count_rounds(50)


async def test_tasks_have_their_share_of_long_rounds(clock: Clock) -> None:
    turns = list[int]()

    async def work() -> None:
        await next_turn()
        turns.append(clock.rounds)

    tasks = [asyncio.create_task(work()) for _ in range(8)]
    await asyncio.sleep(0)
    await clock.count_rounds(6, 3 * GIVE_WAY)
    await asyncio.gather(*tasks)
    assert [turns.count(number) for number in dict.fromkeys(turns)] == [3, 3, 2]


async def test_work_that_cannot_wait_is_brief_if_others_wait(clock: Clock) -> None:
    assert end_of_slice() == SLICE
    asyncio.get_running_loop().call_soon(lambda: None)
    assert end_of_slice() == BRIEF_SLICE


async def test_a_loop_that_does_not_tell_whether_it_is_busy(clock: Clock) -> None:
    assert not slices._is_busy(cast("asyncio.AbstractEventLoop", object()))


async def test_cancelled_work_does_nothing_more(clock: Clock) -> None:
    work = SlicedWork(clock.steps("a", 35), fail)
    work.start()
    work.cancel()
    await clock.count_rounds(5)
    assert clock.by_round("a") == [10]
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_work_that_fails_does_not_end_that_of_others(clock: Clock) -> None:
    def failing() -> Iterator[None]:
        yield from clock.steps("a", 15)
        raise ValueError

    problems = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    SlicedWork(failing(), fail).start()
    SlicedWork(clock.steps("b", 15), lambda: None).start()
    await clock.count_rounds(10)
    assert sum(clock.by_round("b")) == 15
    assert len(problems) == 1
    asyncio.get_running_loop().set_exception_handler(None)


async def test_work_keeps_its_context(clock: Clock) -> None:
    name, seen = ContextVar("name", default=""), list[str]()

    def steps() -> Iterator[None]:
        for _ in clock.steps("a", 15):
            seen.append(name.get())
            yield

    token = name.set("mine")
    SlicedWork(steps(), lambda: seen.append(name.get())).start()
    name.reset(token)
    await clock.count_rounds(5)
    assert seen == ["mine"] * 16


async def test_a_task_in_slices(clock: Clock) -> None:
    tasks = [asyncio.create_task(run_in_slices(clock.steps(name, 35))) for name in "ab"]
    await clock.count_rounds(30)
    await asyncio.gather(*tasks)
    assert max(clock.by_round("a") + clock.by_round("b")) <= 10
    assert sum(clock.by_round("a")) == sum(clock.by_round("b")) == 35
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_a_task_raises_what_its_work_raises(clock: Clock) -> None:
    def failing() -> Iterator[None]:
        yield from clock.steps("a", 15)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await run_in_slices(failing())


async def test_a_task_that_is_cancelled_while_it_waits(clock: Clock) -> None:
    waiting = asyncio.create_task(next_turn())
    other = asyncio.create_task(next_turn())
    await asyncio.sleep(0)
    waiting.cancel()
    await other
    assert waiting.cancelled()
    assert not slices._queues.get(asyncio.get_running_loop())


class Transport(asyncio.ReadTransport):
    """Notes whether it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_paused = self.is_closed = False

    @override
    def is_closing(self) -> bool:
        return self.is_closed

    @override
    def pause_reading(self) -> None:
        assert not self.is_closed
        self.is_paused = True

    @override
    def resume_reading(self) -> None:
        assert not self.is_closed
        self.is_paused = False


async def test_reading_is_paused_until_the_queue_is_empty(clock: Clock) -> None:
    transport, queue = Transport(), asyncio.Queue[int]()
    reading, paused = PausedReading(transport), list[bool]()

    async def read() -> None:
        while True:
            await queue.get()
            paused.append(transport.is_paused)
            await reading.next_turn()

    for number in range(5):
        queue.put_nowait(number)
    task = asyncio.create_task(read())
    await clock.count_rounds(40)
    assert paused == [False, True, True, True, True]
    assert not transport.is_paused
    task.cancel()


async def test_a_connection_that_is_lost_already() -> None:
    await PausedReading(None).next_turn()


async def test_a_connection_that_is_closed_meanwhile(clock: Clock) -> None:
    problems = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    transport = Transport()
    reading = PausedReading(transport)
    turn = asyncio.create_task(reading.next_turn())
    await clock.count_rounds(1)
    assert transport.is_paused
    transport.is_closed = True
    await clock.count_rounds(5)
    assert turn.done()
    await reading.next_turn()
    await clock.count_rounds(5)
    assert not problems


async def test_the_work_of_a_connection_in_slices(clock: Clock) -> None:
    transport = Transport()
    reading = PausedReading(transport)
    task = asyncio.create_task(reading.run_in_slices(clock.steps("a", 35)))
    await clock.count_rounds(1)
    assert transport.is_paused
    await clock.count_rounds(10)
    assert task.done()
    assert not transport.is_paused
    assert clock.by_round("a") == [10, 10, 10, 5]


async def test_work_that_follows_work_waits_for_its_turn(clock: Clock) -> None:
    reading = PausedReading(None)
    assert SlicedWork(clock.steps("a", 9), fail).start()
    assert not SlicedWork(clock.steps("b", 9), lambda: None).start()
    task = asyncio.create_task(reading.run_in_slices(clock.steps("c", 9)))
    await clock.count_rounds(1, 0)
    assert not clock.by_round("b")
    assert not clock.by_round("c")
    await clock.count_rounds(5)
    assert clock.by_round("b") == clock.by_round("c") == [9]
    assert task.done()
    clock.now += SLICE
    assert SlicedWork(clock.steps("d", 9), fail).start()


async def test_after_brief_work_nothing_has_to_wait(clock: Clock) -> None:
    assert SlicedWork(clock.steps("a", 1, BRIEF_SLICE / 2), fail).start()
    assert SlicedWork(clock.steps("b", 1), fail).start()
