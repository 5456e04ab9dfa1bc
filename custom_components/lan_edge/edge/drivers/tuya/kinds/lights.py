"""Tuya's lights: white, and colours in three formats.

Colours are hexadecimal, `HHHHSSSSVVVV` in newer lights and `RRGGBBHHHHSSVV` in older ones, or JSON.
The points of a light are in a row: its switch, its mode, its brightness, its white, its colour.
"""

from contextlib import suppress
import json
import re
from typing import Any, NamedTuple, Self, override

from lan_edge import (
    Attribute,
    Coding,
    ColorControl,
    ColorTemperature,
    Json,
    JsonCodec,
    PointForm,
    PointUnit,
    ReplyError,
    SwitchLevel,
    Values,
    number,
    object_at,
    red_green_blue,
    value_at,
)

FULL, DIMMEST, OLD_FULL, OLD_DIMMEST = 1000, 10, 255, 25
COLDEST, WARMEST = 153, 500
"""The range of white in mireds, which no point tells; as Home Assistant's `tuya` has it."""
KELVINS = (2000, 6500)
OLD_COLOR = re.compile(r"[0-9a-fA-F]{6}([0-9a-fA-F]{4})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
NEW_COLOR = re.compile(r"([0-9a-fA-F]{4})([0-9a-fA-F]{4})([0-9a-fA-F]{4})")
TURN = 3.6
"""Degrees of a hundredth of the colour circle."""
FIRST = 20
"""The first point of newer lights; that of older ones is 1."""


class Color(NamedTuple):
    """Hue, saturation and value, each 0 to 100."""

    hue: float
    saturation: float
    value: float

    @classmethod
    def of(cls, text: object) -> Self:
        """Return the colour that a text of any format means; raise ReplyError."""
        if not isinstance(text, str):
            raise ReplyError(t"a colour that is no text")
        fine = 10.0
        if match := OLD_COLOR.fullmatch(text):
            fine, numbers = 2.55, [int(each, 16) for each in match.groups()]
        elif match := NEW_COLOR.fullmatch(text):
            numbers = [int(each, 16) for each in match.groups()]
        else:
            parts = object_at(JsonCodec().decode(text.encode()))
            numbers = [round(number(parts.get(name), name, 0, 1000)) for name in "hsv"]
        hue, saturation, value = numbers
        return cls(
            hue % 360 / TURN,
            number(saturation / fine, t"the saturation", 0, 100),
            number(value / fine, t"the brightness", 0, 100),
        )

    def text(self, like: object) -> str:
        """Return it in the format of another one."""
        hue = round(self.hue * TURN)
        fine = [round(part * 10) for part in self[1:]]
        if isinstance(like, str) and like.startswith("{"):
            return json.dumps(dict(zip("hsv", (hue, *fine), strict=True)))
        if not (isinstance(like, str) and OLD_COLOR.fullmatch(like)):
            return f"{hue:04x}{fine[0]:04x}{fine[1]:04x}"
        channels = red_green_blue(self.hue, self.saturation)
        rgb = "".join(f"{round(channel * self.value / 100):02x}" for channel in channels)
        return f"{rgb}{hue:04x}" + "".join(f"{round(part * 2.55):02x}" for part in self[1:])


def brightness(full: int) -> Coding:
    """Return the coding of a brightness in percent, at least 1, by the number for 100."""
    dimmest = OLD_DIMMEST if full == OLD_FULL else DIMMEST
    return Coding(
        lambda level: min(max(round(number(level) / full * 100), 1), 100),
        lambda level: max(round(level / 100 * full), dimmest),
    )


def white(full: int) -> Coding:
    """Return the coding of a white in kelvins: a share of the range in mireds, from warm on."""

    def read(told: Any) -> int:
        mireds = WARMEST - min(max(number(told) / full, 0), 1) * (WARMEST - COLDEST)
        return min(max(round(1_000_000 / mireds), KELVINS[0]), KELVINS[1])

    def write(kelvins: int) -> int:
        share = (WARMEST - 1_000_000 / kelvins) / (WARMEST - COLDEST)
        return round(min(max(share, 0), 1) * full)

    return Coding(read, write)


class Brightness(PointForm):
    """The brightness of a dimmer."""

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        return brightness(unit.settings.brightness or FULL)


class Light(NamedTuple):
    """A light: its unit, and its points."""

    unit: PointUnit
    mode: str
    bright: str
    white: str
    shade: str

    @classmethod
    def at(cls, point: str, unit: PointUnit) -> Self:
        """Return the light of a unit by any of its points."""
        first = FIRST if int(point) >= FIRST else 1
        return cls(unit, *(str(first + n) for n in range(1, 5)))

    @property
    def full(self) -> int:
        """The highest number of its brightness: an older light with new colours is finer."""
        color = self.unit.seen.get(self.shade)
        is_fine = self.mode != "2" or (isinstance(color, str) and NEW_COLOR.fullmatch(color))
        return self.unit.settings.brightness or (FULL if is_fine else OLD_FULL)

    @property
    def shows(self) -> Any:
        """What its mode is: white, colour or a scene; None: it has none."""
        return self.unit.points.get(self.mode)

    def color(self) -> Color | None:
        """Return the colour; None if it shows none. Raises ReplyError."""
        is_colored = self.unit.has(self.shade) and self.shows == "colour"
        return value_at(self.unit.points, self.shade, Color.of) if is_colored else None

    def read(self, attribute: Attribute[Any]) -> Any:
        """Return what it shows; None: nothing of that kind. Raises ReplyError.

        White has no hue, and a colour no colour temperature.
        """
        if attribute is ColorTemperature.color_temperature:
            is_white = self.shows != "colour"
            return (
                value_at(self.unit.points, self.white, white(self.full).read) if is_white else None
            )
        if color := self.color():
            level = max(round(color.value), 1)
            hue, saturation = ColorControl.hue, ColorControl.saturation
            shown = {hue: color.hue, saturation: color.saturation, SwitchLevel.level: level}
            return shown.get(attribute)
        if attribute is SwitchLevel.level:
            return value_at(self.unit.points, self.bright, brightness(self.full).read)
        return 0.0 if attribute is ColorControl.saturation and self.shows == "white" else None

    def changes(self, values: Values) -> Json:
        """Return what its points become by all that is asked, besides its switch."""
        is_color = ColorControl.hue in values or ColorControl.saturation in values
        level, kelvins = values.get(SwitchLevel.level), ColorTemperature.color_temperature
        now, bright = None, None
        with suppress(ReplyError):  # what it reports now is not needed if all of it changes
            now, bright = self.color(), self.read(SwitchLevel.level)
        if is_color or (now and level and kelvins not in values):
            hue, saturation, _ = now or Color(0, 100, 100)
            hue = values.get(ColorControl.hue, hue)
            saturation = values.get(ColorControl.saturation, saturation)
            color = Color(hue, saturation, level or bright or 100)
            return {self.shade: color.text(self.unit.points.get(self.shade))} | self.to("colour")
        points: Json = {}
        if kelvins in values:
            points = {self.white: white(self.full).write(values[kelvins])} | self.to("white")
        if level and self.unit.has(self.bright):
            points[self.bright] = brightness(self.full).write(level)
        return points

    def to(self, mode: str) -> Json:
        """Return what the point of its mode becomes, if it has one."""
        return {self.mode: mode} if self.unit.has(self.mode) else {}


class OfLight(PointForm):
    """Something of a light, which its points say together."""

    @override
    def read(self, attribute: Attribute[Any], unit: PointUnit, point: str) -> Any:
        return Light.at(point, unit).read(attribute)

    @override
    def changes(
        self, attribute: Attribute[Any], values: Values, unit: PointUnit, point: str
    ) -> Json:
        return Light.at(point, unit).changes(values)
