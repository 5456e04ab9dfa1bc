"""Conversions between the colours of devices and of capabilities."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    ReplyError,
    color_in,
    color_number,
    degrees,
    hue_and_saturation,
    red_green_blue,
)

PERCENT = st.floats(0, 100)


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ((255, 0, 0), (0, 100)),
        ((0, 1, 0), (100 / 3, 100)),
        ((0, 0, 0.5), (200 / 3, 100)),
        ((255, 255, 255), (0, 0)),
        ((0, 0, 0), (0, 0)),
        ((510, 255, 255), (0, 50)),
    ],
)
def test_channels_in_any_scale(
    color: tuple[float, float, float], expected: tuple[float, float]
) -> None:
    assert hue_and_saturation(*color) == pytest.approx(expected)


@given(PERCENT, PERCENT)
def test_a_round_trip(hue: float, saturation: float) -> None:
    channels = red_green_blue(hue, saturation)
    assert max(channels) == 255
    assert min(channels) >= 0
    assert red_green_blue(*hue_and_saturation(*channels)) == channels


@pytest.mark.parametrize(
    ("value", "color"), [(0xFF0000, (0, 100)), ("255", (200 / 3, 100)), (0xFFFFFF, (0, 0))]
)
def test_a_colour_that_is_one_number(value: object, color: tuple[float, float]) -> None:
    assert color_in(value) == pytest.approx(color)
    assert color_number(*color) == int(str(value))


@pytest.mark.parametrize("value", [None, "red", -1, 0x1000000])
def test_what_is_no_such_number(value: object) -> None:
    with pytest.raises(ReplyError, match="the colour is"):
        color_in(value)


@given(PERCENT)
def test_the_colour_circle_is_closed(hue: float) -> None:
    assert 0 <= degrees(hue) < 360
    assert abs(degrees(hue) - hue * 3.6) <= 0.5 or degrees(hue) == 0


@pytest.mark.parametrize(("hue", "angle"), [(0, 0), (25, 90), (99.9, 0), (100, 0)])
def test_angles(hue: float, angle: int) -> None:
    assert degrees(hue) == angle
