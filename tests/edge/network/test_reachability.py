"""Whether the system of a device answers: a TCP port that opens, refuses, or is silent."""

import asyncio

import pytest

from lan_edge import Address, FrameRequests, FramesOptions, Http, HttpOptions, Lines, LinesOptions
from lan_edge.network import reachability as module
from lan_edge.network.reachability import answers_at
from lan_edge.transports import Transport
from tests.clock import now

from ..peers import TcpPeer, Wire, black_hole, closed_port, until
from ..transports.contract import Heard


async def nothing(wire: Wire) -> None:
    await wire.reader.read()


async def test_a_port_that_accepts_is_closed_at_once() -> None:
    async with TcpPeer(nothing) as peer:
        assert await answers_at(peer.address) is True
        await until(lambda: peer.accepted == 1)
        await until(lambda: not peer.wires)


async def test_a_port_that_refuses() -> None:
    assert await answers_at(closed_port()) is None


async def test_no_device_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REACHABLE_TIMEOUT", 0.2)
    began = now()
    async with black_hole() as nobody:
        assert await answers_at(nobody) is False
    assert now() - began == pytest.approx(0.2, abs=1e-3)


async def test_no_such_network() -> None:
    assert await answers_at(Address("255.255.255.255", 1)) is False


@pytest.mark.parametrize("port_from", ["address", "options"])
async def test_transports_without_a_connection_check_the_port(port_from: str) -> None:
    async with TcpPeer(nothing) as peer:
        host, port = peer.address.host, peer.address.port
        made: list[Transport] = [
            Http(Heard().link(), HttpOptions(port=port)),
            FrameRequests(Heard().link(), FramesOptions(port=port)),
        ]
        for transport in made:
            await transport.open(Address(host, port if port_from == "address" else 0))
            assert await transport.is_reachable() is True
            await transport.close()
        await until(lambda: peer.accepted == len(made))


async def test_transports_with_a_connection_do_not() -> None:
    async with TcpPeer(nothing) as peer:
        lines = Lines(Heard().link(), LinesOptions())
        await lines.open(peer.address)
        assert await lines.is_reachable() is None
        await lines.close()
        await asyncio.sleep(0.05)
        assert peer.accepted == 1
