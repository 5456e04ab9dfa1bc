"""What is sent without a reply waits for its turn, too, and nothing is sent in vain."""

import asyncio
import gc

import pytest

from lan_edge import (
    Http,
    HttpOptions,
    Lines,
    LinesOptions,
    Login,
    Pace,
    UnreachableError,
)
from lan_edge.transports.pace import limit_of_host
from lan_edge.transports.pacing import MAX_HELD, STALE, Pacing
from tests.clock import now

from ..peers import TcpPeer, Wire
from .contract import Heard
from .http.test_http import answer

GAP = 1.5


class Listening:
    """Notes each line, and when it came."""

    def __init__(self) -> None:
        self.came = list[tuple[float, str]]()

    async def serve(self, wire: Wire) -> None:
        async for line in wire.lines():
            self.came.append((now(), line.decode().strip()))
            if b"?" in line:
                await wire.send(b"yes\n")


async def test_what_is_only_sent_keeps_its_order_and_the_pace() -> None:
    device = Listening()
    async with TcpPeer(device.serve) as peer:
        lines = Lines(Heard().link(), LinesOptions(timeout=0.5, pace=Pace(gap=GAP, burst=2)))
        await lines.open(peer.address)
        for number in range(4):
            lines.send(str(number))
        assert await lines.ask("well?") == "yes"
        assert [line for _, line in device.came] == ["0", "1", "2", "3", "well?"]
        first = device.came[0][0]
        turns = [round((at - first) / GAP, 1) for at, _ in device.came]
        assert turns == [0, 0, 1, 2, 3]
        await lines.close()


async def test_too_many_that_wait_are_refused() -> None:
    async with TcpPeer(Listening().serve) as peer:
        lines = Lines(Heard().link(), LinesOptions(pace=Pace(gap=GAP)))
        await lines.open(peer.address)
        for number in range(MAX_HELD + 1):
            lines.send(str(number))
        with pytest.raises(UnreachableError, match="already waiting"):
            lines.send("one more")
        await lines.close()


async def test_the_answer_to_a_challenge_is_a_request_of_its_own() -> None:
    came = list[float]()

    async def serve(wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode().lower()
            came.append(now())
            asked = 'Digest realm="r", nonce="n", qop="auth"'
            is_in = "authorization: digest" in head
            await wire.send(
                answer(b"in") if is_in else answer(b"", "401 No", WWW_Authenticate=asked)
            )

    async with TcpPeer(serve) as peer:
        options = HttpOptions(
            timeout=1, login=Login("a", "b", digest=True), pace=Pace(gap=GAP), login_statuses=(401,)
        )
        http = Http(Heard().link(), options)
        await http.open(peer.address)
        assert await http.get_text("/") == "in"
        assert came[1] - came[0] > GAP - 0.01
        await http.close()


async def test_a_turn_that_was_not_used_is_given_back() -> None:
    pacing = Pacing()
    pacing.use(Pace(gap=GAP))
    for _ in range(3):
        assert pacing.reserve_now()
        pacing.give_back()
    assert pacing.reserve_now()
    await asyncio.sleep(2 * STALE)  # it was for then, not for now
    started = now()
    await pacing.turn("x")
    assert now() - started >= GAP - 3 * STALE


async def test_all_at_a_host_have_one_limit_as_long_as_one_of_them_is_there() -> None:
    first = limit_of_host("10.0.0.1")
    assert limit_of_host("10.0.0.1") is first
    assert limit_of_host("10.0.0.2") is not first
    first.take(Pace(gap=60))
    del first
    gc.collect()
    assert limit_of_host("10.0.0.1").take(Pace(gap=60)) is not None
