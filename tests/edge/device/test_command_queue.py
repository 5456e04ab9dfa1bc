"""Order, deadlines and coalescing of one device's commands."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import BusyError, OfflineError, RefusedError, TimedOutError
from lan_edge.device.command_queue import MAX_WAITING, TIMED, CommandQueue, FunctionRequest


class Log:
    """Work that logs when it begins."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.running = 0

    def work(
        self, name: str, seconds: float = 0.001, error: BaseException | None = None
    ) -> Callable[[], Coroutine[Any, Any, str]]:
        async def run() -> str:
            self.running += 1
            assert self.running == 1
            self.lines.append(name)
            try:
                await asyncio.sleep(seconds)
                if error is not None:
                    raise error
            finally:
                self.running -= 1
            return f"{name} done"

        return run


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def queue() -> AsyncGenerator[CommandQueue]:
    """Return a queue that ends with the test."""
    queue = CommandQueue()
    yield queue
    await queue.close(OfflineError("the test is over"))


async def start(queue: CommandQueue, log: Log, name: str, **more: Any) -> asyncio.Task[Any]:
    """Start a request, after those that were started before."""
    work = log.work(name, more.pop("seconds", 0.001), more.pop("error", None))
    request = FunctionRequest(work, more.pop("key", None))
    task = asyncio.ensure_future(queue.run(request, **{"deadline": 1, **more}))
    await asyncio.sleep(0)
    return task


async def test_one_at_a_time_in_order(queue: CommandQueue, log: Log) -> None:
    tasks = [await start(queue, log, str(n)) for n in range(10)]
    assert await asyncio.gather(*tasks) == [f"{n} done" for n in range(10)]
    assert log.lines == [str(n) for n in range(10)]


async def test_a_free_queue_runs_a_request_at_once(queue: CommandQueue, log: Log) -> None:
    running = asyncio.Task(queue.run(FunctionRequest(log.work("now")), 1), eager_start=True)
    assert log.lines == ["now"]
    await running


async def test_a_newer_request_replaces_a_waiting_one(queue: CommandQueue, log: Log) -> None:
    first = await start(queue, log, "first", seconds=0.02, key="level")
    others = [
        await start(queue, log, "level 1", key="level"),
        await start(queue, log, "on"),
        await start(queue, log, "level 2", key="level"),
    ]
    assert await first == "first done"
    assert await asyncio.gather(*others) == ["level 2 done", "on done", "level 2 done"]
    assert log.lines == ["first", "on", "level 2"]


async def test_all_callers_get_the_error_of_the_request_that_ran(
    queue: CommandQueue, log: Log
) -> None:
    first = await start(queue, log, "first", seconds=0.02)
    error = RefusedError("no")
    waiting = [
        await start(queue, log, "a", key="k"),
        await start(queue, log, "b", key="k", error=error),
    ]
    assert await asyncio.gather(first, *waiting, return_exceptions=True) == [
        "first done",
        error,
        error,
    ]


async def test_a_full_queue(queue: CommandQueue, log: Log) -> None:
    tasks = [await start(queue, log, "first", seconds=0.1)]
    tasks += [await start(queue, log, str(n), key=n) for n in range(1, MAX_WAITING + 1)]
    assert queue.waiting == MAX_WAITING
    with pytest.raises(BusyError):
        await queue.run(FunctionRequest(log.work("one too many")), 1)
    assert await queue.run(FunctionRequest(log.work("newer"), MAX_WAITING), 1) == "newer done"
    await asyncio.gather(*tasks)


async def test_timed_work_has_a_place_of_its_own(queue: CommandQueue, log: Log) -> None:
    tasks = [await start(queue, log, "first", seconds=0.1)]
    tasks += [await start(queue, log, str(n)) for n in range(MAX_WAITING - 1)]
    tasks += [await start(queue, log, "timed", key=TIMED), await start(queue, log, "last")]
    assert queue.waiting == MAX_WAITING
    with pytest.raises(BusyError):
        await queue.run(FunctionRequest(log.work("one too many")), 1)
    await asyncio.gather(*tasks)
    tasks = [await start(queue, log, "first", seconds=0.1)]
    tasks += [await start(queue, log, str(n)) for n in range(MAX_WAITING)]
    tasks += [await start(queue, log, "timed", key=TIMED)]
    assert (await asyncio.gather(*tasks))[-1] == "timed done"


@pytest.mark.parametrize("queued", [False, True])
async def test_deadline_of_running_work(queue: CommandQueue, log: Log, queued: bool) -> None:
    first = await start(queue, log, "first", seconds=0.02 if queued else 0)
    if not queued:
        await first
    with pytest.raises(TimedOutError, match=r"0\.05 s"):
        await queue.run(FunctionRequest(log.work("slow", 5)), 0.05)
    assert await queue.run(FunctionRequest(log.work("next")), 1) == "next done"
    await first


async def test_a_request_that_waits_too_long_never_runs(queue: CommandQueue, log: Log) -> None:
    first = await start(queue, log, "first", seconds=0.08)
    with pytest.raises(TimedOutError):
        await queue.run(FunctionRequest(log.work("late")), 0.02)
    await first
    await queue.run(FunctionRequest(log.work("next")), 1)
    assert log.lines == ["first", "next"]


@pytest.mark.parametrize("queued", [False, True])
async def test_a_timeout_inside_a_request_is_raised_at_once(
    queue: CommandQueue, log: Log, queued: bool
) -> None:
    first = await start(queue, log, "first", seconds=0.02 if queued else 0)
    async with asyncio.timeout(0.5):
        with pytest.raises(TimedOutError):
            await queue.run(FunctionRequest(log.work("bad", error=TimeoutError())), 30)
    await first


async def test_a_request_that_is_cancelled_while_waiting_never_runs(
    queue: CommandQueue, log: Log
) -> None:
    first = await start(queue, log, "first", seconds=0.02)
    gone = await start(queue, log, "gone")
    last = await start(queue, log, "last")
    gone.cancel()
    await asyncio.gather(first, gone, last, return_exceptions=True)
    assert log.lines == ["first", "last"]


async def test_one_of_two_callers_cancelled(queue: CommandQueue, log: Log) -> None:
    first = await start(queue, log, "first", seconds=0.02)
    older = await start(queue, log, "older", key="k")
    newer = await start(queue, log, "newer", key="k", seconds=0.02)
    newer.cancel()
    assert await older == "newer done"
    await asyncio.gather(first, newer, return_exceptions=True)


@pytest.mark.parametrize("place", [0, 1])
async def test_a_cancelled_request_lets_the_next_one_run(
    queue: CommandQueue, log: Log, place: int
) -> None:
    tasks = [await start(queue, log, str(n), seconds=0.02) for n in range(3)]
    if place:
        await tasks[0]
        await asyncio.sleep(0)
    assert log.lines[-1] == str(place)
    tasks[place].cancel()
    with suppress(asyncio.CancelledError):
        await tasks[place]
    assert await tasks[2] == "2 done"


async def test_a_request_that_raises_cancelled_error_does_not_stop_the_queue(
    queue: CommandQueue, log: Log
) -> None:
    first = await start(queue, log, "first", seconds=0.02)
    odd = await start(queue, log, "odd", error=asyncio.CancelledError())
    last = await start(queue, log, "last")
    after = await start(queue, log, "after")
    with pytest.raises(OfflineError):
        await odd
    assert list(await asyncio.gather(first, last, after)) == [
        "first done",
        "last done",
        "after done",
    ]
    assert log.lines == ["first", "odd", "last", "after"]


async def test_fail_waiting_and_close(queue: CommandQueue, log: Log) -> None:
    first = await start(queue, log, "first", seconds=0.02)
    second = await start(queue, log, "second", seconds=5, deadline=30)
    third = await start(queue, log, "third", deadline=30)
    await first
    await asyncio.sleep(0)
    gone = OfflineError("gone")
    queue.fail_waiting(gone)
    assert log.lines == ["first", "second"]
    await queue.close(OfflineError("closed"))
    results = await asyncio.gather(second, third, return_exceptions=True)
    assert [type(r) for r in results] == [OfflineError, OfflineError]
    assert await queue.run(FunctionRequest(log.work("again")), 1) == "again done"


async def test_close_ends_a_direct_run(queue: CommandQueue, log: Log) -> None:
    first = await start(queue, log, "first", seconds=60, deadline=60)
    await queue.close(OfflineError("closed"))
    with pytest.raises(OfflineError, match="closed"):
        await asyncio.wait_for(first, 1)
    assert await queue.run(FunctionRequest(log.work("again")), 1) == "again done"


commands = st.lists(
    st.tuples(
        st.sampled_from(["on", "off", "level", "speed"]),
        st.integers(0, 3),  # steps to wait before it is issued
        st.integers(0, 4),  # how long the device takes
    ),
    max_size=40,
)


@given(commands)
async def test_any_commands(issued: list[tuple[str, int, int]]) -> None:
    """They run in the order of issue, values give way only to newer ones, each gets a result."""
    queue, begun, callers = CommandQueue(), list[int](), list[asyncio.Task[int]]()

    def work(number: int, steps: int) -> Callable[[], Coroutine[Any, Any, int]]:
        async def run() -> int:
            begun.append(number)
            for _ in range(steps):
                await asyncio.sleep(0)
            return number

        return run

    for number, (name, pause, steps) in enumerate(issued):
        key = name if name in {"level", "speed"} else None
        callers.append(
            asyncio.Task(
                queue.run(FunctionRequest(work(number, steps), key), 5),
                eager_start=True,
            )
        )
        for _ in range(pause):
            await asyncio.sleep(0)
    results = await asyncio.gather(*callers)
    await queue.close(OfflineError("the test is over"))

    assert begun == sorted(begun)
    for number, (name, _, _) in enumerate(issued):
        if name in {"on", "off"}:
            assert number in begun
            assert results[number] == number
        else:
            answered_by = next(n for n in begun if n >= number and issued[n][0] == name)
            assert results[number] == answered_by
