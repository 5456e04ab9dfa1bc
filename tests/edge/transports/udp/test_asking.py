"""Asking by UDP: of a host, of all that listen, and of several at once."""

import asyncio

import pytest

from lan_edge import Address
from lan_edge.transports.udp import asking, datagrams
from lan_edge.transports.udp.asking import Inquiry, ask_around
from tests.clock import advance

from ...peers import LOOPBACK, sockets, until
from .test_udp import UdpPeer, shout

type Answers = list[tuple[bytes, Address]]


async def ask(*inquiries: Inquiry, timeout: float = 0.1, times: int = 2) -> Answers:
    """Return what is answered, and by whom."""
    answers: Answers = []
    await ask_around(
        inquiries,
        lambda data, sender: answers.append((data, sender)),
        timeout=timeout,
        times=times,
        interval=timeout / times,
    )
    return answers


async def test_every_host_may_answer() -> None:
    async with UdpPeer(lambda data: [data, data]) as one, UdpPeer(shout) as two:
        peers = {one.address, two.address}
        task = asyncio.ensure_future(ask(Inquiry((b"who?",), one.address)))
        await until(lambda: one.received)
        two.send(b"me too", one.client)
        answers = await task
        assert {sender for _, sender in answers} == peers
        assert {data for data, _ in answers} == {b"who?", b"me too"}
        assert len(one.received) == 2


async def test_asking_by_broadcast() -> None:
    async with UdpPeer(shout, "0.0.0.0") as peer:
        to = Address("127.255.255.255", peer.address.port)
        answers = await ask(Inquiry((b"who?",), to, LOOPBACK), timeout=0.05)
        assert answers[0][0] == b"WHO?"


async def test_only_the_host_that_was_asked_may_answer() -> None:
    async with UdpPeer(shout) as one, UdpPeer(shout, "127.0.0.2") as two:
        task = asyncio.ensure_future(ask(Inquiry((b"who?",), one.address, from_anybody=False)))
        await until(lambda: one.received)
        two.send(b"me too", one.client)
        assert await task == [(b"WHO?", one.address)] * 2


async def test_several_inquiries_run_at_the_same_time() -> None:
    async with UdpPeer(shout) as one, UdpPeer(shout, "127.0.0.2") as two:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answers = await ask(
            Inquiry((b"a", b"b"), one.address), Inquiry((b"c",), two.address), times=1
        )
        assert 0.1 <= loop.time() - began < 0.5
        assert sorted(answers) == [(b"A", one.address), (b"B", one.address), (b"C", two.address)]


@pytest.mark.parametrize("local_host", ["192.0.2.1", "nonsense", "::1"])
async def test_an_inquiry_that_cannot_be_sent_is_skipped(local_host: str) -> None:
    before = sockets()
    async with UdpPeer(shout) as peer:
        nowhere = Inquiry((b"a",), peer.address, local_host)
        assert await ask(nowhere, Inquiry((b"b",), peer.address), times=1) == [(b"B", peer.address)]
    await asyncio.sleep(0)
    assert sockets() == before


async def test_given_up_it_leaves_no_socket() -> None:
    before = sockets()
    task = asyncio.ensure_future(ask(Inquiry((b"a",), Address(LOOPBACK, 9)), timeout=60))
    await until(lambda: sockets() != before)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0)
    assert sockets() == before


async def test_a_busy_program_reads_all_that_has_come_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when Home Assistant starts: each round of the loop takes long, and reads one answer."""
    monkeypatch.setattr(datagrams, "end_of_slice", lambda: 0.0)
    async with UdpPeer(lambda _: []) as peer:
        task = asyncio.ensure_future(ask(Inquiry((b"a",), peer.address), timeout=60, times=1))
        await until(lambda: peer.received)
        for n in range(50):
            peer.send(b"%d" % n, peer.client)
        advance(61)  # while the program does something else
        assert await task == [(b"%d" % n, peer.address) for n in range(50)]


async def test_what_comes_without_end_is_not_read_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(datagrams.UdpSocket, "has_unread", True)
    async with UdpPeer(shout) as peer:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(asking, "MAX_LATE", 0.01)
        began = loop.time()
        assert await ask(Inquiry((b"a",), peer.address), times=1) == [(b"A", peer.address)]
        assert 0.11 <= loop.time() - began < 0.2
