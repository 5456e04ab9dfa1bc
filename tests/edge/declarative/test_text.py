"""The text of a description as plain values: exactly what stands there, and where."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import read_description
from lan_edge.declarative.places import DescriptionError, Fault
from lan_edge.declarative.text import (
    MAX_NODES,
    MAX_YAML,
    MAX_YAML_DEPTH,
    parsed,
    text_of,
    values_of,
)

from .texts import TEXTS

SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=30)
NUMBERS = st.floats(-1e9, 1e9).map(lambda number: round(number, 6))
VALUES = st.recursive(
    SCALARS | NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
    ),
    max_leaves=20,
)


def faults_of(text: str) -> tuple[Fault, ...]:
    """Return what is wrong in a text."""
    with pytest.raises(DescriptionError) as caught:
        values_of(text)
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("2e3", 2000.0),
        (".5", 0.5),
        ("007", "007"),
        ("1_000", "1_000"),
        ("17:30", "17:30"),
        ("2026-11-29", "2026-11-29"),
        (".inf", ".inf"),
        (".", "."),
        ("e5", "e5"),
        ("E5", "E5"),
        (".E5", ".E5"),
        ("1E5", 1e5),
        ("1.5e-305", 1.5e-305),
        ("1e999", "1e999"),
        ("+", "+"),
        ("~", None),
        ("<<", "<<"),
        ("=", "="),
        ("'12'", "12"),
        ('"\\x00"', "\0"),
        ("9" * 40, "9" * 40),
    ],
)
def test_what_a_value_is(text: str, value: object) -> None:
    values, _ = values_of(f"field: {text}\n")
    assert values == {"field": value}
    assert type(values["field"]) is type(value)


def test_keys_are_the_text_that_stands_there() -> None:
    values, _ = values_of("{on: 1, 1: idle, 007: x, 0x1F: y, 1.50: z, null: n, 2026-01-02: d}")
    assert list(values) == ["on", "1", "007", "0x1F", "1.50", "null", "2026-01-02"]


def test_each_field_has_its_line() -> None:
    _, places = values_of("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\ne: |\n  text\n")
    lines = {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 1): 4, ("b", 1, "c"): 4, ("b", 1, "d"): 5}
    assert {path: places.line(path) for path in lines} == lines
    assert places.line(("e", "gone")) == 6


@pytest.mark.parametrize(
    ("text", "line", "reason", "remedy"),
    [
        ("a: 1\nb: &x 2\n", 2, "has an anchor &x", "write the value itself"),
        ("a: &x 1\nb: *x\n", 1, "has an anchor &x", "write the value itself"),
        ("a: !!python/object:os.system 1\n", 1, "has a tag", "remove it"),
        ("a: ! 1\n", 1, "has a tag !", "remove it"),
        ("a: 1\n---\nb: 2\n", 2, "a second document", "remove it"),
        ("a: 1\nb: 2\na: 3\n", 3, "is already in line 1", "remove one"),
        ("? [a]\n: 1\n", 1, "a key that is no plain text", "write the key as one word"),
        ("a: b: c\n", 1, "mapping values are not allowed", "put a text with a colon in it in quo"),
        ("a:\n\tb: 1\n", 2, "cannot start any token", "indent with spaces"),
        ("a: {b: c[0].d}\n", 1, "did not find expected", "put a text with brackets"),
        ('a: "b\n', 2, "unexpected end of stream", "close the quotes"),
        ('a: "\\d"\n', 1, "unknown escape character", "write a backslash twice"),
        ("a: 1\nb: \x01\n", 2, "control characters are not allowed", "as an escape"),
        ("a: \ud800\n", 1, "characters that are not valid text", ""),
    ],
)
def test_what_is_no_such_text(text: str, line: int, reason: str, remedy: str) -> None:
    fault = faults_of(text)[0]
    assert fault.line == line
    assert reason in fault.reason
    assert remedy in fault.remedy


def test_all_that_is_wrong_is_reported_at_once() -> None:
    found = faults_of("a: &x 1\nb: *x\nc: !!str 2\nc: 3\n")
    assert [fault.line for fault in found] == [1, 2, 3, 4]


def test_a_text_is_bounded() -> None:
    assert values_of("a" * 1000)[0] == "a" * 1000
    assert "too long" in faults_of("a" * (MAX_YAML + 1))[0].reason
    assert "nested" in faults_of("[" * (MAX_YAML_DEPTH + 2))[0].reason
    assert "more than" in faults_of("[" + "1," * MAX_NODES + "]")[0].reason
    depth = MAX_YAML_DEPTH - 1
    assert values_of("[" * depth + "]" * depth)[0]


def test_a_text_that_would_become_large_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [*{name},*{name},*{name},*{name}]\n"
        for name, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert all("anchor" in f.reason or "refers to" in f.reason for f in faults_of(bomb))


@given(st.dictionaries(st.text(max_size=20), VALUES, max_size=5))
def test_what_is_written_is_read_as_it_was(values: dict[str, Any]) -> None:
    assert values_of(text_of(values))[0] == values


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_description_stays_as_it_is(text: str) -> None:
    values, _ = values_of(text)
    written = text_of(values)
    assert values_of(written)[0] == values
    assert list(values_of(written)[0]) == list(values)
    assert text_of(values_of(written)[0]) == written


@given(st.text(max_size=200))
def test_any_text_ends_in_values_or_faults(text: str) -> None:
    _, _, faults = parsed(text)
    assert all(fault.line > 0 and fault.reason for fault in faults)


def test_a_key_without_end_is_cut_where_it_is_told() -> None:
    text = f"description: 1\nid: x\nname: X\ntalks: http\n{'x' * 1000}: 1\ncomponents: {{}}\n"
    with pytest.raises(DescriptionError) as caught:
        read_description(text)
    assert len(str(caught.value)) < 400
    assert "x…" in str(caught.value)
