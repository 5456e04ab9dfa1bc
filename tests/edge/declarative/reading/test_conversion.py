"""Conversions both ways: what a value means, and what is sent for it."""

from typing import Any

from hypothesis import assume, given, strategies as st
import pytest

from lan_edge import ArgumentError, ReplyError
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.reading import Conversion
from lan_edge.declarative.reading.conversion import converter_of
from lan_edge.declarative.reading.inverse import inverse

ON_OFF = Conversion(map={"1": True, "0": False})


def forth(conversion: Conversion, value: Any) -> Any:
    convert = converter_of(conversion)
    return value if convert is None else convert(value, "x")


@pytest.mark.parametrize(
    ("conversion", "raw", "value"),
    [
        (Conversion(scale=0.1), 214, 21.4),
        (Conversion(scale=0.1), "214", 21.4),
        (Conversion(scale=0.1), 0.3, 0.03),
        (Conversion(scale=0.001), 1500, 1.5),
        (Conversion(scale=0.392157, digits=0), 255, 100),
        (Conversion(offset=-273.15), 300, 26.85),
        (Conversion(digits=1), 21.25, 21.3),
        (Conversion(scale=-1), 5, -5),
        (Conversion(invert=True), "off", True),
        (Conversion(invert=True), 1, False),
        (ON_OFF, 1, True),
        (ON_OFF, 1.0, True),
        (ON_OFF, " 0 ", False),
        (Conversion(map={"true": "home"}), True, "home"),
        (Conversion(map={" ": "empty", " x": "full"}), " x", "full"),
        (Conversion(), "x", "x"),
    ],
)
def test_forth(conversion: Conversion, raw: object, value: object) -> None:
    assert forth(conversion, raw) == value


@pytest.mark.parametrize(
    ("conversion", "raw", "words"),
    [
        (Conversion(scale=2), "21 °C", "x is '21 °C', not a number"),
        (Conversion(scale=2), "1,000", "not a number"),
        (Conversion(scale=2), "٣", "not a number"),
        (Conversion(scale=2), True, "not a number"),
        (Conversion(scale=2), [1], "not a number"),
        (Conversion(scale=2), 1e300, "which is too large a number"),
        (Conversion(scale=1e15), 1e10, "which is too large a number"),
        (Conversion(scale=2), "9" * 5000, "not a number"),
        (Conversion(invert=True), "maybe", "not true or false"),
        (ON_OFF, 2, "x is 2, which the map does not have"),
        (ON_OFF, {}, "not a single value"),
    ],
)
def test_what_cannot_be_converted(conversion: Conversion, raw: object, words: str) -> None:
    with pytest.raises(ReplyError, match=words):
        forth(conversion, raw)


@pytest.mark.parametrize(
    ("conversion", "value", "raw"),
    [
        (Conversion(scale=0.1), 21.4, 214),
        (Conversion(scale=0.1), 21.45, 214.5),
        (Conversion(scale=0.392157, digits=0), 50, 127),
        (Conversion(scale=0.392157, digits=0), 100, 255),
        (Conversion(scale=0.392157, digits=0), 0, 0),
        (Conversion(scale=100), 50, 0.5),
        (Conversion(scale=0.555556, offset=-17.7778, digits=1), 21.4, 70.5),
        (Conversion(invert=True), True, False),
        (ON_OFF, True, 1),
        (Conversion(map={"ON": True, "OFF": False}), False, "OFF"),
        (Conversion(map={"01": "a", "1.5": "b", "true": "c"}), "a", "01"),
        (Conversion(map={"01": "a", "1.5": "b", "true": "c"}), "b", 1.5),
        (Conversion(map={"01": "a", "1.5": "b", "true": "c"}), "c", True),
        (Conversion(map={"Off": "off", "OFF": "off", "On": "on"}), "off", "Off"),
        (Conversion(map={"2": True, "1": True, "0": False}), True, 2),
        (Conversion(map={"nan": "a", "inf": "b"}), "a", "nan"),
        (Conversion(map={"nan": "a", "inf": "b"}), "b", "inf"),
        (Conversion(map={"1.0": "a", "1": "b"}), "a", "1.0"),
        (Conversion(map={"9" * 30: "a"}), "a", "9" * 30),
        (Conversion(map={"9" * 400: "a"}), "a", "9" * 400),
        (Conversion(), "x", "x"),
    ],
)
def test_back(conversion: Conversion, value: object, raw: object) -> None:
    sent = inverse(conversion)(value)
    assert (sent, type(sent)) == (raw, type(raw))


def test_back_for_whole_numbers() -> None:
    assert inverse(Conversion(scale=0.392157), whole=True)(50) == 127


@pytest.mark.parametrize(
    ("conversion", "field", "words"),
    [
        (Conversion(template="value"), "template", "no way back"),
        (Conversion(scale=0), "scale", "is 0"),
    ],
)
def test_where_there_is_no_way_back(conversion: Conversion, field: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=words) as caught:
        inverse(conversion)
    assert caught.value.faults[0].path == (field,)


@pytest.mark.parametrize(
    ("conversion", "value"),
    [
        (ON_OFF, "x"),
        (ON_OFF, [1]),
        (Conversion(scale=2), "x"),
        (Conversion(scale=2), True),
        (Conversion(scale=1e-15), 1e14),
        (Conversion(invert=True), 1),
    ],
)
def test_what_cannot_be_sent(conversion: Conversion, value: object) -> None:
    with pytest.raises(ArgumentError):
        inverse(conversion)(value)


numbers = st.floats(-1e6, 1e6).map(lambda n: float(f"{n:.6g}"))
scales = st.floats(1e-3, 1e3).map(lambda n: float(f"{n:.4g}"))


@given(numbers, scales, numbers, st.none() | st.integers(0, 4))
def test_what_is_sent_reads_as_the_value(
    raw: float, scale: float, offset: float, digits: int | None
) -> None:
    conversion = Conversion(scale=scale, offset=offset, digits=digits)
    value = forth(conversion, raw)
    sent = inverse(conversion)(value)
    assert forth(conversion, sent) == pytest.approx(value, rel=1e-6, abs=1e-6)


@given(st.integers(0, 255), st.sampled_from([0.1, 0.01, 0.5, 1.0, 2.0]))
def test_a_whole_number_of_the_device_comes_back(raw: int, scale: float) -> None:
    assert inverse(Conversion(scale=scale))(forth(Conversion(scale=scale), raw)) == raw


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), min_size=1))
def test_a_map_comes_back(words: dict[str, str]) -> None:
    assume(all(key == key.strip() for key in words))
    conversion = Conversion(map=words)
    for value in words.values():
        assert forth(conversion, inverse(conversion)(value)) == value
