"""Tuya's lights: white, and colours in three formats.

Colours are hexadecimal, `HHHHSSSSVVVV` in newer lights and `RRGGBBHHHHSSVV` in older ones, or JSON.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
import json
import re
from typing import Any, NamedTuple, Self, override

from lan_edge import (
    Json,
    JsonCodec,
    LightIntent,
    PointForm,
    PointsPart,
    PointUnit,
    ReplyError,
    Switch,
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


class Color(NamedTuple):
    """Hue, saturation and value, each 0 to 100."""

    hue: float
    saturation: float
    value: float

    @classmethod
    def of(cls, text: object) -> Self:
        """Return the colour that a text of any format means; raise ReplyError."""
        if not isinstance(text, str):
            raise ReplyError("a colour that is no text")
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
            number(saturation / fine, "the saturation", 0, 100),
            number(value / fine, "the brightness", 0, 100),
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


class Lamp(NamedTuple):
    """The points of a light, and the highest number of its brightness and of its white."""

    switch: str
    level: str
    mode: str = ""
    white: str = ""
    color: str = ""
    full: int = FULL


class Light(NamedTuple):
    """A light, which has those of the points of a lamp that its unit has reported."""

    lamp: Lamp
    unit: PointUnit

    def now(self, point: str) -> Any:
        """Return what a point is now; None: it has none."""
        return self.unit.points.get(point)

    def has(self, point: str) -> bool:
        """Return whether the unit has a point."""
        return point in self.unit.seen

    @property
    def full(self) -> int:
        """The highest number of its brightness: an older light with new colours is finer."""
        color = self.unit.seen.get(self.lamp.color)
        is_new = isinstance(color, str) and NEW_COLOR.fullmatch(color)
        return self.unit.settings.brightness or (FULL if is_new else self.lamp.full)

    def color(self) -> Color | None:
        """Return the colour; None if it shows none. Raises ReplyError."""
        is_colored = self.has(self.lamp.color) and self.now(self.lamp.mode) == "colour"
        return value_at(self.unit.points, self.lamp.color, Color.of) if is_colored else None

    def hue(self) -> float | None:
        """Return the hue; None if it shows no colour. Raises ReplyError."""
        color = self.color()
        return None if color is None else color.hue

    def saturation(self) -> float | None:
        """Return the saturation, 0 of white; None in a scene. Raises ReplyError."""
        if (color := self.color()) is not None:
            return color.saturation
        return 0.0 if self.now(self.lamp.mode) == "white" else None

    def level(self) -> int | None:
        """Return the brightness, at least 1; None: unknown. Raises ReplyError."""
        if self.has(self.lamp.color) and self.now(self.lamp.mode) == "colour":
            color = self.color()
            return None if color is None else max(round(color.value), 1)
        level = value_at(self.unit.points, self.lamp.level, number)
        return None if level is None else min(max(round(level / self.full * 100), 1), 100)

    def kelvins(self) -> int | None:
        """Return the colour temperature; None while a colour is shown. Raises ReplyError."""
        white = value_at(self.unit.points, self.lamp.white, number)
        if white is None or self.now(self.lamp.mode) == "colour":
            return None
        mireds = WARMEST - min(max(white / self.full, 0), 1) * (WARMEST - COLDEST)
        return min(max(round(1_000_000 / mireds), KELVINS[0]), KELVINS[1])

    def changed(self, intent: LightIntent) -> Json:
        """Return what the points become by a change."""
        if intent.on is False or intent.level == 0:
            return {self.lamp.switch: False}
        values: Json = {}
        with suppress(ReplyError):  # what it reports now is not needed if all of it changes
            values = self.colored(intent)
        return {self.lamp.switch: True} | (values or self.whitened(intent))

    def colored(self, intent: LightIntent) -> Json:
        """Return what a colour, or the brightness of one, becomes; {}: none is wanted."""
        now = self.color()
        is_wanted = intent.hue is not None or intent.saturation is not None
        if not (is_wanted or (now and intent.level and intent.temperature is None)):
            return {}
        level = self.level() or 100
        hue, saturation, _ = now or Color(0, 100, level)
        color = Color(
            hue if intent.hue is None else intent.hue,
            saturation if intent.saturation is None else intent.saturation,
            intent.level or level,
        )
        return {self.lamp.color: color.text(self.now(self.lamp.color))} | self.mode("colour")

    def whitened(self, intent: LightIntent) -> Json:
        """Return what the brightness and the colour temperature become."""
        values: Json = {}
        if intent.temperature is not None:
            share = (WARMEST - 1_000_000 / intent.temperature) / (WARMEST - COLDEST)
            values = {self.lamp.white: round(min(max(share, 0), 1) * self.full)}
            values |= self.mode("white")
        if intent.level and self.has(self.lamp.level):
            dimmest = OLD_DIMMEST if self.full == OLD_FULL else DIMMEST
            values[self.lamp.level] = max(round(intent.level / 100 * self.full), dimmest)
        return values

    def mode(self, name: str) -> Json:
        """Return what the point of its mode becomes, if it has one."""
        return {self.lamp.mode: name} if self.has(self.lamp.mode) else {}


@dataclass(frozen=True)
class OfLight(PointForm):
    """Something of a light, which its points say together."""

    lamp: Lamp
    of: Callable[[Light], Any]

    @override
    def read(self, unit: PointUnit, point: str) -> Any:
        return self.of(Light(self.lamp, unit))


def light_in(part: PointsPart) -> Light:
    """Return the light that a part is; raise RefusedError."""
    for _, row in part.rows:
        if isinstance(row.form, OfLight):
            return Light(row.form.lamp, part.unit)
    (switch,) = part.encoded({Switch.switch: True})
    return Light(Lamp(switch, level=""), part.unit)
