"""Conversions between colours of devices and those of capabilities: hue and saturation in %."""

import colorsys

from .message_values import number

MAX_RGB = 0xFFFFFF


def hue_and_saturation(red: float, green: float, blue: float) -> tuple[float, float]:
    """Return hue and saturation, 0 to 100, of a colour; its channels may have any common scale."""
    hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    return hue * 100, saturation * 100


def red_green_blue(hue: float, saturation: float) -> tuple[int, int, int]:
    """Return the channels, 0 to 255, of a colour at full brightness."""
    red, green, blue = colorsys.hsv_to_rgb(hue / 100, saturation / 100, 1)
    return round(255 * red), round(255 * green), round(255 * blue)


def color_in(value: object) -> tuple[float, float]:
    """Return hue and saturation of a colour that is one number, 0xRRGGBB; raise ReplyError."""
    return hue_and_saturation(*int(number(value, t"the colour", 0, MAX_RGB)).to_bytes(3))


def color_number(hue: float, saturation: float) -> int:
    """Return a colour at full brightness as one number, 0xRRGGBB."""
    return int.from_bytes(bytes(red_green_blue(hue, saturation)))


def degrees(hue: float) -> int:
    """Return a hue of 0 to 100 as an angle on the colour circle, 0 to 359."""
    return round(hue * 3.6) % 360
