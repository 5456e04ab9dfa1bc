"""Frames with lengths of variable size, and the numbers themselves."""

from collections.abc import Callable
from functools import partial

from hypothesis import given, strategies as st
import pytest

from lan_edge import ArgumentError, ReplyError, VarintFramer, read_varint, varint

from .test_framing import cut

FRAMERS: dict[str, Callable[..., VarintFramer]] = {
    "protobuf": VarintFramer,
    "esphome": partial(VarintFramer, start=b"\0", header=1),
    "two": partial(VarintFramer, start=b"##", header=2),
}


@pytest.mark.parametrize("name", FRAMERS)
@given(
    st.lists(st.tuples(st.integers(0, 2**32), st.binary(max_size=300)), max_size=5),
    st.lists(st.integers(0, 1500)),
)
def test_any_cut_gives_the_same_messages(
    name: str, parts: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    framer = FRAMERS[name]()
    headers = {"protobuf": 0, "esphome": 1, "two": 2}[name]
    messages = [varint(number) * headers + body for number, body in parts]
    data = b"".join(map(framer.wrap, messages))
    assert [m for piece in cut(data, cuts) for m in framer.feed(piece)] == messages


def test_esphomes_plain_frames() -> None:
    """HelloRequest and its answer, as in the documentation of ESPHome's native API."""
    framer = FRAMERS["esphome"]()
    assert framer.wrap(b"\x01\x0a\x04test") == b"\x00\x06\x01\x0a\x04test"
    assert framer.feed(b"\x00\x02\x02\x08\x01\x00\x00\x07") == [b"\x02\x08\x01", b"\x07"]


@pytest.mark.parametrize(
    ("number", "data"),
    [(0, b"\0"), (1, b"\1"), (127, b"\x7f"), (128, b"\x80\1"), (300, b"\xac\2")],
)
def test_numbers(number: int, data: bytes) -> None:
    assert varint(number) == data
    assert read_varint(b"x" + data + b"y", 1) == (number, 1 + len(data))
    assert read_varint(data[:-1]) is None


def test_a_negative_number() -> None:
    with pytest.raises(ArgumentError, match="negative"):
        varint(-1)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("protobuf", b"\x80" * 5, "a number of more than 5 bytes"),
        ("protobuf", b"\x0b" + b"x" * 11, "a message of more than 10 bytes"),
        ("protobuf", b"\xff\xff\xff\xff\x7f", "a message of more than 10 bytes"),
        ("esphome", b"\0\x0a\1", "a message of more than 10 bytes"),
        ("esphome", b"\0\1\x80\x80\x80\x80\x80", "a number of more than 5 bytes"),
        ("esphome", b"\1", "does not begin with"),
    ],
)
def test_what_is_refused_however_it_is_cut(name: str, data: bytes, words: str) -> None:
    for at in range(len(data)):
        with pytest.raises(ReplyError, match=words):
            fed(FRAMERS[name](limit=10), data[:at], data[at:])


def fed(framer: VarintFramer, *pieces: bytes) -> list[bytes]:
    return [message for piece in pieces for message in framer.feed(piece)]


def test_the_limit_is_exact() -> None:
    assert FRAMERS["esphome"](limit=10).feed(b"\0\x09\x01abcdefghi") == [b"\x01abcdefghi"]


def test_a_message_without_its_header() -> None:
    with pytest.raises(ArgumentError, match="shorter than its header"):
        FRAMERS["two"]().wrap(b"\1")
