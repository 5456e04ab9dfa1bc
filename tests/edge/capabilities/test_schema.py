"""The values that fit an annotation."""

from dataclasses import dataclass, field
from enum import StrEnum
import math
from typing import Annotated, Any, override

from hypothesis import given, strategies as st
import pytest

from lan_edge import DriverError, Range, Schema, schema_of
from lan_edge.capabilities.schema import MAX_BYTES, MAX_ITEMS, MAX_NUMBER, MAX_TEXT, short

type Percentage = Annotated[int, Range(0, 100)]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Song:
    title: str
    length: Annotated[float, Range(0, 3600)] = 0
    artist: str | None = None
    colours: tuple[Colour, ...] = ()
    live: bool = False


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass
class Loose:
    title: str


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (bool, [True, False], [0, 1, "on", None]),
        (int, [0, -5, int(MAX_NUMBER)], [True, 1.0, "1", None, int(MAX_NUMBER) + 1]),
        (float, [0.0, -1e15], [True, math.nan, math.inf, 1.1e15, "1", None]),
        (str, ["", "x" * MAX_TEXT, "é\U0001f600"], ["x" * (MAX_TEXT + 1), b"x", 1, None, "\udcff"]),
        (bytes, [b"", bytes(MAX_BYTES)], [bytes(MAX_BYTES + 1), "x", [1], None]),
        (Annotated[bytes, Range(1, 2)], [b"a", b"ab"], [b"", b"abc"]),
        (Annotated[str, Range(1, 2)], ["a", "ab"], ["", "abc"]),
        (Annotated[int, "a note", Range(1, 2)], [1, 2], [0, 3]),
        (Percentage, [0, 100], [-1, 101, True]),
        (Percentage | None, [None, 0, 100], [-1, "x"]),
        (Annotated[int, Range(1, 2)] | None, [None, 1], [0]),
        (Annotated[int | None, Range(1, 2)], [None, 1], [0]),
        (Colour, [Colour.RED], ["green", 1, None, []]),
        (tuple[Percentage, ...], [(), (1, 2)], [(101,), "12", (None,), (1,) * (MAX_ITEMS + 1)]),
        (tuple[int, int], [(1, 2)], [(1,), (1, 2, 3), (True, 1)]),
        (tuple[bytes, ...], [(b"a",)], [("a",)]),
        (Song, [Song("a"), Song("a", 1.5, "b", (Colour.RED,), live=True)], ["a", {}, None]),
        (tuple[Song, ...], [(Song("a"), Song("b"))], [(Song("a"), "b"), Song("a")]),
        (Nothing, [Nothing()], [Song("a"), None]),
    ],
)
def test_values_that_fit(annotation: object, good: list[object], bad: list[object]) -> None:
    schema = schema_of(annotation)
    for value in good:
        assert schema.check(value) == value
    for value in bad:
        with pytest.raises(ValueError, match=r"not|has|outside|less than|more than"):
            schema.check(value)


@pytest.mark.parametrize(
    ("song", "message"),
    [
        (Song("x" * (MAX_TEXT + 1)), "title: 'xxx"),
        (Song("x", -1), "length: -1.0 is outside the range 0 to 3600"),
        (Song("a", math.nan), "length: nan is not a number"),
        (Song("a", 3601), "length: 3601.0 is outside the range 0 to 3600"),
        (Song(None), "title: None is not text"),  # type: ignore[arg-type]
        (Song("a", artist=5), "artist: 5 is not text"),  # type: ignore[arg-type]
        (Song("a", live=1), "live: 1 is not true or false"),  # type: ignore[arg-type]
        (Song("a", colours=("green",)), "colours: 'green' is not one of"),  # type: ignore[arg-type]
    ],
)
def test_each_field_of_an_object_is_checked(song: Song, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        schema_of(Song).check(song)


def test_an_object_is_converted_by_its_fields() -> None:
    loose: Any = Song("a", 5, colours=["red"])  # type: ignore[arg-type]
    checked = schema_of(Song).check(loose)
    assert checked == Song("a", 5.0, colours=(Colour.RED,))
    assert (type(checked.length), type(checked.colours)) == (float, tuple)


def test_limits_apply_where_a_value_has_none_of_its_own() -> None:
    schema = schema_of(tuple[int, ...], Range(1, 5))
    assert schema.item == Schema(int, Range(1, 5))
    assert schema_of(Annotated[int, Range(0, 1)], Range(1, 5)).limits == Range(0, 1)
    assert schema_of(Song, Range(1, 5)).fields["length"].limits == Range(0, 3600)
    assert hash(schema_of(Song)) == hash(schema_of(Song))


@dataclass(frozen=True)
class Holder:
    what: dict[str, int] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        (dict, "is not a supported type"),
        (list[int], "is not a supported type"),
        (object, "is not a supported type"),
        (None, "is not a supported type"),
        ("int", "is not a supported type"),
        (int | str, "is not a supported type"),
        (int | str | None, "more than one type"),
        (tuple[int, str], "values of more than one type"),
        (Loose, "the dataclass Loose is not frozen"),
        (Holder, "is not a supported type"),
    ],
)
def test_an_unsupported_annotation_is_refused(annotation: object, message: str) -> None:
    with pytest.raises(DriverError, match=message):
        schema_of(annotation)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.builds(Song, inner, inner, inner),
        max_leaves=6,
    ),
    st.sampled_from(
        [bool, int, float, str, bytes, Colour, Song, tuple[Song, ...], Percentage | None]
    ),
)
def test_a_checked_value_fits_again(value: object, annotation: object) -> None:
    schema = schema_of(annotation)
    try:
        checked = schema.check(value)
    except ValueError:
        return
    assert checked is None or type(checked) is schema.type
    assert schema.check(checked) == checked


class Counted:
    """Counts how often it is shown."""

    shown = 0

    @override
    def __repr__(self) -> str:
        Counted.shown += 1
        return "it"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([Counted()] * 100_000, id="list"),
        pytest.param((Counted(),) * 100_000, id="tuple"),
        pytest.param([[Counted()] * 100_000] * 100, id="lists"),
        pytest.param({"a": [Counted()] * 100_000}, id="object"),
    ],
)
def test_of_a_large_value_only_the_beginning_is_looked_at(value: object) -> None:
    Counted.shown = 0
    assert 1 < len(short(value)) <= 60
    assert Counted.shown <= 20


@dataclass
class Many:
    """Has a long repr."""

    text: str = "x" * 100


def test_of_an_object_its_class_is_shown() -> None:
    assert short(object()) == "object(...)"
    assert short((Many(),)) == "(Many(...),)"
    assert short(len) == "len"
    assert short(lambda: None) == "a function"
    assert short(Counted()) == "it"


@pytest.mark.parametrize("value", ["x" * 1_000_000, b"x" * 1_000_000, 10**200, [1, "a"], {"a": 1}])
def test_values_as_they_are_shown(value: object) -> None:
    whole = repr(value)
    assert short(value) == whole if len(whole) <= 60 else short(value)[:20] == whole[:20]
    assert len(short(value)) <= 60
