"""Many devices that flood at the same time: everything else waits as for one of them."""

from collections import Counter
from contextlib import AsyncExitStack

import pytest

from lan_edge import Udp, UdpOptions
from lan_edge.transports.base import Link

from ..peers import until
from ..rounds import measured_rounds, work
from .speakers import SPEAKERS, Speaker, speaking
from .udp.test_udp import UdpPeer

DEVICES = 30
BUSY = 0.0001
"""Seconds that each message takes."""
MOST = 80
"""Messages that are handled in a round of the loop, at most: a slice, and one or two of each."""


@pytest.mark.parametrize("speaker", SPEAKERS, ids=str)
async def test_streams(speaker: Speaker) -> None:
    async with AsyncExitStack() as stack:
        with measured_rounds() as rounds:
            handled = Counter[int]()

            def take(_: object) -> None:
                work(BUSY)
                handled[len(rounds.seconds)] += 1

            hearings = [
                await stack.enter_async_context(speaking(speaker, take)) for _ in range(DEVICES)
            ]
            flood = speaker.flood(range(40))
            for hearing in hearings:
                hearing.wire.write(flood)
            for hearing in hearings:
                await hearing.until_heard(39)
        assert max(handled.values()) <= MOST


async def test_datagrams() -> None:
    async with AsyncExitStack() as stack:
        with measured_rounds() as rounds:
            handled = Counter[int]()

            def take(_: object) -> None:
                work(BUSY)
                handled[len(rounds.seconds)] += 1

            peers = list[UdpPeer]()
            for _ in range(DEVICES):
                peers.append(await stack.enter_async_context(UdpPeer(lambda _: [])))
                udp = Udp(Link(take, lambda _: None), UdpOptions())
                await udp.open(peers[-1].address)
                stack.push_async_callback(udp.close)
                udp.send(b"here I am")
            await until(lambda: all(peer.received for peer in peers))
            for number in range(40):
                for peer in peers:
                    peer.send(b"%d" % number)
            await until(lambda: handled.total() == 40 * DEVICES)
        assert max(handled.values()) <= MOST
