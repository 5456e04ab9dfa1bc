"""Socket options: what this system has is set, what another one lacks is left out."""

from collections.abc import Iterator
from contextlib import suppress
import socket
import sys

import pytest

from lan_edge.network.sockets import detect_dead_peer, discard_unsent, limit_unacknowledged

LACKING = ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
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


def test_a_dead_peer_is_detected(pair: tuple[socket.socket, socket.socket]) -> None:
    detect_dead_peer(pair[0])
    assert pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 4
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 8000


def test_options_that_a_system_lacks(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LACKING:
        monkeypatch.delattr(socket, name)
    detect_dead_peer(pair[0])
    limit_unacknowledged(pair[0], 100)
    assert pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_unsent_data_is_discarded(pair: tuple[socket.socket, socket.socket]) -> None:
    fill(pair[0])
    discard_unsent(pair[0])
    assert resets(*pair)


def test_without_unsent_data_the_close_is_a_proper_one(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    discard_unsent(pair[0])
    assert not resets(*pair)


def test_without_tiocoutq_the_close_is_a_proper_one(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
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
