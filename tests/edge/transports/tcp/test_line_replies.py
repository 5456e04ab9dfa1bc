"""Replies of lines: where they end, what refuses, and the line that greets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lan_edge import (
    ArgumentError,
    EdgeError,
    Lines,
    LinesOptions,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.messages.line_patterns import MAX_MATCHED

from ...peers import TcpPeer, Wire, sockets, until
from ..contract import Contract, Heard, Kit

PLAYER = LinesOptions(
    timeout=0.2, greeting="OK MPD .*", until="OK", refused=r"ACK \[.*?\] \{.*?\} (.*)"
)
ANSWERS = {
    b"status\n": b"volume: 50\nstate: play\nOK\n",
    b"play\n": b"OK\n",
    b"play 9\n": b"ACK [2@0] {play} Bad song index\n",
    b"list\n": b"file: a\nACK [50@0] {list} No such directory\n",
    b"odd\n": b"ACK of no kind\nOK\n",
    b"long\n": b"ACK [1@0] {} " + b"x" * MAX_MATCHED + b"\nOK\n",
}


async def play(wire: Wire) -> None:
    wire.write(b"OK MPD 0.23.5\n")
    async for line in wire.lines():
        await wire.send(ANSWERS[line])


class TestLinesWithGreeting(Contract):
    """The greeting adds steps at which it can be cancelled."""

    kit = Kit(
        make=lambda link: Lines(
            link, LinesOptions(timeout=0.2, limit=1000, greeting="OK MPD .*", until="OK")
        ),
        serve=play,
        use=lambda lines: lines.ask_all("status"),
        answer=["volume: 50", "state: play", "OK"],
        garbage=b"\xff\xfe\x00",
        oversize=b"x" * 1001 + b"\n",
    )


@asynccontextmanager
async def player(
    options: LinesOptions = PLAYER, heard: Heard | None = None
) -> AsyncGenerator[Lines]:
    lines = Lines((heard or Heard()).link(), options)
    async with TcpPeer(play) as peer:
        await lines.open(peer.address)
        yield lines
        await lines.close()


async def test_a_reply_ends_where_the_options_say() -> None:
    heard = Heard()
    async with player(heard=heard) as lines:
        asking = [asyncio.ensure_future(lines.ask_all("status")) for _ in range(2)]
        await asyncio.sleep(0)
        assert await lines.ask("play") == "OK"
        assert await asyncio.gather(*asking) == [["volume: 50", "state: play", "OK"]] * 2
    assert heard.messages[:3] == ["volume: 50", "state: play", "OK"]


async def test_the_greeting_is_kept_and_no_message() -> None:
    heard = Heard()
    async with player(heard=heard) as lines:
        assert lines.greeting == "OK MPD 0.23.5"
        assert heard.messages == []


@pytest.mark.parametrize(
    ("request_", "words"), [("play 9", "Bad song index"), ("list", "No such directory")]
)
async def test_a_refusal_has_the_devices_words(request_: str, words: str) -> None:
    async with player() as lines:
        refused = asyncio.ensure_future(lines.ask_all(request_))
        assert await lines.ask("play") == "OK"  # the order of replies is kept
        with pytest.raises(RefusedError) as caught:
            await refused
        assert str(caught.value) == words


async def test_a_refusal_of_a_secret_request_does_not_repeat_it() -> None:
    async with player() as lines:
        with pytest.raises(RefusedError) as caught:
            await lines.ask("play 9", secret=True)
        assert str(caught.value) == "(secret): no reason given"


@pytest.mark.parametrize("request_", ["odd", "long"])
async def test_what_does_not_match_is_no_refusal(request_: str) -> None:
    async with player() as lines:
        assert (await lines.ask_all(request_))[-1] == "OK"


async def test_a_refusal_nobody_waits_for_is_a_notification() -> None:
    heard = Heard()
    async with player(heard=heard) as lines:
        lines.send("play 9")
        await until(lambda: heard.messages)
        assert await lines.ask("play") == "OK"
    assert heard.messages == ["ACK [2@0] {play} Bad song index", "OK"]


async def test_without_a_pattern_it_is_unknown_where_a_reply_ends() -> None:
    async with player(LinesOptions(greeting="OK.*")) as lines:
        with pytest.raises(ArgumentError, match="until="):
            await lines.ask_all("status")


@pytest.mark.parametrize("name", ["until", "greeting", "refused"])
def test_what_is_no_regular_expression(name: str) -> None:
    arguments: dict[str, Any] = {name: "OK ("}
    with pytest.raises(ArgumentError, match=rf"{name}: 'OK \(' is no regular expression"):
        LinesOptions(**arguments)


# the greeting of something else


@pytest.mark.parametrize(
    ("greeting", "error", "words"),
    [
        (b"220 mail ESMTP\r\n", ReplyError, "220 mail ESMTP"),
        (b"ACK [1@0] {} too many connections\n", RefusedError, "too many connections"),
        (b"", TimedOutError, "no greeting"),
        (b"OK MPD " + b"x" * MAX_MATCHED + b"\n", ReplyError, "not expected"),
        (b"x" * 70_000, ReplyError, "more than 65536 bytes"),
    ],
)
@pytest.mark.parametrize("how", ["open", "open_to_ask", "open_to_pair"])
async def test_another_greeting(
    greeting: bytes, error: type[EdgeError], words: str, how: str
) -> None:
    async def greet(wire: Wire) -> None:
        wire.write(greeting)
        await wire.reader.read()
        assert not await wire.reader.read(), "something was sent"

    heard, before = Heard(), len(sockets())
    lines = Lines(heard.link(), PLAYER)
    async with TcpPeer(greet) as peer:
        with pytest.raises(error, match=words):
            await getattr(lines, how)(peer.address)
    assert (heard.lost, heard.messages, lines.greeting) == ([], [], "")
    assert len(sockets()) <= before


async def test_who_hangs_up_instead_of_greeting() -> None:
    async def leave(_wire: Wire) -> None:
        await asyncio.sleep(0.05)

    lines = Lines(Heard().link(), PLAYER)
    async with TcpPeer(leave) as peer:
        with pytest.raises(UnreachableError):
            await lines.open(peer.address)


async def test_what_follows_the_greeting_at_once_is_a_message() -> None:
    async def greet(wire: Wire) -> None:
        wire.write(b"OK MPD 1\nnews\n")
        await wire.reader.read()

    heard = Heard()
    lines = Lines(heard.link(), PLAYER)
    async with TcpPeer(greet) as peer:
        await lines.open(peer.address)
        await lines.close()
    assert heard.messages == ["news"]
