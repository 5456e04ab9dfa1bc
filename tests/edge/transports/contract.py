"""What every transport must bear, as one suite of tests.

To plug one in, subclass `Contract` in its test module and give it a kit:

    class TestMine(Contract):
        kit = Kit(
            make=lambda link: Mine(link, MineOptions(timeout=0.2, limit=1000)),
            serve=serve,              # plays a device as it should be, on one connection
            use=lambda mine: mine.ask("power?"),  # one request, and its answer
            answer="on",              # what `use` returns then
            garbage=b"...",           # what no device of this protocol sends
            oversize=b"...",          # a message over `limit`
        )

`serve` gets a `Wire`: it reads from `wire.reader` and answers by `wire.send()`, where the faults
set in; a handshake goes by `wire.write` instead, unharmed. `connects=False`: `open` contacts
nobody (HTTP, UDP), the first request does. A transport on datagrams overrides the `peer`
fixture with something that has TcpPeer's attributes, and sets `stream=False`.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from lan_edge import (
    Address,
    DeviceError,
    EdgeError,
    Pace,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports import Transport
from lan_edge.transports.base import Link
from tests.clock import now

from ..peers import Serve, TcpPeer, black_hole, closed_port, sockets, until

GAP = 3.0
SOON = 2.0
"""No failure takes longer, with the kit's short timeouts."""


@dataclass
class Kit[T: Transport]:
    """What the contract must know of a transport."""

    make: Callable[[Link], T]
    serve: Serve
    use: Callable[[T], Awaitable[object]]
    answer: object
    garbage: bytes
    oversize: bytes
    connects: bool = True
    stream: bool = True
    garbage_raises: tuple[type[EdgeError], ...] = (DeviceError,)
    oversize_raises: tuple[type[EdgeError], ...] = (ReplyError,)


@dataclass
class Heard:
    """What a transport reported."""

    messages: list[Any] = field(default_factory=list[Any])
    lost: list[EdgeError] = field(default_factory=list[EdgeError])

    def link(self) -> Link:
        """Return a link that is kept here."""
        return Link(self.messages.append, self.lost.append)


class Contract:
    """The tests; `heard.lost` counts only for transports that hold a connection."""

    kit: ClassVar[Kit[Any]]

    @pytest.fixture
    def heard(self) -> Heard:
        return Heard()

    @pytest.fixture
    async def peer(self) -> AsyncGenerator[Any]:
        async with TcpPeer(self.kit.serve) as peer:
            yield peer

    @pytest.fixture
    async def transport(self, heard: Heard) -> AsyncGenerator[Any]:
        transport = self.kit.make(heard.link())
        yield transport
        await transport.close()

    async def works(self, transport: Any, address: Address) -> None:
        await transport.open(address)
        async with asyncio.timeout(SOON):
            assert await self.kit.use(transport) == self.kit.answer
        assert transport.heard_at > 0

    async def fails(self, transport: Any, *errors: type[EdgeError]) -> EdgeError:
        started = now()
        with pytest.raises(errors) as caught:
            await self.kit.use(transport)
        assert now() - started < SOON
        return caught.value

    async def test_works(self, transport: Any, peer: Any, heard: Heard) -> None:
        await self.works(transport, peer.address)
        await transport.close()
        assert not heard.lost

    async def test_the_network_of_a_held_connection_is_watched(
        self, transport: Any, peer: Any
    ) -> None:
        assert transport.acknowledged_at is None
        await self.works(transport, peer.address)
        if transport.holds_connection and self.kit.connects:
            assert now() - 5 < (transport.acknowledged_at or 0) <= now()
        await transport.close()
        assert transport.acknowledged_at is None

    async def test_keeps_to_its_pace(self, transport: Any, peer: Any) -> None:
        """What waits for its turn has all its time then; the gap is longer than that."""
        await self.works(transport, peer.address)
        transport._link.pacing.use(Pace(gap=GAP))
        started = now()
        uses = [asyncio.ensure_future(self.kit.use(transport)) for _ in range(4)]
        assert await asyncio.gather(*uses) == [self.kit.answer] * 4
        assert 3 * GAP <= now() - started < 3 * GAP + SOON

    async def test_what_waits_for_its_turn_ends_when_it_is_closed(
        self, transport: Any, peer: Any
    ) -> None:
        await self.works(transport, peer.address)
        transport._link.pacing.use(Pace(gap=GAP))
        uses = [asyncio.ensure_future(self.kit.use(transport)) for _ in range(4)]
        await asyncio.sleep(GAP / 2)
        closed_at = now()
        await transport.close()
        results = await asyncio.gather(*uses, return_exceptions=True)
        assert [type(each) for each in results[1:]] == [UnreachableError] * 3
        assert now() - closed_at < GAP

    async def test_answers_in_pieces(self, transport: Any, peer: Any) -> None:
        if self.kit.stream:
            peer.split = 1
        await self.works(transport, peer.address)

    async def test_before_open_and_after_close(self, transport: Any, peer: Any) -> None:
        await self.fails(transport, UnreachableError)
        await self.works(transport, peer.address)
        await transport.close()
        await self.fails(transport, UnreachableError)

    async def test_refused(self, transport: Any, peer: Any) -> None:
        with pytest.raises((UnreachableError, TimedOutError)):
            await self.works(transport, closed_port())
        await transport.close()
        await self.works(transport, peer.address)

    async def test_the_connection_is_not_accepted(
        self, transport: Any, peer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lan_edge.transports.tcp.stream.CONNECT_TIMEOUT", 0.1)
        if not self.kit.stream:
            return
        async with black_hole() as address, asyncio.timeout(SOON):
            with pytest.raises(TimedOutError):
                await self.works(transport, address)
            await transport.close()
        await self.works(transport, peer.address)

    async def test_silent(self, transport: Any, peer: Any) -> None:
        peer.silent = True
        await transport.open(peer.address)
        await self.fails(transport, TimedOutError)
        await transport.close()
        peer.silent = False
        await self.works(transport, peer.address)

    @pytest.mark.parametrize("part", [0, 0.01, 0.5, 0.999])
    async def test_cut(self, transport: Any, peer: Any, heard: Heard, part: float) -> None:
        if not self.kit.stream:
            return
        await transport.open(peer.address)
        peer.cut = part
        await self.fails(transport, UnreachableError)
        assert len(heard.lost) == self.kit.connects
        peer.cut = None
        await self.works(transport, peer.address)

    async def test_garbage(self, transport: Any, peer: Any) -> None:
        await transport.open(peer.address)
        peer.instead = self.kit.garbage
        await self.fails(transport, *self.kit.garbage_raises)
        peer.instead = None
        await transport.close()
        await self.works(transport, peer.address)

    async def test_oversize(self, transport: Any, peer: Any, heard: Heard) -> None:
        await transport.open(peer.address)
        peer.instead = self.kit.oversize
        error = await self.fails(transport, *self.kit.oversize_raises)
        assert "more than" in str(error) or isinstance(error, TimedOutError)
        assert not heard.messages
        peer.instead = None
        await transport.close()
        await self.works(transport, peer.address)

    async def test_dropped_while_waiting(self, transport: Any, peer: Any, heard: Heard) -> None:
        if not self.kit.stream:
            return
        await self.works(transport, peer.address)
        peer.silent = True
        asking = asyncio.ensure_future(self.kit.use(transport))
        await asyncio.sleep(0.02)
        peer.drop()
        # without a connection of its own it may have tried again, on another one
        with pytest.raises(UnreachableError if self.kit.connects else DeviceError):
            await asyncio.wait_for(asking, SOON)
        assert len(heard.lost) == self.kit.connects

    async def test_dropped_while_idle(self, transport: Any, peer: Any, heard: Heard) -> None:
        await self.works(transport, peer.address)
        if not self.kit.connects or not self.kit.stream:
            return
        peer.drop()
        await until(lambda: heard.lost)
        assert len(heard.lost) == 1
        await self.fails(transport, UnreachableError)

    async def test_closed_while_waiting(self, transport: Any, peer: Any, heard: Heard) -> None:
        await self.works(transport, peer.address)
        peer.silent = True
        asking = asyncio.ensure_future(self.kit.use(transport))
        await asyncio.sleep(0.02)
        await transport.close()
        with pytest.raises(UnreachableError):
            await asyncio.wait_for(asking, 0.1)
        assert not heard.lost

    async def test_close_twice_and_open_again(self, transport: Any, peer: Any) -> None:
        await transport.close()
        for _ in range(3):
            await self.works(transport, peer.address)
            await asyncio.gather(transport.close(), transport.close())
            await transport.close()

    async def test_open_ends_the_last_connection(
        self, transport: Any, peer: Any, heard: Heard
    ) -> None:
        before = len(sockets())
        for _ in range(5):
            await self.works(transport, peer.address)
        await asyncio.sleep(0.02)
        assert len(sockets()) - before <= 2  # ours, and the peer's end of it
        assert not heard.lost

    async def test_cancelled_at_every_step(self, transport: Any, peer: Any, heard: Heard) -> None:
        for steps in range(200):
            before = asyncio.all_tasks()
            task = asyncio.ensure_future(self.works(transport, peer.address))
            for _ in range(steps):
                await asyncio.sleep(0)
            if task.done():
                break
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await transport.close()
            ours = {t for t in asyncio.all_tasks() - before if "lan_edge" in repr(t.get_coro())}
            assert not ours
        else:
            pytest.fail("it never came to its end")
        await transport.close()
        await self.works(transport, peer.address)
        assert not heard.lost

    async def test_close_cancelled_at_every_step(self, transport: Any, peer: Any) -> None:
        for steps in range(50):
            await self.works(transport, peer.address)
            task = asyncio.ensure_future(transport.close())
            for _ in range(steps):
                await asyncio.sleep(0)
            if task.done():
                break
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.works(transport, peer.address)
