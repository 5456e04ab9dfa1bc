"""Bytes to messages."""

from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from lan_edge import ArgumentError, ReplyError
from lan_edge.transports.messages.framing import MAX_MESSAGE, LineFramer


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut data at the given places."""
    places = sorted({min(c, len(data)) for c in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


@given(
    st.lists(st.binary(max_size=20)),
    st.sampled_from([b"\n", b"\r\n", b"\x00"]),
    st.lists(st.integers(0, 200)),
)
def test_any_cut_gives_the_same_lines(
    messages: list[bytes], delimiter: bytes, cuts: list[int]
) -> None:
    messages = [m.replace(delimiter, b"").rstrip(delimiter) for m in messages]
    messages = [m for m in messages if delimiter not in m]
    framer = LineFramer(delimiter)
    data = b"".join(framer.wrap(m) for m in messages)
    assert [m for piece in cut(data, cuts) for m in framer.feed(piece)] == messages


@pytest.mark.parametrize("sent", [b"\r", b""])
def test_sent_messages_may_end_differently(sent: bytes) -> None:
    framer = LineFramer(b"$", sent_delimiter=sent)
    assert framer.wrap(b"volume?") == b"volume?" + sent
    assert framer.feed(b"volume=5$volume=") == [b"volume=5"]
    assert framer.wrap(b"a$") == b"a$" + sent


def test_a_message_cannot_contain_its_sent_delimiter() -> None:
    with pytest.raises(ArgumentError, match="a delimiter in it"):
        LineFramer(b"$", sent_delimiter=b"!").wrap(b"volume=5!power=off")


@pytest.mark.parametrize("delimiter", [b"\n", b"\r\n"])
def test_limit_is_exact_however_it_is_cut(delimiter: bytes) -> None:
    message = b"x" * 5
    data = message + delimiter
    for place in range(len(data)):
        framer = LineFramer(delimiter, 5)
        assert framer.feed(data[:place]) + framer.feed(data[place:]) == [message]
        with pytest.raises(ReplyError, match="more than 4 bytes"):
            LineFramer(delimiter, 4).feed(data)


def test_64_kib_and_one_byte_without_a_newline() -> None:
    framer = LineFramer()
    assert framer.feed(b"x" * MAX_MESSAGE) == []
    with pytest.raises(ReplyError, match="a message of more than 65536 bytes"):
        framer.feed(b"x")


@given(st.lists(st.binary()))
def test_nothing_but_reply_errors(pieces: list[bytes]) -> None:
    framer = LineFramer(limit=10)
    for piece in pieces:
        try:
            messages = framer.feed(piece)
        except ReplyError:
            return
        assert all(len(m) <= 10 and b"\n" not in m for m in messages)
