"""Values made of an attribute's type, where it is unambiguous what is meant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import Range, ReplyError, schema_of
from lan_edge.declarative.reading.fitted import fitted
from lan_edge.declarative.reading.received import MISSING


class Mode(StrEnum):
    HEAT = "heat"
    FAN_ONLY = "fanOnly"


@dataclass(frozen=True)
class Color:
    hue: float
    saturation: float


PERCENT = Annotated[int, Range(0, 100)]


@pytest.mark.parametrize(
    ("value", "annotation", "result"),
    [
        (1, bool, True),
        (0.0, bool, False),
        ("ON", bool, True),
        ("false", bool, False),
        (" no ", bool, False),
        (49.8, PERCENT, 50),
        ("49.5", PERCENT, 50),
        ("42", float, 42.0),
        (7, float, 7.0),
        (7, str, "7"),
        (7.0, str, "7"),
        (True, str, "true"),
        ("HEAT", Mode, Mode.HEAT),
        ("fanonly", Mode, Mode.FAN_ONLY),
        (["heat"], tuple[Mode, ...], (Mode.HEAT,)),
        ({"hue": "5", "saturation": 6, "more": 1}, Color, Color(5.0, 6.0)),
        (None, bool, None),
        (MISSING, bool, None),
    ],
)
def test_what_is_unambiguous(value: object, annotation: Any, result: object) -> None:
    made = fitted(value, schema_of(annotation))
    assert (made, type(made)) == (result, type(result))


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (2, bool),
        ("maybe", bool),
        ([], bool),
        (True, PERCENT),
        (101, PERCENT),
        ("x", float),
        ("nan", float),
        ({}, str),
        ("cool", Mode),
        (1, Mode),
        ("heat", tuple[Mode, ...]),
        ({"hue": 5}, Color),
        (5, Color),
        ("x" * 2000, str),
        ("\ud800", str),
    ],
)
def test_what_is_not(value: object, annotation: Any) -> None:
    with pytest.raises(ReplyError, match=r"relay\.on"):
        fitted(value, schema_of(annotation), "relay.on")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(anything, st.sampled_from([bool, PERCENT, float, str, Mode, Color, tuple[int, ...]]))
def test_never_a_wrong_value(value: Any, annotation: Any) -> None:
    schema = schema_of(annotation)
    try:
        made = fitted(value, schema)
    except ReplyError:
        return
    assert made is None or schema.check(made) == made
