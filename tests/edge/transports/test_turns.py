"""Turns: one at a time; what a turn calls belongs to it, whatever task it runs in."""

import asyncio
from functools import partial

import pytest

from lan_edge.transports.turns import Turns


class Bench:
    def __init__(self) -> None:
        self.events = list[str]()
        self.turns = Turns(lambda: self.events.append("begun"), self._ended)

    def _ended(self, error: BaseException | None) -> None:
        self.events.append(f"ended {type(error).__name__}")

    async def work(self, name: str) -> str:
        self.events.append(f"{name} in")
        await asyncio.sleep(0.01)
        self.events.append(f"{name} out")
        return name


async def test_one_after_the_other() -> None:
    bench = Bench()
    made = (bench.turns.take(partial(bench.work, name)) for name in "ab")
    assert await asyncio.gather(*made) == ["a", "b"]
    once = ["begun", "{0} in", "{0} out", "ended NoneType"]
    assert bench.events == [line.format(name) for name in "ab" for line in once]
    assert not bench.turns.is_taken


@pytest.mark.parametrize("in_task", [False, True])
async def test_what_a_turn_calls_belongs_to_it(in_task: bool) -> None:
    bench = Bench()

    async def outer() -> str:
        inner = bench.turns.take(lambda: bench.work("inner"))
        return await (asyncio.create_task(inner) if in_task else inner)

    async with asyncio.timeout(1):
        assert await bench.turns.take(outer) == "inner"
    assert bench.events == ["begun", "inner in", "inner out", "ended NoneType"]


async def test_what_outlives_its_turn_waits_for_another() -> None:
    bench = Bench()
    left = list[asyncio.Task[str]]()

    async def outer() -> None:
        async def later() -> str:
            await asyncio.sleep(1)
            return await bench.turns.take(lambda: bench.work("later"))

        left.append(asyncio.create_task(later()))

    async def long() -> None:
        await asyncio.sleep(2)
        bench.events.append("long out")

    await bench.turns.take(outer)
    await bench.turns.take(long)
    await left[0]
    assert bench.events.index("long out") < bench.events.index("later in")


async def test_errors_and_cancellation_end_a_turn() -> None:
    bench = Bench()

    async def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await bench.turns.take(fail)
    task = asyncio.create_task(bench.turns.take(lambda: bench.work("a")))
    waiting = asyncio.create_task(bench.turns.take(lambda: bench.work("b")))
    await asyncio.sleep(0.001)
    waiting.cancel()
    task.cancel()
    await asyncio.gather(task, waiting, return_exceptions=True)
    assert bench.events == ["begun", "ended KeyError", "begun", "a in", "ended CancelledError"]
    assert not bench.turns.is_taken
    assert await bench.turns.take(lambda: bench.work("c")) == "c"
