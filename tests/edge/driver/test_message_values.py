"""Reading values from the messages of devices, and the errors for wrong values."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
import math
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Json,
    ReplyError,
    id_at,
    int_at,
    list_at,
    number,
    object_at,
    objects_at,
    optional_object,
    pairs_in,
    scaled,
    text_at,
    value_at,
    word_of,
    words_in,
)

MESSAGE: Json = {
    "system": {"info": {"mac": "a8", "state": None, "list": [{"id": 1}, 2, None, {"id": 3}]}},
    "empty": {},
    "none": None,
    "number": 5,
    "list": [1],
}
NOT_OBJECTS: list[object] = [None, 5, 1.5, True, "text", b"bytes", [], [{"a": 1}], ({},), object()]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


# objects


def test_an_object_is_found_by_its_path() -> None:
    assert object_at(MESSAGE) is MESSAGE
    assert object_at(MESSAGE, "empty") == {}
    assert object_at(MESSAGE, "system", "info")["mac"] == "a8"
    assert object_at(OrderedDict(a={"b": 1}), "a") == {"b": 1}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (("other",), "other is missing"),
        (("none",), "none is missing"),
        (("system", "other", "more"), r"system\.other is missing"),
        (("system", "info", "state"), r"system\.info\.state is missing"),
        (("number",), "number is not an object"),
        (("number", "more"), r"number\.more is missing"),
        (("list", "0"), r"list\.0 is missing"),
        (("system", "info", "list"), r"system\.info\.list is not an object"),
    ],
)
def test_a_missing_object(path: tuple[str, ...], error: str) -> None:
    with pytest.raises(ReplyError, match=f"^{error}$"):
        object_at(MESSAGE, *path)
    assert optional_object(MESSAGE, *path) == {}


@pytest.mark.parametrize("message", NOT_OBJECTS)
def test_a_message_that_is_not_an_object(message: object) -> None:
    with pytest.raises(ReplyError, match=r"^the message is not an object$"):
        object_at(message)
    with pytest.raises(ReplyError, match=r"^a is missing$"):
        object_at(message, "a", "b")
    assert optional_object(message) == optional_object(message, "a", "b") == {}


def test_an_optional_object_that_exists() -> None:
    assert optional_object(MESSAGE) is MESSAGE
    assert optional_object(MESSAGE, "system", "info")["mac"] == "a8"


# lists


def test_a_list_is_found_by_its_path() -> None:
    assert list_at([1, "a"]) == [1, "a"]
    assert list_at(MESSAGE, "list") == [1]
    assert list_at(MESSAGE, "system", "info", "list")[1] == 2
    assert objects_at(MESSAGE, "system", "info", "list") == [{"id": 1}, {"id": 3}]
    assert objects_at([5, {"a": 1}, []]) == [{"a": 1}]
    assert objects_at(MESSAGE, "list") == objects_at([]) == []


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (("other",), "other is not a list"),
        (("none",), "none is not a list"),
        (("number",), "number is not a list"),
        (("empty",), "empty is not a list"),
        (("system", "info", "mac"), r"system\.info\.mac is not a list"),
        (("system", "other", "list"), r"system\.other is missing"),
        (("number", "list"), "number is not an object"),
    ],
)
def test_a_missing_list(path: tuple[str, ...], error: str) -> None:
    for read in (list_at, objects_at):
        with pytest.raises(ReplyError, match=f"^{error}$"):
            read(MESSAGE, *path)


@pytest.mark.parametrize("message", [None, 5, True, "text", b"bytes", {}, (1,), object()])
def test_a_message_that_is_not_a_list(message: object) -> None:
    for read in (list_at, objects_at):
        with pytest.raises(ReplyError, match=r"^the message is not a list$"):
            read(message)


# texts


def test_a_text_or_its_default() -> None:
    message = {"name": "Lamp", "empty": "", "none": None, "number": 5, "bytes": b"x", "list": ["x"]}
    assert text_at(message, "name") == "Lamp"
    assert text_at(message, "empty", "default") == ""
    for key in ("none", "number", "bytes", "list", "missing"):
        assert text_at(message, key) == ""
        assert text_at(message, key, "default") == "default"


@pytest.mark.parametrize("message", [None, 5, "text", [], object()])
def test_what_is_no_object_has_no_text(message: object) -> None:
    assert text_at(message, "name") == ""
    assert value_at(message, "name") is None


# whole numbers


def test_a_whole_number_or_its_default() -> None:
    message = {"count": 7, "flag": True, "none": None, "part": 7.5, "text": "7", "list": [7]}
    assert int_at(message, "count") == 7
    for key in ("flag", "none", "part", "text", "list", "missing"):
        assert int_at(message, key) == 0
        assert int_at(message, key, 4) == 4


# ids


@pytest.mark.parametrize(("value", "expected"), [("a1", "a1"), (0, "0"), (12345, "12345")])
def test_an_id(value: object, expected: str) -> None:
    assert id_at({"id": value}, "id") == expected
    assert id_at({"info": {"id": value}}, "info", "id") == expected


@pytest.mark.parametrize("value", [None, "", True, 1.5, [], {}, b"x"])
def test_what_is_no_id(value: object) -> None:
    """Above all no device has the id "None"."""
    with pytest.raises(ReplyError, match=r"^id is .*, not an id$"):
        id_at({"id": value}, "id")


@pytest.mark.parametrize("message", [None, [], {}, {"info": None}])
def test_a_missing_id(message: object) -> None:
    with pytest.raises(ReplyError):
        id_at(message, "info", "id")


# values that are made of fields


def test_a_value_that_is_made_of_a_field() -> None:
    message = {"milliwatts": 1500, "none": None, "text": "x"}
    assert value_at(message, "text") == "x"
    assert value_at(message, "milliwatts", lambda value: value / 1000) == 1.5
    assert value_at(message, "none", lambda value: value / 1000) is None
    assert value_at(message, "missing", lambda value: value / 1000) is None


@pytest.mark.parametrize(
    ("value", "convert"),
    [
        ("x", lambda value: value / 1000),
        ([], lambda value: value["power"]),
        ({}, lambda value: value["power"]),
        (0, lambda value: 1 / value),
        (5, lambda value: value.split("|")),
        ("5 W", float),
    ],
)
def test_a_field_of_which_no_value_can_be_made(value: Any, convert: Callable[[Any], Any]) -> None:
    with pytest.raises(ReplyError, match=r"^field is .*, which is not expected$"):
        value_at({"field": value}, "field", convert)


# numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), (0, 0), (-2.5, -2.5), ("7", 7), ("7.25", 7.25), (" -1e3 ", -1000), ("0", 0)],
)
def test_a_number_in_any_notation(value: object, expected: float) -> None:
    result = number(value)
    assert result == expected
    assert type(result) is float


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, [], [5], {}, b"5", object()),
        *("", "five", "5 C", "0x10", "1,5", "9" * 500),
        *("nan", "inf", "-Infinity", "1e400", math.nan, math.inf, -math.inf, 10**400),
    ],
)
def test_the_error_names_a_value_that_is_not_a_number(value: object) -> None:
    with pytest.raises(ReplyError, match=r"^heattemp is .*, not a number$") as caught:
        number(value, "heattemp")
    assert len(str(caught.value)) < 80
    with pytest.raises(ReplyError, match=r"^the value is "):
        number(value)


@pytest.mark.parametrize("value", [0, 255, "127.5"])
def test_a_number_within_its_limits(value: object) -> None:
    assert number(value, "r", 0, 255) == float(str(value))


@pytest.mark.parametrize("value", [-0.1, 256, "1e9"])
def test_the_error_names_a_number_beyond_its_limits(value: object) -> None:
    with pytest.raises(ReplyError, match=r"^r is .*, outside the range 0 to 255$"):
        number(value, "r", 0, 255)


def test_the_error_names_the_only_limit() -> None:
    with pytest.raises(ReplyError, match=r"^watts is -1, less than 0$"):
        number(-1, "watts", minimum=0)
    with pytest.raises(ReplyError, match=r"^rssi is 3, more than 0$"):
        number(3, "rssi", maximum=0)


# words


def test_a_number_of_units() -> None:
    assert scaled(0.1)(215) == 21.5
    assert scaled(0.001)("1234") == 1.234
    assert scaled(1 / 3, 1)(1) == 0.3
    with pytest.raises(ReplyError, match="not a number"):
        scaled(0.1)(None)


def test_a_word_by_its_key_or_its_index() -> None:
    assert word_of({"ON": True, "OFF": False}, "OFF") is False
    assert word_of({1: "heat", 2: "cool"}, 2) == "cool"
    assert word_of(("off", "heat", "cool"), 1) == "heat"
    assert word_of(["off", "heat"], 0) == "off"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ({"on": 1}, "ON"),
        ({"on": 1}, None),
        ({"on": 1}, ["on"]),
        ({"on": 1}, {"on": 1}),
        ({1: "heat"}, True),
        ({1: "heat"}, 1.0),
        ({1: "heat"}, "1"),
        (("off", "heat"), 2),
        (("off", "heat"), -1),
        (("off", "heat"), True),
        (("off", "heat"), 1.0),
        (("off", "heat"), "1"),
        (("off", "heat"), "off"),
        (("off", "heat"), None),
        ((), 0),
    ],
)
def test_the_error_names_a_value_without_a_word(words: Any, value: object) -> None:
    with pytest.raises(ReplyError, match=r"^mode is ") as caught:
        word_of(words, value, "mode")
    assert str(caught.value) == f"mode is {value!r}, which is not a known value"
    with pytest.raises(ReplyError, match=r"^the value is "):
        word_of(words, value)


# any message


@given(anything, st.lists(st.text(max_size=3), max_size=3))
def test_nothing_but_a_reply_error_is_raised(message: object, path: list[str]) -> None:
    assert isinstance(optional_object(message, *path), dict)
    for read, kind in ((object_at, dict), (list_at, list), (objects_at, list)):
        with suppress(ReplyError):
            assert isinstance(read(message, *path), kind)
    with suppress(ReplyError):
        assert math.isfinite(number(message))
    with suppress(ReplyError):
        assert word_of(("a", "b"), message) in {"a", "b"}
    with suppress(ReplyError):
        assert word_of({"a": 1}, message) == 1


# lines


def test_pairs_in_lines() -> None:
    lines = ["volume: 50", "Title: a: b", " state :play ", "OK", "Artist: X", "Artist: Y", "empty:"]
    assert pairs_in(lines) == {
        "volume": "50",
        "Title": "a: b",
        "state": "play",
        "Artist": "Y",
        "empty": "",
    }
    assert pairs_in(["a=1", "b==2"], "=") == {"a": "1", "b": "=2"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('VAR office ups.mfr "The Power Co"', ["VAR", "office", "ups.mfr", "The Power Co"]),
        (r'a "say \"hi\"" "C:\\"', ["a", 'say "hi"', "C:\\"]),
        ('""', [""]),
        ('open "never closed', ["open", '"never', "closed"]),
        ('in"side', ['in"side']),
        ("  \t ", []),
        ('"a""b"', ["a", "b"]),
        ('"line\nbreak"', ["line\nbreak"]),
    ],
)
def test_words_in_a_line(line: str, words: list[str]) -> None:
    assert words_in(line) == words


@given(st.lists(st.text()))
def test_words_that_are_quoted_come_out_as_they_were(words: list[str]) -> None:
    quoted = [w.replace("\\", r"\\").replace('"', r"\"") for w in words]
    assert words_in(" ".join(f'"{w}"' for w in quoted)) == words
