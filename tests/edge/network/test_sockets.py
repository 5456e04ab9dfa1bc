"""Socket options: what this system has is set, what another one lacks is left out."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
import select
import socket
import sys
from time import monotonic, sleep

import pytest

from lan_edge.network.sockets import (
    acknowledged_at,
    detect_dead_peer,
    discard_unsent,
    limit_unacknowledged,
    received_since,
)

from ..peers import until

type Pair = tuple[socket.socket, socket.socket]

LACKING = ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two ends of a TCP connection; the second reads nothing by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
        with ours, theirs:
            yield ours, theirs


def fill(sock: socket.socket) -> None:
    sock.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            sock.send(b"x" * 65536)


def resets(ours: socket.socket, theirs: socket.socket) -> bool:
    """Whether the other end learns of the close by a reset."""
    ours.close()
    theirs.settimeout(1)
    try:
        while theirs.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return False


def test_a_dead_peer_is_detected(pair: Pair) -> None:
    detect_dead_peer(pair[0])
    assert pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 4
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 8000


def test_options_that_a_system_lacks(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LACKING:
        monkeypatch.delattr(socket, name)
    detect_dead_peer(pair[0])
    limit_unacknowledged(pair[0], 100)
    assert pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.real_time
@pytest.mark.parametrize("what", ["data", "an acknowledgement"])
async def test_when_the_peer_was_heard_last(pair: Pair, what: str) -> None:
    ours, theirs = pair
    before = acknowledged_at(ours)
    assert before is not None
    assert before <= asyncio.get_running_loop().time()
    await asyncio.sleep(0.1)
    if what == "data":
        theirs.send(b"x")
        ours.recv(1)
    else:
        ours.send(b"x")
    await until(lambda: (acknowledged_at(ours) or 0.0) - before > 0.05)


async def test_when_it_is_unknown_when_the_peer_was_heard(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        assert acknowledged_at(datagrams) is None
    pair[1].close()
    assert acknowledged_at(pair[1]) is None
    assert acknowledged_at(None) is None
    monkeypatch.delattr(socket, "TCP_INFO")
    assert acknowledged_at(pair[0]) is None


def test_whether_data_came_since_a_moment(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pair
    moment = monotonic()
    sleep(0.1)
    ours.send(b"x")  # which is acknowledged, and not answered
    assert not received_since(ours, moment)
    theirs.send(b"x")  # which nobody reads
    assert select.select([ours], [], [], 60)[0]
    assert received_since(ours, moment)
    assert not received_since(ours, monotonic())
    monkeypatch.delattr(socket, "TCP_INFO")
    assert not received_since(ours, moment)


def test_unsent_data_is_discarded(pair: Pair) -> None:
    fill(pair[0])
    discard_unsent(pair[0])
    assert resets(*pair)


def test_without_unsent_data_the_close_is_a_proper_one(
    pair: Pair,
) -> None:
    discard_unsent(pair[0])
    assert not resets(*pair)


def test_without_tiocoutq_the_close_is_a_proper_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    fill(pair[0])
    discard_unsent(pair[0])
    monkeypatch.undo()
    assert not resets(*pair)


def test_a_closed_socket_has_nothing_to_discard() -> None:
    with socket.socket() as sock:
        pass
    discard_unsent(sock)
