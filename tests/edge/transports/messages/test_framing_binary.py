"""Binary framing: every split, every order, every garbage."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from hypothesis import example, given, strategies as st
import pytest

from lan_edge import ArgumentError, EscapedFramer, FixedFramer, Framer, LengthFramer, ReplyError

LIMIT = 40
HDLC = partial(EscapedFramer, b"\x7e", b"\x7d", mask=0x20, both_ends=True)
SLIP = partial(EscapedFramer, b"\xc0", b"\xdb", codes={0xC0: 0xDC, 0xDB: 0xDD})
PLAIN = partial(EscapedFramer, b"\n", b"\\")
TUYA = partial(LengthFramer, 4, start=b"\x00\x00\x55\xaa", header=8)
ODD = partial(LengthFramer, 2, "little", start=b"#", header=3, inclusive=True, extra=-1)

type Maker = Callable[..., Framer]

lengths: st.SearchStrategy[Maker] = st.builds(
    lambda *a: partial(LengthFramer, a[0], a[1], start=a[2], header=a[3], inclusive=a[4]),
    st.sampled_from([1, 2, 3, 4, 8]),
    st.sampled_from(["big", "little"]),
    st.binary(max_size=3),
    st.integers(0, 3),
    st.booleans(),
)
escapes: st.SearchStrategy[Maker] = st.sampled_from([HDLC, SLIP, PLAIN])
SPECIALS = st.sampled_from([*b"\x7e\x7d\xc0\xdb\xdc\xdd\n\\\x5e\x5d", 0, 65])
bodies = st.lists(SPECIALS | st.integers(0, 255), min_size=1, max_size=20).map(bytes)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return `data` in pieces, cut at `places`."""
    ends = sorted({min(place, len(data)) for place in places} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def fed(framer: Framer, pieces: list[bytes]) -> list[bytes]:
    return [message for piece in pieces for message in framer.feed(piece)]


places = st.lists(st.integers(0, 200), max_size=12)


@given(lengths | escapes, st.lists(bodies, max_size=6), places)
def test_wrapped_messages_are_framed_however_they_are_cut(
    make: Maker, messages: list[bytes], at: list[int]
) -> None:
    framer = make(limit=LIMIT)
    messages = [b"abc" + m for m in messages]  # a header is always there
    wire = b"".join(framer.wrap(m) for m in messages)
    assert fed(framer, cut(wire, at)) == messages
    assert fed(make(limit=LIMIT), [wire[i : i + 1] for i in range(len(wire))]) == messages


@given(st.integers(1, 9), st.lists(st.binary(min_size=1, max_size=1), max_size=60), places)
def test_fixed_messages_come_out_however_they_are_cut(
    size: int, data: list[bytes], at: list[int]
) -> None:
    wire = b"".join(data)
    whole = [wire[i : i + size] for i in range(0, len(wire) - size + 1, size)]
    assert fed(FixedFramer(size), cut(wire, at)) == whole
    assert all(FixedFramer(size).wrap(m) == m for m in whole)


def outcome(framer: Framer, pieces: list[bytes]) -> bool:
    """Tell whether the framer refuses what is fed, and check its bounds on the way."""
    try:
        for piece in pieces:
            messages = framer.feed(piece)
            assert all(len(m) <= LIMIT for m in messages)
            assert len(kept(framer)) <= LIMIT + 20
    except ReplyError:
        return True
    return False


def kept(framer: Framer) -> bytes:
    return bytes(vars(framer)["_rest"]) + bytes(vars(framer).get("_message", b""))


@given(lengths | escapes, st.binary(max_size=200) | st.lists(SPECIALS).map(bytes), places)
@example(HDLC, b"\x7d\x7e", [1])
@example(SLIP, b"\xdb\x00", [])
@example(ODD, b"#abc\xff\xff", [])
def test_garbage_is_refused_or_cut_the_same_however_it_comes(
    make: Maker, data: bytes, at: list[int]
) -> None:
    refused = outcome(make(limit=LIMIT), cut(data, at))
    assert refused is outcome(make(limit=LIMIT), [data])
    if not refused:
        assert fed(make(limit=LIMIT), cut(data, at)) == make(limit=LIMIT).feed(data)


@pytest.mark.parametrize(
    ("make", "message", "wire"),
    [
        (LengthFramer, b"hi", b"\0\0\0\2hi"),
        (partial(LengthFramer, 1), b"hi", b"\2hi"),
        (partial(LengthFramer, 2, "little"), b"hi", b"\2\0hi"),
        (partial(LengthFramer, 8), b"", b"\0" * 8),
        (partial(LengthFramer, 2, inclusive=True), b"hi", b"\0\4hi"),
        (partial(LengthFramer, 2, extra=8), b"hi", b"\0\x0ahi"),
        (TUYA, b"\0\0\0\1\0\0\0\x0dxyz", b"\0\0\x55\xaa\0\0\0\1\0\0\0\x0d\0\0\0\3xyz"),
        (ODD, b"abcd", b"#abc\x06\0d"),
        (HDLC, b"a\x7eb\x7dc", b"\x7ea\x7d\x5eb\x7d\x5dc\x7e"),
        (SLIP, b"a\xc0b\xdbc", b"a\xdb\xdcb\xdb\xddc\xc0"),
        (PLAIN, b"a\nb\\", b"a\\\nb\\\\\n"),
        (partial(FixedFramer, 3), b"abc", b"abc"),
    ],
)
def test_on_the_wire(make: Maker, message: bytes, wire: bytes) -> None:
    assert make().wrap(message) == wire
    assert make().feed(wire) == [message]


def test_hdlc_takes_any_escaped_byte() -> None:
    assert HDLC().feed(b"\x7e\x7d\x31a\x7e\x7e") == [b"\x11a"]


@pytest.mark.parametrize(
    ("make", "wire", "words"),
    [
        (partial(LengthFramer, 2, limit=9), b"\0\x0a", "more than 9"),
        (partial(LengthFramer, 2, header=8, limit=9), b"\0" * 9 + b"\2", "more than 9"),
        (partial(LengthFramer, 2, inclusive=True), b"\0\1", "shorter"),
        (TUYA, b"\0\1", "begin"),
        (partial(PLAIN, limit=3), b"abcd", "more than 3"),
        (partial(PLAIN, limit=3), b"abc\\\n", "more than 3"),
        (SLIP, b"\xdb\xc0", "escape"),
    ],
)
def test_refused_as_soon_as_it_is_known(make: Maker, wire: bytes, words: str) -> None:
    with pytest.raises(ReplyError, match=words):
        make().feed(wire)


@pytest.mark.parametrize("order", ["big", "little"])
def test_as_large_as_allowed(order: Literal["big", "little"]) -> None:
    assert LengthFramer(2, order, limit=9).feed(LengthFramer(2, order).wrap(b"x" * 9))
    assert PLAIN(limit=9).feed(b"x" * 9 + b"\n") == [b"x" * 9]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (partial(LengthFramer, 1), b"x" * 256),
        (partial(LengthFramer, 1, extra=-1), b""),
        (partial(LengthFramer, 1, header=2), b"x"),
        (partial(FixedFramer, 2), b"x"),
    ],
)
def test_what_cannot_be_sent(make: Maker, message: bytes) -> None:
    with pytest.raises(ArgumentError):
        make().wrap(message)
