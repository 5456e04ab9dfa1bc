"""Which request a message answers: by key, by a test, by order; and without a reply."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DriverError, EdgeError, ReplyError, TimedOutError, UnreachableError
from lan_edge.transports.messages import correlation
from lan_edge.transports.messages.correlation import MAX_PENDING, Correlator

from ..contract import Heard

UNEXPECTED = {"a reply nobody waits for": 1}


class Bench:
    """A correlator and what it reports."""

    def __init__(self, *, in_order: bool = True) -> None:
        self.heard = Heard()
        self.link = self.heard.link()
        self.order_lost: list[EdgeError] = []
        self.correlator = Correlator(
            self.link, in_order=in_order, on_order_lost=self.order_lost.append
        )

    def ask(self, message: Any, timeout: float = 1, **more: Any) -> asyncio.Task[Any]:
        """Ask as a transport does."""

        async def asking() -> Any:
            with self.correlator.expect_reply_to(message, timeout, **more) as reply:
                return await reply

        return asyncio.Task(asking(), eager_start=True)

    def deliver(self, *messages: Any) -> None:
        for message in messages:
            self.correlator.deliver(message)

    @property
    def is_idle(self) -> bool:
        return not self.correlator._requests and not self.correlator._count


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    yield made
    made.correlator.fail_all(UnreachableError("closed"))
    assert made.is_idle


def by_id(message: dict[str, Any]) -> Any:
    return message.get("id")


def reply(number: object, value: object = None) -> dict[str, Any]:
    return {"id": number, "value": value}


# by key


async def test_by_key_in_any_order(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    first, second = bench.ask(reply(1)), bench.ask(reply(2))
    bench.deliver(reply(2, "b"), {"push": 1}, reply(1, "a"))
    assert [await first, await second] == [reply(1, "a"), reply(2, "b")]
    assert bench.heard.messages == [reply(2, "b"), {"push": 1}, reply(1, "a")]
    assert not bench.link.oddities
    assert bench.is_idle


async def test_the_same_key_three_times(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    asked = [bench.ask(reply("power")) for _ in range(3)]
    asked[1].cancel()
    await asyncio.sleep(0)
    bench.deliver(reply("power", 1), reply("power", 2))
    assert await asked[0] == reply("power", 1)
    assert await asked[2] == reply("power", 2)
    assert bench.is_idle


@pytest.mark.parametrize("in_order", [True, False])
async def test_late_replies_are_counted(in_order: bool) -> None:
    bench = Bench(in_order=in_order)
    bench.correlator.match_by(by_id, lambda _: True)
    with pytest.raises(TimedOutError, match="request 1: no answer"):
        await bench.ask(reply(1), timeout=0.01)
    bench.deliver(reply(1, "late"))
    assert bench.link.oddities == UNEXPECTED
    assert bench.heard.messages == ([reply(1, "late")] if in_order else [])
    assert not bench.order_lost
    assert bench.is_idle


async def test_a_key_before_a_test(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    by_test = bench.ask({}, match=lambda _: True)
    by_key = bench.ask(reply(1))
    bench.deliver(reply(1, "a"), {"b": 1})
    assert await by_key == reply(1, "a")
    assert await by_test == {"b": 1}


async def test_a_key_of_the_drivers_own(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    asked = bench.ask({"no id": 1}, key="power")
    bench.deliver(reply("power"))
    assert await asked == reply("power")
    with pytest.raises(DriverError, match="no key"):
        await bench.ask({"no id": 1})


async def test_a_key_that_fails_is_counted(bench: Bench) -> None:
    bench.correlator.match_by(lambda message: message["id"], lambda _: True)
    asked = bench.ask(reply(1))
    bench.deliver({}, "text", reply([1]), reply(1, "a"))
    assert await asked == reply(1, "a")
    assert bench.heard.messages == [{}, "text", reply([1]), reply(1, "a")]
    assert bench.link.oddities == {
        "a message that cannot be matched: KeyError": 1,
        "a message that cannot be matched: TypeError": 2,
    }


# by a test


async def test_by_a_test(bench: Bench) -> None:
    b, a = bench.ask("b?", match=lambda m: m == "b"), bench.ask("a?", match=lambda m: m == "a")
    bench.deliver("a", "push", "b", "b")
    assert [await a, await b] == ["a", "b"]
    assert not bench.link.oddities


async def test_a_test_that_fails_takes_nothing(bench: Bench) -> None:
    asked = bench.ask(0, match=lambda message: 1 / message == 1, timeout=0.05)
    bench.deliver(0, 1)
    assert await asked == 1
    assert bench.link.oddities == {"a message that cannot be matched: ZeroDivisionError": 1}


async def test_a_missing_reply_by_a_test_harms_no_other(bench: Bench) -> None:
    with pytest.raises(TimedOutError, match="a request: no answer"):
        await bench.ask("a", match=lambda m: m == "a", timeout=0.01)
    assert not bench.order_lost
    assert bench.is_idle


# by order


async def test_by_order_between_notifications(bench: Bench) -> None:
    bench.correlator.match_by(None, lambda message: message != "push")
    first, second = bench.ask("a?"), bench.ask("b?")
    bench.deliver("push", "a", "push", "b", "more")
    assert [await first, await second] == ["a", "b"]
    assert not bench.link.oddities


async def test_a_missing_reply_loses_the_order(bench: Bench) -> None:
    with pytest.raises(TimedOutError):
        await bench.ask("a?", timeout=0.01)
    assert "order of replies is lost" in str(bench.order_lost)


async def test_the_reply_of_a_cancelled_request_keeps_its_place(bench: Bench) -> None:
    first, second = bench.ask("a?"), bench.ask("b?")
    first.cancel()
    await asyncio.sleep(0)
    bench.deliver("a", "b")
    assert await second == "b"
    assert bench.is_idle


async def test_without_an_order_a_cancelled_request_keeps_no_place() -> None:
    bench = Bench(in_order=False)
    first, second = bench.ask("a?"), bench.ask("b?")
    first.cancel()
    await asyncio.sleep(0)
    bench.deliver("b")
    assert await second == "b"
    assert bench.is_idle
    bench.correlator.fail_all(UnreachableError("closed"))


# replies of several messages


async def list_of(bench: Bench, timeout: float = 1) -> Any:
    until = "end".__eq__
    with bench.correlator.expect("list", timeout, until=until) as answer:
        return await answer


async def test_a_reply_of_several_messages(bench: Bench) -> None:
    listing = asyncio.Task(list_of(bench), eager_start=True)
    after = bench.ask("next?")
    bench.deliver("a", "b", "end", "next")
    assert await listing == ["a", "b", "end"]
    assert await after == "next"


async def test_given_up_in_the_middle_it_takes_the_rest_and_keeps_nothing(bench: Bench) -> None:
    listing = asyncio.Task(list_of(bench), eager_start=True)
    bench.deliver("a")
    request = bench.correlator._requests[None][0]
    listing.cancel()
    await asyncio.sleep(0)
    after = bench.ask("next?")
    bench.deliver(*["b"] * 10)
    assert request._parts == ["a"]
    bench.deliver("end", "next")
    assert await after == "next"


async def test_a_reply_without_an_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correlation, "MAX_PARTS", 3)
    listing = asyncio.Task(list_of(bench), eager_start=True)
    bench.deliver("a", "b")
    with pytest.raises(ReplyError, match="list: a reply of more than 3 messages"):
        bench.deliver("c")
    assert not listing.done()  # the transport ends the connection
    bench.correlator.fail_all(UnreachableError("closed"))
    with pytest.raises(UnreachableError):
        await listing


async def test_a_reply_that_takes_too_much_memory(bench: Bench) -> None:
    listing = asyncio.Task(list_of(bench), eager_start=True)
    bench.deliver(*["x" * 1000] * 200)
    with pytest.raises(ReplyError, match="list: a reply of more than 4096 messages, or too long"):
        bench.deliver(*["x" * 1000] * 200)
    bench.correlator.fail_all(UnreachableError("closed"))
    with pytest.raises(UnreachableError):
        await listing


# bounds and ends


async def test_so_many_and_no_more(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    asked = [bench.ask(reply(n % 100)) for n in range(MAX_PENDING)]
    with pytest.raises(UnreachableError, match="request 7: 256 requests are already waiting"):
        await bench.ask(reply(7))
    bench.deliver(reply(0))
    await asked[0]
    asked[0] = bench.ask(reply(7))
    bench.correlator.fail_all(UnreachableError("closed"))
    ends = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(end) for end in ends} == {UnreachableError}
    assert bench.is_idle


async def test_each_has_its_own_timeout(bench: Bench) -> None:
    bench.correlator.match_by(by_id, lambda _: True)
    asked = [bench.ask(reply(n), timeout=0.01 + 0.02 * n) for n in (2, 0, 1)]
    done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert done == {asked[1]}
    done, _ = await asyncio.wait(asked[::2], return_when=asyncio.FIRST_COMPLETED)
    assert done == {asked[2]}
    for each in asked:
        with pytest.raises(TimedOutError):
            await each
    assert bench.is_idle


async def test_sending_that_fails_leaves_nothing(bench: Bench) -> None:
    with (
        pytest.raises(UnreachableError, match="not connected"),
        bench.correlator.expect_reply_to("a?", 1),
    ):
        raise UnreachableError("not connected")
    assert bench.is_idle
    assert not bench.order_lost


async def test_the_driver_hears_a_reply_before_its_caller(bench: Bench) -> None:
    asked = bench.ask("a?")
    heard: list[list[Any]] = []
    asked.add_done_callback(lambda _: heard.append(list(bench.heard.messages)))
    bench.deliver("a", "push")
    await asked
    await asyncio.sleep(0)
    assert heard == [["a", "push"]]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["ask", "cancel", "reply"]), st.integers(0, 3)),
        st.just(("push", 0)),
    ),
    max_size=40,
)


@given(STEPS)
async def test_any_steps_give_each_its_own_reply(steps: list[tuple[str, int]]) -> None:
    """By key with repetitions: the nth reply of a key is for the nth request that still waits."""
    bench = Bench()
    bench.correlator.match_by(by_id, lambda _: True)
    asked: list[tuple[int, asyncio.Task[Any]]] = []
    waiting: list[tuple[int, asyncio.Task[Any]]] = []
    for count, (step, number) in enumerate(steps):
        mine = [each for each in waiting if each[0] == number]
        if step == "ask":
            waiting.append((number, bench.ask(reply(number))))
            asked.append(waiting[-1])
        elif step == "push":
            bench.deliver({"push": count})
        elif step == "cancel" and mine:
            mine[-1][1].cancel()
            await asyncio.sleep(0)
            waiting.remove(mine[-1])
        elif step == "reply":
            bench.deliver(reply(number, count))
            if mine:
                assert await mine[0][1] == reply(number, count)
                waiting.remove(mine[0])
    assert bench.correlator._count == len(waiting)
    bench.correlator.fail_all(UnreachableError("closed"))
    for _, task in asked:
        with suppress(EdgeError, asyncio.CancelledError):
            await task
    assert bench.is_idle
