"""The tests' own peers: whoever leaves them, nothing of theirs fails but their own mistakes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from tests.leavers import Leaver

from .bench import BenchDevice
from .certificates import certificate
from .peers import TcpPeer, Wire, black_hole, until

GET = b'{"id": 1, "method": "get"}\n'


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
async def peer(request: pytest.FixtureRequest) -> AsyncGenerator[BenchDevice]:
    asyncio.get_running_loop().set_debug(True)  # it tells of more; Home Assistant's tests have it
    made = BenchDevice()
    made.tls = certificate("bench").server() if request.param else None
    async with made:
        yield made


async def leaver(peer: TcpPeer) -> Leaver:
    made = Leaver(peer.host, peer.port)
    if peer.tls:
        await made.shake_hands()
    return made


# the moments


async def unaccepted(peer: BenchDevice) -> Leaver:
    return Leaver(peer.host, peer.port)


async def in_a_handshake(peer: BenchDevice) -> Leaver:
    made = Leaver(peer.host, peer.port)
    if peer.tls:
        await made.shake_half()
    return made


async def accepted(peer: BenchDevice) -> Leaver:
    before = peer.accepted
    made = await leaver(peer)
    await until(lambda: peer.accepted > before)
    return made


async def after_half_a_line(peer: BenchDevice) -> Leaver:
    made = await accepted(peer)
    await made.send(GET[:9])
    return made


async def before_its_answer(peer: BenchDevice) -> Leaver:
    made = await accepted(peer)
    answering = asyncio.Event()

    def slow() -> float:
        answering.set()
        return 0.01

    peer.delay = slow
    await made.send(GET)
    await answering.wait()
    peer.delay = lambda: 0.0
    return made


MOMENTS = (unaccepted, in_a_handshake, accepted, after_half_a_line, before_its_answer)


@pytest.mark.parametrize("leave", [Leaver.close, Leaver.reset], ids=["close", "reset"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("cut", [None, 0.5], ids=["whole", "cut"])
async def test_whoever_leaves(
    peer: BenchDevice,
    moment: Callable[[BenchDevice], Awaitable[Leaver]],
    cut: float | None,
    leave: Callable[[Leaver], None],
) -> None:
    peer.cut = cut
    for steps in (0, 1, 2, 3, 20):  # of the event loop, between leaving and what the peer does
        gone = await moment(peer)
        leave(gone)
        for _ in range(steps):
            await asyncio.sleep(0)
        await peer.push(on=True)
        await peer.raw(b"nonsense")
        for wire in peer.wires:
            await wire.send(b"one\n")
            await wire.send(b"two\n")
            wire.close()
            wire.close()
            wire.write(b"three")
        peer.drop()
        gone.close()
    await until(lambda: not peer.connections)
    peer.cut = None
    stays = await leaver(peer)
    await stays.send(GET)
    assert b"result" in await stays.receive()
    stays.close()


async def test_gone_before_the_peer_ends() -> None:
    for tls in (None, certificate("bench").server()):
        for moment in MOMENTS:
            peer = BenchDevice()
            peer.tls = tls
            async with peer:
                (await moment(peer)).reset()


async def test_half_a_line_is_no_request(peer: BenchDevice) -> None:
    gone = await accepted(peer)
    await gone.send(GET + GET[:-1])
    await gone.receive()
    gone.close()
    await until(lambda: not peer.wires)
    assert peer.requests == ["get"]


async def test_dropped_ones_are_wires_no_more(peer: BenchDevice) -> None:
    first = await accepted(peer)
    [wire] = peer.wires
    peer.drop()
    assert not peer.wires
    second = await accepted(peer)
    [other] = peer.wires
    assert other is not wire
    first.close()
    second.close()


@pytest.mark.parametrize(
    "mistake", [KeyError("mine"), AttributeError("mine"), FileNotFoundError("mine")]
)
async def test_a_peers_own_mistake_is_told(
    unhandled: list[BaseException], mistake: Exception
) -> None:
    async def serve(wire: Wire) -> None:
        await wire.reader.readuntil()
        raise mistake

    async with TcpPeer(serve) as peer:
        client = await leaver(peer)
        await client.send(b"do it\n")
        await until(lambda: unhandled)
        client.close()
    assert unhandled == [mistake]


async def test_a_peers_mistake_is_told_though_the_peer_ends(
    unhandled: list[BaseException],
) -> None:
    async def serve(wire: Wire) -> None:
        try:
            await asyncio.sleep(30)
        finally:
            raise KeyError("mine")

    async with TcpPeer(serve) as peer:
        client = await leaver(peer)
        await until(lambda: peer.wires)
    client.close()
    assert [type(each) for each in unhandled] == [KeyError]


async def test_a_black_hole_takes_nobody_and_refuses_nobody() -> None:
    async with black_hole() as address:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.open_connection(address.host, address.port)
