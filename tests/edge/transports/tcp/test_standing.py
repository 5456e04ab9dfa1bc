"""A request that stands while nothing else is asked, with a player that has MPD's `idle`."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import pytest

from lan_edge import (
    ArgumentError,
    EdgeError,
    Lines,
    LinesOptions,
    Pace,
    Standing,
    UnreachableError,
)
from lan_edge.transports.base import Link
from lan_edge.transports.tcp.standing import LEAST_INTERVAL
from tests.clock import now

from ...peers import TcpPeer, Wire, until

STANDING = Standing(request="idle", withdraw="noidle")
OPTIONS = LinesOptions(timeout=0.5, until="OK", refused="ACK (.*)", standing=STANDING)


@dataclass
class Player:
    """Answers as MPD does: `idle` once, at a change or at `noidle`; changes are remembered."""

    heard: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    volume: int = 0
    is_idle: bool = False
    refuses_idle: bool = False
    wire: Wire | None = None
    before_noidle: list[str] = field(default_factory=list[str])
    """What changes at the moment at which the next `noidle` arrives."""

    async def serve(self, wire: Wire) -> None:
        self.wire, self.is_idle = wire, False
        async for data in wire.lines():
            line = data.decode().strip()
            self.heard.append(line)
            if line == "noidle":
                self.change(*self.before_noidle)
                self.before_noidle = []
            self.answer(line)

    def answer(self, line: str) -> None:
        if line == "noidle":
            if self.is_idle:
                self.tell()
            return
        assert not self.is_idle, f"{line!r} while idle, which MPD hangs up for"
        if line == "idle" and self.refuses_idle:
            self.say("ACK you don't have permission")
        elif line == "idle":
            self.is_idle = True
            if self.changed:
                self.tell()
        elif line == "volume?":
            self.say(f"volume: {self.volume}", "OK")
        else:
            self.say("OK")

    def change(self, *what: str) -> None:
        self.changed += what
        if self.is_idle and self.changed:
            self.tell()

    def tell(self) -> None:
        changed, self.changed, self.is_idle = self.changed, [], False
        self.say(*(f"changed: {each}" for each in changed), "OK")

    def say(self, *lines: str) -> None:
        assert self.wire is not None
        self.wire.write("".join(f"{line}\n" for line in lines).encode())


class Bench:
    """The transport, the player, and what was reported."""

    def __init__(self) -> None:
        self.player = Player()
        self.messages = list[str]()
        self.lost = list[EdgeError]()
        self.missed = 0
        self.peer = TcpPeer(self.player.serve)
        link = Link(self.messages.append, self.lost.append, on_missed=self.miss)
        self.lines = Lines(link, OPTIONS)

    def miss(self) -> None:
        self.missed += 1

    async def idle(self) -> None:
        await until(lambda: self.player.is_idle)

    @property
    def heard(self) -> list[str]:
        return self.player.heard


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    made = Bench()
    async with made.peer:
        await made.lines.open(made.peer.address)
        yield made
        await made.lines.close()


async def test_it_stands_while_nothing_is_asked(bench: Bench) -> None:
    await bench.idle()
    await asyncio.sleep(60)
    assert bench.heard == ["idle"]
    assert (bench.messages, bench.missed, bench.lost) == ([], 0, [])


async def test_a_change_asks_for_a_refresh_and_is_a_message(bench: Bench) -> None:
    await bench.idle()
    bench.player.change("mixer", "player")
    await until(lambda: bench.missed)
    assert bench.messages == ["changed: mixer", "changed: player", "OK"]
    await bench.idle()
    assert bench.missed == 1


async def test_without_refresh_it_is_a_message_only(bench: Bench) -> None:
    silent = Standing(request="idle", withdraw="noidle", refresh=False)
    bench.lines.configure(LinesOptions(until="OK", standing=silent))
    await bench.lines.open(bench.peer.address)
    await bench.idle()
    bench.player.change("mixer")
    await until(lambda: len(bench.heard) == 3)
    assert (bench.messages, bench.missed) == (["changed: mixer", "OK"], 0)


async def test_it_is_withdrawn_for_a_request_and_stands_again(bench: Bench) -> None:
    await bench.idle()
    assert await bench.lines.ask_all("volume?") == ["volume: 0", "OK"]
    await bench.idle()
    assert bench.heard == ["idle", "noidle", "volume?", "idle"]
    assert bench.missed == 0


async def test_requests_one_after_the_other_withdraw_it_once(bench: Bench) -> None:
    await bench.idle()
    for _ in range(3):
        await bench.lines.ask("play")
    await asyncio.gather(*(bench.lines.ask("play") for _ in range(3)))
    await bench.idle()
    assert bench.heard == ["idle", "noidle", *["play"] * 6, "idle"]


async def test_it_is_withdrawn_for_a_line_without_reply(bench: Bench) -> None:
    await bench.idle()
    bench.lines.send("noidle")  # which has no reply when nothing stands any more
    await until(lambda: len(bench.heard) == 4)
    assert bench.heard == ["idle", "noidle", "noidle", "idle"]
    assert await bench.lines.ask("play") == "OK"


async def test_a_change_that_crosses_the_withdrawal_is_not_lost(bench: Bench) -> None:
    await bench.idle()
    bench.player.before_noidle = ["mixer"]
    bench.player.volume = 7
    assert await bench.lines.ask_all("volume?") == ["volume: 7", "OK"]
    await until(lambda: bench.missed == 1)
    assert bench.messages == ["changed: mixer", "OK", "volume: 7", "OK"]


async def test_a_change_that_is_on_its_way_is_not_lost(bench: Bench) -> None:
    await bench.idle()
    bench.player.change("mixer")  # sent; not read yet
    assert await bench.lines.ask_all("volume?") == ["volume: 0", "OK"]
    await until(lambda: bench.missed == 1)
    await bench.idle()
    assert not bench.lost


async def test_a_change_while_it_is_withdrawn_is_told_by_the_next(bench: Bench) -> None:
    await bench.idle()
    asking = asyncio.ensure_future(bench.lines.ask("play"))
    await until(lambda: "play" in bench.heard)
    bench.player.change("player")
    await asking
    await until(lambda: bench.missed == 1)


async def test_changes_at_every_step_are_all_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a change falls between withdrawing, asking and standing again."""
    monkeypatch.setattr("lan_edge.transports.tcp.standing.LEAST_INTERVAL", 0)
    messages = list[str]()
    for steps in range(30):
        await bench.idle()
        asking = asyncio.ensure_future(bench.lines.ask_all("volume?"))
        for _ in range(steps):
            await asyncio.sleep(0)
        bench.player.change(f"c{steps}")
        messages.append(f"changed: c{steps}")
        assert await asking == ["volume: 0", "OK"]
        await until(lambda: messages[-1] in bench.messages)
    assert [m for m in bench.messages if m.startswith("changed")] == messages
    assert bench.lost == []


async def test_a_request_whose_caller_left_keeps_the_order(bench: Bench) -> None:
    await bench.idle()
    asking = asyncio.ensure_future(bench.lines.ask_all("volume?"))
    await asyncio.sleep(0)
    asking.cancel()
    assert await bench.lines.ask("play") == "OK"
    await bench.idle()
    assert not bench.lost


async def test_an_answer_at_once_each_time_is_not_asked_for_at_full_speed(bench: Bench) -> None:
    bench.player.changed = ["mixer"]
    began = now()
    while now() - began < 2:
        await asyncio.sleep(0.02)
        bench.player.change("mixer")
    assert len(bench.heard) <= 2 / LEAST_INTERVAL + 2


async def test_it_is_refused() -> None:
    bench = Bench()
    bench.player.refuses_idle = True
    async with bench.peer:
        await bench.lines.open(bench.peer.address)
        await until(lambda: bench.messages)
        assert await bench.lines.ask("play") == "OK"
        await asyncio.sleep(10)
        assert bench.heard == ["idle", "play"]
        assert bench.lines._link.oddities == {"a standing request is refused": 1}
        bench.player.refuses_idle = False
        await bench.lines.open(bench.peer.address)
        await bench.idle()
        await bench.lines.close()


async def test_it_ends_with_the_connection_and_begins_with_the_next(bench: Bench) -> None:
    await bench.idle()
    bench.peer.drop()
    await until(lambda: bench.lost)
    await bench.lines.open(bench.peer.address)
    await until(lambda: bench.heard == ["idle", "idle"])
    await bench.lines.close()
    with pytest.raises(UnreachableError):
        await bench.lines.ask("play")
    await asyncio.sleep(1)
    assert bench.heard == ["idle", "idle"]


@pytest.mark.parametrize("how", ["open_to_ask", "open_to_pair"])
async def test_nothing_stands_where_the_device_is_only_asked(how: str) -> None:
    bench = Bench()
    async with bench.peer:
        await getattr(bench.lines, how)(bench.peer.address)
        assert await bench.lines.ask("play") == "OK"
        await asyncio.sleep(1)
        await bench.lines.close()
    assert bench.heard == ["play"]


@pytest.mark.parametrize(("request_", "withdraw"), [("", "noidle"), ("idle", "")])
def test_what_cannot_be_withdrawn(request_: str, withdraw: str) -> None:
    with pytest.raises(ArgumentError, match="withdraw"):
        Standing(request=request_, withdraw=withdraw)


# where the device takes only so much

GAP = 3.0
"""More than the timeout of a request."""


@pytest.fixture
async def paced() -> AsyncGenerator[Bench]:
    made = Bench()
    made.lines.configure(replace(OPTIONS, pace=Pace(gap=GAP)))
    async with made.peer:
        await made.lines.open(made.peer.address)
        yield made
        await made.lines.close()


async def test_withdrawing_takes_no_turn_of_the_pace(paced: Bench) -> None:
    await paced.idle()
    began = now()
    assert await paced.lines.ask_all("volume?") == ["volume: 0", "OK"]
    assert now() - began <= GAP
    assert paced.heard == ["idle", "noidle", "volume?"]
    await paced.idle()
    assert paced.heard == ["idle", "noidle", "volume?", "idle"]
    assert now() - began >= GAP


async def test_it_is_not_withdrawn_before_the_line_has_its_turn(paced: Bench) -> None:
    await paced.idle()
    paced.lines.send("noidle")  # which has no reply when nothing stands any more
    await asyncio.sleep(GAP / 2)
    assert paced.heard == ["idle"]
    assert paced.player.is_idle
    paced.player.change("mixer")
    await until(lambda: paced.missed)
    await until(lambda: len(paced.heard) > 1)
    assert paced.heard[1:] == ["noidle"]


async def test_what_is_asked_goes_before_it(paced: Bench) -> None:
    """Three requests take three turns, however they come; then it stands again."""
    await paced.idle()
    began = now()
    for _ in range(3):
        await paced.lines.ask("play")
        await asyncio.sleep(GAP / 3)  # it waits for its turn now
    assert now() - began <= 3 * GAP + GAP / 3
    assert paced.heard == ["idle", "noidle", "play", "play", "play"]
    await paced.idle()
    assert now() - began <= 4 * GAP + 1


async def test_what_was_asked_last_is_answered_before_it(paced: Bench) -> None:
    await paced.idle()
    replies = await asyncio.gather(*(paced.lines.ask_all("volume?") for _ in range(3)))
    assert replies == [["volume: 0", "OK"]] * 3
    await paced.idle()
    assert paced.heard == ["idle", "noidle", *["volume?"] * 3, "idle"]
    assert paced.lost == []


async def test_a_connection_that_ends_leaves_nothing_that_waits(paced: Bench) -> None:
    await paced.idle()
    await paced.lines.ask("play")
    await asyncio.sleep(GAP / 2)
    paced.peer.drop()
    await until(lambda: paced.lost)
    await asyncio.sleep(2 * GAP)
    assert paced.heard == ["idle", "noidle", "play"]
    await paced.lines.open(paced.peer.address)
    await paced.idle()


async def test_it_waits_for_the_end_of_a_pause(paced: Bench) -> None:
    await paced.idle()
    await paced.lines.ask("play")
    paced.lines._link.pacing.ask_for_pause("play", 60)
    began = now()
    await until(lambda: paced.player.is_idle, seconds=100)
    assert 60 <= now() - began < 65
