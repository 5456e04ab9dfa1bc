"""The words of the operating system's errors: what went wrong, and no number."""

import errno
import os
import socket
import ssl

import pytest

from lan_edge import TimedOutError, UnreachableError, error_in, said_in
from lan_edge.network.os_errors import loss_error, network_errors, reason_of

RESET = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RESET, os.strerror(errno.ECONNRESET)),
        (
            OSError(errno.EADDRINUSE, "error while attempting to bind: [errno 98] address in use"),
            os.strerror(errno.EADDRINUSE),
        ),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not"),
        (OSError("the tunnel is closed"), "the tunnel is closed"),
        (ssl.SSLError(1, "[SSL: BAD_LENGTH] bad length"), "[SSL: BAD_LENGTH] bad length"),
        (ssl.SSLEOFError(8, "EOF occurred (_ssl.c:1032)"), "EOF occurred"),
        (OSError(), "the connection broke"),
        (ValueError("no such thing"), "no such thing"),
    ],
)
def test_the_words_of_an_error(error: Exception, words: str) -> None:
    assert reason_of(error).startswith(words)


def test_the_usual_ones_can_be_said_in_another_language() -> None:
    german = {"connection_reset_by_peer": "abgebrochen", "name_or_service_not_known": "unbekannt"}
    error = UnreachableError(t"there: {reason_of(RESET)}")
    assert error_in(error, german) == "there: abgebrochen"
    nobody = reason_of(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert said_in(nobody, german) == "unbekannt"


def test_why_a_connection_ended() -> None:
    assert str(loss_error(None)) == "the device closed the connection"
    lost = loss_error(RESET)
    assert isinstance(lost, UnreachableError)
    assert str(lost) == f"the connection broke: {os.strerror(errno.ECONNRESET)}"
    dead = loss_error(OSError(errno.EHOSTUNREACH, "No route to host"))
    assert isinstance(dead, TimedOutError)
    assert str(dead) == f"the connection broke: {os.strerror(errno.EHOSTUNREACH)}"


def test_what_was_done_begins_the_message() -> None:
    with (
        pytest.raises(UnreachableError, match=r"^connecting: Connection reset"),
        network_errors("connecting"),
    ):
        raise RESET
