"""Clients that leave at the worst moment: no emulator trips over it, and it goes on for others."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, override

import pytest

from tests.debugging import check_calls
from tests.edge.certificates import certificate
from tests.leavers import Leaver

from .json_bulb import JsonBulbEmulator
from .json_calls import Call
from .listener import Listener, Peer
from .yeelight import YeelightEmulator

REQUEST = b'{"id": 1, "method": "info"}\n'

type Act = Callable[[JsonBulbEmulator], Awaitable[object]]


class TlsBulb(JsonBulbEmulator):
    """One that speaks TLS."""

    @override
    def _new_listener(self, host: str, port: int) -> Listener:
        listener = super()._new_listener(host, port)
        listener.tls = certificate("bulb").server()
        return listener


@pytest.fixture(params=[JsonBulbEmulator, TlsBulb], ids=["plain", "tls"])
async def bulb(request: pytest.FixtureRequest) -> AsyncGenerator[JsonBulbEmulator]:
    check_calls(asyncio.get_running_loop())  # it tells of more; Home Assistant's tests have it
    async with request.param(id="bulb-1") as made:
        yield made


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # nothing to be told by
            await asyncio.sleep(0.002)


def speaks_tls(bulb: JsonBulbEmulator) -> bool:
    return isinstance(bulb, TlsBulb)


async def connected(bulb: JsonBulbEmulator) -> Leaver:
    leaver = Leaver(bulb.host, bulb.port)
    if speaks_tls(bulb):
        await leaver.shake_hands()
    return leaver


async def answers(bulb: JsonBulbEmulator) -> bool:
    """Tell whether somebody else is answered."""
    leaver = await connected(bulb)
    await leaver.send(REQUEST)
    told = await leaver.receive()
    leaver.close()
    return b"bulb-1" in told


# the moments


async def unaccepted(bulb: JsonBulbEmulator) -> Leaver:
    return Leaver(bulb.host, bulb.port)


async def accepted(bulb: JsonBulbEmulator) -> Leaver:
    before = bulb.connections.accepted
    leaver = await connected(bulb)
    await until(lambda: bulb.connections.accepted > before)
    return leaver


async def in_a_handshake(bulb: JsonBulbEmulator) -> Leaver:
    leaver = Leaver(bulb.host, bulb.port)
    if speaks_tls(bulb):
        await leaver.shake_half()
    return leaver


async def after_half_a_line(bulb: JsonBulbEmulator) -> Leaver:
    leaver = await accepted(bulb)
    await leaver.send(REQUEST[:15])
    return leaver


async def before_its_answer(bulb: JsonBulbEmulator) -> Leaver:
    before = len(bulb.log)
    bulb.faults.slow = lambda: 30
    leaver = await accepted(bulb)
    await leaver.send(REQUEST)
    await until(lambda: len(bulb.log) > before)
    bulb.faults.slow = 0
    return leaver


async def with_its_answer_held(bulb: JsonBulbEmulator) -> Leaver:
    bulb.faults.hold = True
    leaver = await accepted(bulb)
    await leaver.send(REQUEST * 3)
    await until(lambda: len(bulb.held) == 3)
    bulb.faults.hold = False
    return leaver


MOMENTS = (
    unaccepted,
    accepted,
    in_a_handshake,
    after_half_a_line,
    before_its_answer,
    with_its_answer_held,
)

# what the emulator does just then


async def nothing(bulb: JsonBulbEmulator) -> None:
    pass


async def push(bulb: JsonBulbEmulator) -> None:
    """Push several times: writing to who has left is noticed at the second one at the earliest."""
    bulb.release()
    for level in range(1, 5):
        await bulb.change(level=level)
        await asyncio.sleep(0)


async def forget(bulb: JsonBulbEmulator) -> None:
    for peer in bulb.peers:
        peer.forget()
        peer.forget()


async def close_twice(bulb: JsonBulbEmulator) -> None:
    for peer in bulb.peers:
        peer.close()
        peer.close()
        peer.write(b"anybody?")
        peer.finish()


async def drop_after_pushes(bulb: JsonBulbEmulator) -> None:
    await push(bulb)
    await bulb.drop()
    await bulb.drop()


async def restart_after_pushes(bulb: JsonBulbEmulator) -> None:
    await push(bulb)
    await bulb.restart()


ACTS: tuple[Act, ...] = (
    nothing,
    push,
    forget,
    close_twice,
    lambda bulb: bulb.inject(b"nonsense"),
    lambda bulb: bulb.drop(),
    drop_after_pushes,
    lambda bulb: bulb.restart(),
    restart_after_pushes,
    lambda bulb: bulb.move("127.0.0.2", old="closed"),
)
IDS = (
    "nothing",
    "push",
    "forget",
    "close twice",
    "inject",
    "drop",
    "push and drop",
    "restart",
    "push and restart",
    "move",
)


@asynccontextmanager
async def unchanged(bulb: JsonBulbEmulator) -> AsyncGenerator[None]:
    """Show that a bulb goes on after a block, and has nobody left who is gone."""
    yield
    assert await answers(bulb)
    bulb.faults.clear()
    await bulb.drop()
    assert bulb.connections.open == 0


@pytest.mark.parametrize("leave", [Leaver.close, Leaver.reset], ids=["close", "reset"])
@pytest.mark.parametrize("act", ACTS, ids=IDS)
@pytest.mark.parametrize("moment", MOMENTS)
async def test_whoever_leaves_and_whatever_it_does(
    bulb: JsonBulbEmulator,
    moment: Callable[[JsonBulbEmulator], Awaitable[Leaver]],
    act: Act,
    leave: Callable[[Leaver], None],
) -> None:
    for steps in (0, 1, 2, 3, 20):  # of the event loop, between leaving and what it does
        async with unchanged(bulb):
            leaver = await moment(bulb)
            leave(leaver)
            for _ in range(steps):
                await asyncio.sleep(0)
            await act(bulb)
        leaver.close()


async def test_gone_before_the_emulator_ends() -> None:
    for kind in (JsonBulbEmulator, TlsBulb):
        for moment in MOMENTS:
            async with kind() as bulb:
                leaver = await moment(bulb)
                leaver.reset()


async def test_a_connection_that_is_gone_can_be_asked_for_all_of_it(
    bulb: JsonBulbEmulator,
) -> None:
    leaver = await before_its_answer(bulb)
    [peer] = bulb.peers
    name = f"127.0.0.1:{leaver.socket.getsockname()[1]}"
    leaver.reset()
    await until(lambda: peer.is_gone)
    peer.close()
    peer.close()
    assert peer.address == name
    assert bulb.log[-1].client == name
    peer.write(b"anybody?")
    with pytest.raises(ConnectionError):
        await peer.drain()
    peer.set_option(6, 1, 1)
    peer.stop_reading()
    peer.forget()
    peer.reset()
    peer.abort()
    await bulb.drop()
    assert not bulb.peers


async def test_half_a_line_is_no_request(bulb: JsonBulbEmulator) -> None:
    leaver = await accepted(bulb)
    await leaver.send(REQUEST + REQUEST[:-1])
    await leaver.receive()
    leaver.close()
    await until(lambda: not bulb.peers)
    assert len(bulb.log) == 1


async def test_nobody_is_there_any_more_to_say_who_it_was() -> None:
    """Where a system has no address for it, as some have none for who left before."""

    class Nameless(asyncio.Transport):
        @override
        def get_extra_info(self, name: str, default: Any = None) -> Any:
            return default

        @override
        def is_closing(self) -> bool:
            return True

    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    writer = asyncio.StreamWriter(Nameless(), protocol, reader, loop)
    bulb = JsonBulbEmulator()
    assert Peer(reader, writer, bulb._listener).address == "gone"


async def test_a_yeelight_counts_commands_of_who_has_left() -> None:
    async with YeelightEmulator() as light:
        light.faults.slow = lambda: 0.01
        leaver = Leaver(light.host, light.port)
        await leaver.send(b'{"id": 1, "method": "toggle", "params": []}\r\n' * 3)
        await until(lambda: len(light.log) == 3)
        leaver.reset()
        await until(lambda: not light.peers)
        assert light.state["on"]  # carried out, though nobody hears of it


# but what it does wrong itself is told


async def test_an_emulators_own_mistake_is_told(
    bulb: JsonBulbEmulator, unhandled: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(peer: Peer, message: Call) -> None:
        raise mistake

    monkeypatch.setattr(bulb, "answer", answer)
    for mistake in (KeyError("mine"), AttributeError("mine"), FileNotFoundError("mine")):
        leaver = await connected(bulb)
        await leaver.send(REQUEST)
        await until(lambda: unhandled)
        assert unhandled == [mistake]
        unhandled.clear()
        leaver.close()
        await until(lambda: not bulb.peers)


async def test_an_emulators_mistake_is_told_though_it_was_ended(
    bulb: JsonBulbEmulator, unhandled: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(peer: Peer, message: Call) -> None:
        try:
            await asyncio.sleep(30)
        finally:
            raise KeyError("mine")

    monkeypatch.setattr(bulb, "answer", answer)
    leaver = await connected(bulb)
    await leaver.send(REQUEST)
    await until(lambda: bulb.log)
    await bulb.drop()
    assert [type(each) for each in unhandled] == [KeyError]
    leaver.close()
