"""Tuya's lights: white, and colours in three formats.

Colours are hexadecimal, `HHHHSSSSVVVV` in newer lights and `RRGGBBHHHHSSVV` in older ones, or JSON.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
import json
import re
from typing import Any, NamedTuple, Self

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Json,
    JsonCodec,
    LightIntent,
    ReplyError,
    SwitchLevel,
    number,
    object_at,
    red_green_blue,
    value_at,
)

from .parts import Part, Reading, TuyaSettings, constant, has_flag, has_number, switch_at

LIGHT_MODES = ("white", "colour", "scene", "music")
NAMES = ("switch", "mode", "level", "white", "color")
NEW_FULL, NEW_DIMMEST, OLD_FULL, OLD_DIMMEST = 1000, 10, 255, 25
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


LAMPS = {"led", "incandescent", "halogen", "cfl"}
"""The kinds of lamps that a dimmer is set to, at point 4."""
GANGS = (("1", "2"), ("7", "8"), ("15", "16"))
"""The switch and the brightness of each gang of a dimmer."""
NUMBERS = {*"235689", "11", "12", "16"}
"""Of a dimmer: the brightness and its limits, and countdowns."""
MEMORY = {"14", "21"}
"""What a dimmer does when the power returns, and what its own light shows: words."""
TARGETS = 45
"""No target of a heater in degrees is higher, without being one of water."""


def is_light_mode(value: object) -> bool:
    """Return whether a value is one of the modes of a light."""
    return isinstance(value, str) and value.startswith(LIGHT_MODES)


def is_light(points: Json) -> bool:
    """Return whether a unit is a light: its mode says so, or all of its points fit one."""
    if is_light_mode(points.get("2")):
        return True
    may_be = {"21": str, "22": int, "23": int, "24": str}
    fits = all(isinstance(points.get(n, each()), each) for n, each in may_be.items())
    return fits and (has_flag(points, "20") or is_light_mode(points.get("21")))


def is_dimmer(points: Json) -> bool:
    """Return whether a unit is a dimmer: it says for which lamps, or has nothing but its points.

    What else has numbers at 2 and 3 is far more often a heater, with its target and the room.
    """
    gangs = gangs_of(points)
    if GANGS[0] in gangs and (str(points.get("4")).lower() in LAMPS or len(gangs) > 1):
        return True
    return may_be_dimmer(points) and has_number(points, "2", TARGETS)


def may_be_dimmer(points: Json) -> bool:
    """Return whether a unit has nothing but the points of a dimmer, though maybe a dim one."""
    others = points.keys() - MEMORY - {"1"}
    fits = others <= NUMBERS and all(has_number(points, n) for n in others)
    return fits and has_flag(points, "1") and has_number(points, "2", 1, NEW_FULL)


def gangs_of(points: Json) -> list[tuple[str, str]]:
    """Return the gangs of a dimmer, each with the points of its switch and its brightness."""
    return [gang for gang in GANGS if has_flag(points, gang[0]) and has_number(points, gang[1])]


def lights(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a light, with newer or older points."""
    first = 20 if {"20", "21"} & points.keys() else 1
    names = {name: str(first + n) for n, name in enumerate(NAMES)}
    own = {name: n for name, n in names.items() if n in points or name == "switch"}
    color = points.get("5")
    is_fine = isinstance(color, str) and bool(NEW_COLOR.fullmatch(color))
    usual = OLD_FULL if first == 1 and not is_fine else NEW_FULL
    yield "", light(own, settings.brightness or usual)


def dimmers(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield the gangs of a dimmer, which have no mode and no colour."""
    for n, (switch, level) in enumerate(gangs_of(points) or GANGS[:1], 1):
        part = light({"switch": switch, "level": level}, settings.brightness or NEW_FULL)
        yield ("", part) if n == 1 else (f"light_{n}", replace(part, name=f"Light {n}"))


def light(own: dict[str, str], full: int) -> Part:
    """Return the part of a light with these points, by what they mean."""
    part = Part((), own, "light", scale=full)
    readings = [switch_at(own["switch"])]
    if {"level", "color"} & own.keys():
        readings.append(Reading(SwitchLevel, SwitchLevel.level, partial(level_of, part)))
    if "color" in own:
        readings += [Reading(ColorControl, ColorControl.hue, partial(hue_of, part))]
        readings += [Reading(ColorControl, ColorControl.saturation, partial(saturation_of, part))]
    if "white" in own:
        kelvins = ColorTemperature.color_temperature
        readings += [constant(ColorTemperature, ColorTemperature.color_temperature_range, KELVINS)]
        readings += [Reading(ColorTemperature, kelvins, partial(kelvins_of, part))]
    return replace(part, readings=tuple(readings))


def mode_of(part: Part, points: Json) -> object:
    """Return the mode of a light: white, colour, a scene or music."""
    return points.get(part.points.get("mode", ""))


def color_of(part: Part, points: Json) -> Color | None:
    """Return the colour of a light; None if it shows none. Raises ReplyError."""
    is_colored = "color" in part.points and mode_of(part, points) == "colour"
    return value_at(points, part.points["color"], Color.of) if is_colored else None


def hue_of(part: Part, points: Json) -> float | None:
    """Return the hue; None if it shows no colour. Raises ReplyError."""
    color = color_of(part, points)
    return None if color is None else color.hue


def saturation_of(part: Part, points: Json) -> float | None:
    """Return the saturation, 0 of white; None in a scene. Raises ReplyError."""
    if (color := color_of(part, points)) is not None:
        return color.saturation
    return 0.0 if mode_of(part, points) == "white" else None


def level_of(part: Part, points: Json) -> int | None:
    """Return the brightness, at least 1; None: unknown. Raises ReplyError."""
    if mode_of(part, points) == "colour" and "color" in part.points:
        color = color_of(part, points)
        return None if color is None else max(round(color.value), 1)
    level = value_at(points, part.points.get("level", ""), number)
    return None if level is None else min(max(round(level / part.scale * 100), 1), 100)


def kelvins_of(part: Part, points: Json) -> int | None:
    """Return the colour temperature; None while a colour is shown. Raises ReplyError."""
    white = value_at(points, part.points["white"], number)
    if white is None or mode_of(part, points) == "colour":
        return None
    mireds = WARMEST - min(max(white / part.scale, 0), 1) * (WARMEST - COLDEST)
    return min(max(round(1_000_000 / mireds), KELVINS[0]), KELVINS[1])


def light_values(part: Part, points: Json, intent: LightIntent) -> dict[str, Any]:
    """Return what the points of a light that is on become, by what they mean."""
    with suppress(ReplyError):  # what it reports now is not needed if all of it changes
        return color_values(part, points, intent) or white_values(part, intent)
    return white_values(part, intent)


def color_values(part: Part, points: Json, intent: LightIntent) -> dict[str, Any]:
    """Return what a colour, or the brightness of one, becomes; {} if none is wanted."""
    now = color_of(part, points)
    is_wanted = intent.hue is not None or intent.saturation is not None
    if not (is_wanted or (now and intent.level and intent.temperature is None)):
        return {}
    level = level_of(part, points) or 100
    hue, saturation, _ = now or Color(0, 100, level)
    color = Color(
        hue if intent.hue is None else intent.hue,
        saturation if intent.saturation is None else intent.saturation,
        intent.level or level,
    )
    text = color.text(points.get(part.points["color"]))
    return {"color": text} | ({"mode": "colour"} if "mode" in part.points else {})


def white_values(part: Part, intent: LightIntent) -> dict[str, Any]:
    """Return what the brightness and the colour temperature become."""
    values: dict[str, Any] = {}
    if intent.temperature is not None:
        share = (WARMEST - 1_000_000 / intent.temperature) / (WARMEST - COLDEST)
        values["white"] = round(min(max(share, 0), 1) * part.scale)
        if "mode" in part.points:
            values["mode"] = "white"
    if intent.level and "level" in part.points:
        dimmest = OLD_DIMMEST if part.scale == OLD_FULL else NEW_DIMMEST
        values["level"] = max(round(intent.level / 100 * part.scale), dimmest)
    return values
