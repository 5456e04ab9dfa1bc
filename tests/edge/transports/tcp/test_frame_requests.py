"""FrameRequests: the contract, and what a device may do between requests."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

import pytest

from lan_edge import (
    Address,
    FrameRequests,
    Frames,
    FramesOptions,
    LengthFramer,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.base import Link

from ...peers import TcpPeer, Wire
from ..contract import Contract, Heard, Kit

OPTIONS = FramesOptions(framer=partial(LengthFramer, 2), timeout=0.3, limit=100)


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(2) + message


async def serve(wire: Wire) -> None:
    """Answer each message with itself in capitals."""
    while True:
        message = await wire.reader.readexactly(int.from_bytes(await wire.reader.readexactly(2)))
        await wire.send(framed(message.upper()))


def make(link: Link) -> FrameRequests:
    return FrameRequests(link, OPTIONS)


class TestContract(Contract):
    """What every transport must bear."""

    kit = Kit(
        make=make,
        serve=serve,
        use=lambda io: io.ask(b"power?"),
        answer=b"POWER?",
        garbage=b"\xff\xff\xff\xff",
        oversize=framed(bytes(200)),
        connects=False,
    )


@asynccontextmanager
async def opened(*, hangs_up: bool = False) -> AsyncGenerator[tuple[FrameRequests, TcpPeer, Heard]]:
    async def once(wire: Wire) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as until_answered:
                send = wire.send

                async def send_and_go(data: bytes) -> None:
                    await send(data)
                    until_answered.reschedule(0)

                wire.send = send_and_go  # type: ignore[method-assign]
                await serve(wire)

    heard = Heard()
    io = make(heard.link())
    async with TcpPeer(once if hangs_up else serve) as peer:
        await io.open(peer.address)
        try:
            yield io, peer, heard
        finally:
            await io.close()


async def test_one_connection_for_all_requests() -> None:
    async with opened() as (io, peer, heard):
        for n in range(5):
            assert await io.ask(b"a%d" % n, again=True) == b"A%d" % n
        assert peer.accepted == 1
        assert len(heard.messages) == 5


async def test_a_device_may_close_it_after_each_reply() -> None:
    async with opened(hangs_up=True) as (io, peer, heard):
        for n in range(5):
            assert await io.ask(b"a%d" % n) == b"A%d" % n
        assert peer.accepted == 5
        assert not heard.lost


async def test_a_device_may_close_it_between_requests() -> None:
    async with opened() as (io, peer, heard):
        assert await io.ask(b"a") == b"A"
        peer.drop()
        assert await io.ask(b"b", again=True) == b"B"  # it was not noticed yet
        peer.drop()
        await asyncio.sleep(0.02)
        assert await io.ask(b"c") == b"C"
        assert peer.accepted == 3
        assert not heard.lost


async def test_one_request_at_a_time() -> None:
    async with opened() as (io, peer, _):
        asked = [io.ask(b"a%d" % n, again=True) for n in range(20)]
        assert await asyncio.gather(*asked) == [b"A%d" % n for n in range(20)]
        assert peer.accepted == 1


async def test_after_a_timeout_replies_are_not_mixed_up() -> None:
    async with opened() as (io, peer, _):
        peer.silent = True
        with pytest.raises(TimedOutError):
            await io.ask(b"a")
        peer.silent = False
        assert await io.ask(b"b") == b"B"


async def test_pending_requests_fail_on_close() -> None:
    async with opened() as (io, peer, _):
        assert await io.ask(b"a") == b"A"
        peer.silent = True
        waiting = [asyncio.ensure_future(io.ask(b"b", again=True)) for _ in range(3)]
        await asyncio.sleep(0.02)
        await io.close()
        for each in waiting:
            with pytest.raises(UnreachableError):
                await each
        assert peer.accepted == 1


async def test_new_options_are_for_the_next_connection() -> None:
    async with opened() as (io, peer, _):
        io.configure(replace(OPTIONS, port=peer.address.port, timeout=0.05))
        await io.open(Address(peer.address.host))
        peer.silent = True
        with pytest.raises(TimedOutError):
            async with asyncio.timeout(0.2):
                await io.ask(b"a")


async def test_earlier_requests_are_not_sent_to_a_new_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_through = asyncio.Event()
    connect = Frames.open

    async def slowly(io: Frames, address: Address) -> None:
        if not let_through.is_set():
            await let_through.wait()
        await connect(io, address)

    monkeypatch.setattr(Frames, "open", slowly)
    async with opened() as (io, peer, _), TcpPeer(serve) as other:
        early = [asyncio.ensure_future(io.ask(b"old%d" % n)) for n in range(2)]
        await asyncio.sleep(0)
        await io.open(other.address)  # its tenant is another device
        late = asyncio.ensure_future(io.ask(b"new"))
        let_through.set()
        assert await late == b"NEW"
        ends = await asyncio.gather(*early, return_exceptions=True)
        assert [type(each) for each in ends] == [UnreachableError, UnreachableError]
        assert (len(peer.wires), len(other.wires)) == (0, 1)
