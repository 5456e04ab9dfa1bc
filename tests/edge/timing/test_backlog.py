"""Calls that wait for their turn, in order."""

import asyncio
from contextvars import ContextVar
from functools import partial

import pytest

from lan_edge.timing import slices
from lan_edge.timing.backlog import Backlog
from lan_edge.timing.slices import GIVE_WAY, SLICE

from ..rounds import measure_by


class Caller:
    """Notes the calls; each takes a third of a slice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        measure_by(monkeypatch, lambda: self.now)
        self.backlog = Backlog()
        self.made = list[str]()

    def add(self, *names: str) -> None:
        for name in names:
            self.backlog.add(name, partial(self.make, name))

    def make(self, name: str) -> None:
        self.now += SLICE / 2.9
        self.made.append(name)


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> Caller:
    return Caller(monkeypatch)


async def rounds(caller: Caller, count: int) -> None:
    """Let the loop be busy for some rounds, each so long that work gets its turn."""
    for _ in range(count):
        await asyncio.sleep(0)
        caller.now += GIVE_WAY


async def test_calls_are_made_in_slices(caller: Caller) -> None:
    caller.add(*"abcdefgh")
    assert not caller.made
    by_round = list[int]()
    while caller.backlog.waiting:
        before = len(caller.made)
        await rounds(caller, 1)
        by_round.append(len(caller.made) - before)
    assert caller.made == list("abcdefgh")
    assert max(by_round) == 3
    await rounds(caller, 2)
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_it_begins_again(caller: Caller) -> None:
    for name in "abc":
        caller.add(name)
        await rounds(caller, 5)
    assert caller.made == list("abc")


async def test_who_is_served_by_steps_need_not_wait(caller: Caller) -> None:
    caller.add(*"abcdefgh")
    for _ in caller.backlog.steps():
        pass
    assert caller.made == list("abcdefgh")
    caller.add("i")
    await rounds(caller, 5)
    assert caller.made[8:] == ["i"]
    assert not slices._queues.get(asyncio.get_running_loop())


async def test_a_call_moves_to_the_end_once(caller: Caller) -> None:
    caller.add(*"abcd")
    caller.add(*"ba")
    caller.add(*"bc")
    await caller.backlog.made()
    assert caller.made == ["d", "b", "a", "c"]
    caller.add(*"abcd", *"ba")
    await caller.backlog.made()
    assert caller.made[4:] == ["c", "d", "b", "a"]


async def test_what_is_added_meanwhile_is_not_waited_for(caller: Caller) -> None:
    """Otherwise it might never end."""
    caller.add(*"abcdef")
    waiting = asyncio.create_task(caller.backlog.made())
    await rounds(caller, 1)
    for number in range(100):
        caller.add(*(f"{number}{each}" for each in "abcd"))
        await rounds(caller, 1)
        if waiting.done():
            break
    assert waiting.done()
    assert caller.made[:6] == list("abcdef")
    assert caller.backlog.waiting
    await caller.backlog.made()
    await rounds(caller, 2)


async def test_a_wait_that_is_cancelled(caller: Caller) -> None:
    caller.add(*"abcdef")
    waiting = asyncio.create_task(caller.backlog.made())
    await rounds(caller, 1)
    waiting.cancel()
    await caller.backlog.made()
    assert caller.made == list("abcdef")
    await caller.backlog.made()  # there is nothing to wait for


async def test_each_call_has_the_context_of_who_added_it(caller: Caller) -> None:
    name, seen = ContextVar("name", default=""), list[str]()
    for each in ("one", "other"):
        token = name.set(each)
        caller.backlog.add(each, lambda: seen.append(name.get()))
        name.reset(token)
    await caller.backlog.made()
    assert seen == ["one", "other"]
