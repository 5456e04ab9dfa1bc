"""Floods by number: however many messages come at once, everything else goes on meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import pytest

from lan_edge import Lines, LinesOptions, Tls, Trust, Udp, UdpOptions
from lan_edge.timing.slices import BRIEF_SLICE, SLICE
from lan_edge.transports.base import Link

from ..certificates import certificate
from ..peers import until
from ..rounds import measure_by, measured_rounds, work
from .speakers import SPEAKERS, Speaker, speaking
from .udp.test_udp import UdpPeer
from .websocket.test_websocket import frame

MESSAGES = 20_000


@pytest.fixture(params=SPEAKERS, ids=str)
def speaker(request: pytest.FixtureRequest) -> Speaker:
    chosen: Speaker = request.param
    return chosen


async def test_all_arrive_in_order_and_then_the_loss(speaker: Speaker) -> None:
    async with speaking(speaker) as hearing:
        data = speaker.flood(range(MESSAGES))
        with measured_rounds() as rounds:
            hearing.wire.write(data)
            hearing.wire.close()
            await until(lambda: hearing.lost_after >= 0)
        assert hearing.numbers == list(range(MESSAGES))
        assert hearing.lost_after == MESSAGES
        rounds.check()


async def test_messages_that_take_a_while(speaker: Speaker) -> None:
    async with speaking(speaker, lambda _: work(0.0001)) as hearing:
        data = speaker.flood(range(3000))
        with measured_rounds() as rounds:
            hearing.wire.write(data)
            await until(lambda: len(hearing.numbers) == 3000)
        assert hearing.numbers == list(range(3000))
        rounds.check()


async def test_a_message_waits_for_what_the_last_one_has_left_to_do(speaker: Speaker) -> None:
    done = list[tuple[int, int]]()

    def left(number: int, part: int) -> None:
        work(0.0005)
        done.append((number, part))

    def take(number: int) -> None:
        done.append((number, 0))
        for part in range(1, 40):
            hearing.transport._link.backlog.add((number, part), partial(left, number, part))

    async with speaking(speaker, take) as hearing:
        with measured_rounds() as rounds:
            hearing.wire.write(speaker.flood(range(10)))
            while len(done) < 10:  # noqa: ASYNC110
                await asyncio.sleep(0)
            hearing.wire.write(speaker.flood(range(10, 11)))
            await until(lambda: len(done) == 11 * 40)
        assert done == [(number, part) for number in range(11) for part in range(40)]
        rounds.check()


async def test_it_goes_on_afterwards(speaker: Speaker) -> None:
    async with speaking(speaker) as hearing:
        for numbers in (range(3000), range(3000, 3001), range(3001, 3002)):
            hearing.wire.write(speaker.flood(numbers))
            await hearing.until_heard(numbers[-1])
        assert hearing.numbers == list(range(3002))
        assert hearing.lost_after == -1


async def test_close_in_the_middle_leaves_nothing(speaker: Speaker) -> None:
    async with speaking(speaker, lambda _: work(0.0001)) as hearing:
        hearing.wire.write(speaker.flood(range(3000)))
        while len(hearing.numbers) < 50:  # noqa: ASYNC110  # `until` lets all of it arrive
            await asyncio.sleep(0)
        await hearing.transport.close()
        heard = len(hearing.numbers)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(hearing.numbers) == heard < 3000
        assert hearing.lost_after == -1


async def test_over_tls() -> None:
    """A read of TLS may contain more than a read of the socket."""
    issued = certificate("device.home")
    options = LinesOptions(is_reply=lambda _: False, tls=Tls(trust=Trust.PIN))
    plain = next(speaker for speaker in SPEAKERS if speaker.name == "lines")
    speaker = replace(plain, make=lambda link: Lines(link, options))
    async with speaking(speaker, tls=issued.server()) as hearing:
        data = speaker.flood(range(MESSAGES))
        with measured_rounds() as rounds:
            hearing.wire.write(data)
            hearing.wire.close()
            await until(lambda: hearing.lost_after >= 0)
        assert hearing.numbers == list(range(MESSAGES))
        assert hearing.lost_after == MESSAGES
        rounds.check()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Return what takes 0.1 ms, by a clock that only it advances."""
    now = [0.0]
    measure_by(monkeypatch, lambda: now[0])

    def work(_: object) -> None:
        now[0] += 0.0001

    return work


async def others_work() -> None:
    """Do something that takes many rounds of the loop, as a push until it is shown."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_others_do_is_done_between_two_slices(
    speaker: Speaker, slow: Callable[[object], None]
) -> None:
    async with speaking(speaker, slow) as hearing:
        hearing.wire.write(speaker.flood(range(3000)))
        while not hearing.numbers:  # noqa: ASYNC110  # `until` lets all of it arrive
            await asyncio.sleep(0)
        begun = len(hearing.numbers)
        await others_work()
        assert len(hearing.numbers) - begun <= 2 * SLICE / 0.0001


async def test_what_others_do_is_hardly_delayed_by_datagrams(
    slow: Callable[[object], None],
) -> None:
    heard = list[bytes]()

    def take(message: bytes) -> None:
        heard.append(message)
        slow(message)

    async with UdpPeer(lambda _: []) as peer:
        udp = Udp(Link(take, lambda _: None), UdpOptions())
        await udp.open(peer.address)
        udp.send(b"here")
        await until(lambda: peer.received)
        for number in range(400):
            peer.send(b"%d" % number)
        while not heard:  # noqa: ASYNC110
            await asyncio.sleep(0)
        begun = len(heard)
        await others_work()
        assert 0 < len(heard) - begun <= 20 * (2 + BRIEF_SLICE / 0.0001)
        await udp.close()


async def test_datagrams_that_take_a_while() -> None:
    heard = list[bytes]()

    def take(message: bytes) -> None:
        work(0.001)
        heard.append(message)

    async with UdpPeer(lambda _: []) as peer:
        udp = Udp(Link(take, lambda _: None), UdpOptions())
        await udp.open(peer.address)
        udp.send(b"here")
        await until(lambda: peer.received)
        said = [b"%d" % n for n in range(200)]
        with measured_rounds() as rounds:
            for datagram in said:
                peer.send(datagram)
            await until(lambda: len(heard) == len(said))
        assert heard == said
        rounds.check()
        await udp.close()


async def test_pings() -> None:
    websocket = next(speaker for speaker in SPEAKERS if speaker.name == "WebSocket")
    async with speaking(websocket) as hearing:
        with measured_rounds() as rounds:
            hearing.wire.write(frame(b"", 9) * MESSAGES + websocket.say(1))
            await until(lambda: hearing.numbers)
        rounds.check()


async def test_a_message_for_one_device_while_others_flood() -> None:
    """However many devices do it at a time, the loop is not kept longer."""
    lines = next(speaker for speaker in SPEAKERS if speaker.name == "lines")
    with measured_rounds() as rounds:
        async with AsyncExitStack() as stack:
            for _ in range(20):
                hearing = await stack.enter_async_context(speaking(lines, lambda _: work(0.0001)))
                hearing.wire.write(lines.flood(range(200)))
            calm = await stack.enter_async_context(speaking(lines))
            while len(hearing.numbers) < 20:  # noqa: ASYNC110
                await asyncio.sleep(0)
            calm.wire.write(lines.say(7))
            while not calm.numbers:  # noqa: ASYNC110
                await asyncio.sleep(0)
            assert len(hearing.numbers) < 200
    rounds.check()
