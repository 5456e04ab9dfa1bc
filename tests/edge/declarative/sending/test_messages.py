"""Lines, JSON messages, calls and bytes: what is sent, and what values cannot do in it."""

from enum import StrEnum
import struct
from typing import Any

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge import ArgumentError
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.sending import Sending
from lan_edge.declarative.sending.building import build, builder_of
from lan_edge.declarative.sending.ready import ReadyBytes, ReadyCall, ReadyJson, ReadyText
from lan_edge.network.text import is_sendable


class Mode(StrEnum):
    HEAT = "heat"


def line(text: str, **values: Any) -> str:
    ready = build(Sending(line=text), values)
    assert isinstance(ready, ReadyText)
    return ready.text


def data(text: str, **values: Any) -> bytes:
    ready = build(Sending(data=text), values)
    assert isinstance(ready, ReadyBytes)
    return ready.data


@pytest.mark.parametrize(
    ("text", "value", "sent"),
    [
        ("VOL{x:03d}", 7, "VOL007"),
        ("MODE {x}", Mode.HEAT, "MODE heat"),
        ("SHOW {x}", "a b", "SHOW a b"),
        ('SAY "{x}"', "a b", 'SAY "a b"'),
        ("{{{x}}}", "a", "{a}"),
        ("<a>{x}</a>", "<&", "<a>&lt;&amp;</a>"),
        ('{{"a": {x}, "b": "{x}"}}', 'q"', '{"a": "q\\"", "b": "q\\""}'),
        ('{{"a": {x}}}', Mode.HEAT, '{"a": "heat"}'),
        ('{{"a": {x}}}', True, '{"a": true}'),
        ("plain\ttext", None, "plain\ttext"),
        ("< SET {x} >", '"', '< SET " >'),
        ("[VOL {x}]", "a", "[VOL a]"),
        ("<?xml version='1.0'?>{x}", "<", "<?xml version='1.0'?>&lt;"),
    ],
)
def test_lines(text: str, value: object, sent: str) -> None:
    assert line(text, x=value) == sent


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("VOL{x}", "1\r\nPWROFF", "x has a line break"),
        ("VOL{x}", "1\0", "line break or another control"),
        ("VOL{x}", None, "x is missing"),
        ('SAY "{x}"', '" OFF "', "stands in quotes"),
        ('SAY "{x}"', "\\", "stands in quotes"),
        ('PLAY "http://a/{x}"', 'b" OFF "', "stands in quotes"),
        ("<a>{x}</a>", "\n", "control character"),
    ],
)
def test_what_cannot_be_in_a_line(text: str, value: object, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        line(text, x=value)


@given(st.text(max_size=20) | st.sampled_from(["\r\n", "\0", "\x7f", "\ud800"]))
def test_no_injection_into_lines(value: str) -> None:
    try:
        sent = line("SET {x} now", x=value)
    except ArgumentError:
        assert not is_sendable(value)
    else:
        assert sent == f"SET {value} now"
        assert is_sendable(sent)


def test_messages_and_calls() -> None:
    assert build(Sending(message={"on": "{on}", "n": [1]}), {"on": False}) == ReadyJson(
        message={"on": False, "n": [1]}
    )
    by_name = Sending(call="set", params={"level": "{x}", "fade": "{rate}"})
    assert build(by_name, {"x": 5}) == ReadyCall(method="set", params={"level": 5})
    by_position = Sending(call="set", params=["{x}", "smooth"])
    assert build(by_position, {"x": 5}) == ReadyCall(
        method="set", positions=(5, "smooth"), params={}
    )
    assert build(Sending(call="get"), {}) == ReadyCall(method="get", params={})


@pytest.mark.parametrize(
    ("text", "value", "sent"),
    [
        ("55 AA {x:u8}", 7, "55aa07"),
        ("55AA{x:u16be}0d", 258, "55aa01020d"),
        ("{x:i16le}", -2, "feff"),
        ("{x:u8}", 49.5, "32"),
        ("{x:u8}", True, "01"),
        ("{x:f32be}", 42, "42280000"),
        ("{x:ascii} 00", "key", "6b657900"),
        ("{x:hex} 00", "0A ff", "0aff00"),
        ("55 aa", None, "55aa"),
    ],
)
def test_bytes(text: str, value: object, sent: str) -> None:
    assert data(text, x=value).hex() == sent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{x:u8}", 256),
        ("{x:u8}", -1),
        ("{x:i8}", 128),
        ("{x:u8}", "7"),
        ("{x:u8}", None),
        ("{x:f32be}", 1e39),
        ("{x:ascii}", "é"),
        ("{x:ascii}", "a\0"),
        ("{x:hex}", "0"),
    ],
)
def test_what_bytes_cannot_hold(text: str, value: object) -> None:
    with pytest.raises(ArgumentError, match="x is"):
        data(text, x=value)


@given(st.integers(-(2**33), 2**33))
def test_bytes_hold_a_number_or_refuse_it(value: int) -> None:
    for spec, form in (("u8", "B"), ("i16be", ">h"), ("u32le", "<I")):
        try:
            sent = data(f"01 {{x:{spec}}} 02", x=value)
        except ArgumentError:
            continue
        assert struct.unpack(form, sent[1:-1]) == (value,)
        assert (sent[:1], sent[-1:]) == (b"\x01", b"\x02")


@pytest.mark.parametrize(
    ("sending", "path", "words"),
    [
        (Sending(line="a\nb"), ("line",), "line break"),
        (Sending(line="{x:u8}"), ("line",), "formats of a text"),
        (Sending(line="a } b"), ("line",), "no placeholder"),
        (Sending(line="{x y}"), ("line",), "no placeholder"),
        (Sending(data="5"), ("bytes",), "pairs of hexadecimal"),
        (Sending(data="zz"), ("bytes",), "pairs of hexadecimal"),
        (Sending(data="{x}"), ("bytes",), "without the type"),
        (Sending(data="{x:03d}"), ("bytes",), "without the type"),
        (Sending(call="a", params="x"), ("params",), "neither"),
        (Sending(message={"a": object()}), ("message", "a"), "type object"),
        (Sending(message={"a": 1e300}), ("message", "a"), "not a number"),
        (Sending(message={"a": float("nan")}), ("message", "a"), "not a number"),
        (Sending(message=["\ud800"]), ("message", 0), "not valid text"),
        (Sending(line="a", data="00"), ("bytes",), "beside line"),
    ],
)
def test_faults(sending: Sending, path: tuple[str, ...], words: str) -> None:
    with pytest.raises(DescriptionError, match=words) as caught:
        builder_of(sending)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_json_is_not_nested_without_end() -> None:
    value: Any = "x"
    for _ in range(200):
        value = [value]
    with pytest.raises(DescriptionError, match="16 deep"):
        builder_of(Sending(message=value))


def test_secrets_are_marked_as_they_stand_in_the_message() -> None:
    secrets = frozenset({"key"})
    values = {"key": 'a"b', "x": 1}
    assert build(Sending(line="LOGIN {key} {x}"), values, secrets).secret == 'a"b'
    ready = build(Sending(message={"k": "{key}", "x": "{x}"}), values, secrets)
    assert isinstance(ready, ReadyJson)
    assert ready.secret == 'a\\"b'
    assert ready.secret in orjson.dumps(ready.message).decode()
    assert build(Sending(data="{key:ascii}"), {"key": "ab"}, secrets).secret == b"ab"
    assert build(Sending(line="{x}"), values, secrets).secret is False


texts = st.text(max_size=20) | st.lists(
    st.sampled_from(["{", "}", "{x}", "{x:03d}", "<a", '"', ">", "/", "55", "?", "\\", "\n", ":"]),
    max_size=8,
).map("".join)
anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)


@given(
    st.one_of(
        st.builds(Sending, line=texts),
        st.builds(Sending, data=texts),
        st.builds(Sending, message=st.lists(texts, max_size=3)),
        st.builds(Sending, method=st.just("GET"), path=texts.map("/{}".format)),
    ),
    anything,
)
def test_any_text_is_a_fault_or_a_request(sending: Sending, value: object) -> None:
    try:
        builder = builder_of(sending)
    except DescriptionError:
        return
    try:
        ready = builder.build({"x": value})
    except ArgumentError:
        return
    if isinstance(ready, ReadyText):
        assert "\n" not in ready.text
