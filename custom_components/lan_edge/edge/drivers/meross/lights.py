"""Meross's lights: bits say whether they show a colour, a white, and a brightness."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from lan_edge import (
    Coding,
    ColorControl,
    ColorTemperature,
    Json,
    Property,
    ReplyError,
    Switch,
    SwitchLevel,
    Values,
    color_in,
    color_number,
)

from .kinds import AS_OUTLET, FLAG
from .parts import Change, MerossPart, Send, setting

LIGHT, DIFFUSER_LIGHT = "Appliance.Control.Light", "Appliance.Control.Diffuser.Light"
COLOR, WHITE, BRIGHTNESS = 1, 2, 4
KELVINS = (2700, 6500)
WARMTH = Coding.share(*KELVINS, 1, 100)
DIFFUSER_COLOR = 1  # it shows a colour, not one after another


def shown(told: Json) -> int:
    """Return the bits of what a light shows now."""
    value: Any = told.get("capacity")
    return value if type(value) is int else 0


def white_of(told: Json) -> int | None:
    """Return the temperature of white that a light shows; raise ReplyError."""
    code = told.get("temperature") if shown(told) & WHITE else None
    return None if code is None else WARMTH.read(code)


def color_of(told: Json, *, is_white: bool) -> tuple[float | None, float | None]:
    """Return the hue and the saturation; unknown if it does not report them."""
    if is_white:
        return None, 0.0
    try:
        return color_in(told.get("rgb"))
    except ReplyError:
        return None, None


def light_color(told: Json) -> tuple[float | None, float | None]:
    """Return the hue and the saturation of a light."""
    return color_of(told, is_white=bool(shown(told) & WHITE))


def diffuser_color(told: Json) -> tuple[float | None, float | None]:
    """Return the hue and the saturation of the light of a diffuser, while it stays at one."""
    is_color = told.get("mode") == DIFFUSER_COLOR
    return color_of(told, is_white=False) if is_color else (None, None)


def colors(read: Callable[[Json], tuple[Any, Any]]) -> tuple[Property, Property]:
    """Return the rows of a colour, by what reads its hue and its saturation."""

    def one(n: int) -> Coding:
        return Coding(lambda told: read(told)[n])

    return Property(ColorControl.hue, "", one(0)), Property(ColorControl.saturation, "", one(1))


LEVEL = Property(SwitchLevel.level, "luminance")
WHITES = Property(
    ColorTemperature.color_temperature,
    "",
    Coding(white_of, WARMTH.write),
    lists={ColorTemperature.color_temperature_range: KELVINS},
)
SHOWS = {BRIGHTNESS: (LEVEL,), WHITE: (WHITES,), COLOR: colors(light_color)}
"""What a light has by its bits."""
ALONE = setting(Switch.switch, "onoff", FLAG, LIGHT, "light")
DIFFUSER_TABLE = (
    setting(Switch.switch, "onoff", FLAG, DIFFUSER_LIGHT, "light", is_list=True),
    LEVEL,
    *colors(diffuser_color),
)


def light_table(bits: int, *, is_outlet: bool) -> tuple[Property, ...]:
    """Return the table of a light by the bits of what it can show."""
    rows = (row for bit, rows in SHOWS.items() if bits & bit for row in rows)
    return (AS_OUTLET if is_outlet else ALONE, *rows)


@dataclass(frozen=True)
class Light(MerossPart):
    """A light, which gets all that it is to show in one message."""

    bits: int = 0
    """What it can show."""

    @property
    def is_outlet(self) -> bool:
        return self.table[0] is AS_OUTLET

    @override
    def changes(self, values: Values) -> list[Change]:
        on = values.get(Switch.switch)
        if on is False or values.get(SwitchLevel.level) == 0:
            return self.change(Switch.switch, value=False)
        if fields := self.wanted(values):
            turned = {"onoff": 1} if on and not self.is_outlet else {}
            return [self.shows(fields | turned)]
        return self.change(Switch.switch, value=True)

    def wanted(self, values: Values) -> Json:
        """Return the fields of what it is to show; {} for nothing but that it is on."""
        fields, shows = dict[str, Any](), shown(self.told) & (COLOR | WHITE)
        if ColorControl.hue in values:
            color = values[ColorControl.hue], values[ColorControl.saturation]
            fields["rgb"], shows = color_number(*color), COLOR
        elif ColorTemperature.color_temperature in values:
            kelvins = values[ColorTemperature.color_temperature]
            fields["temperature"], shows = WARMTH.write(kelvins), WHITE
        if SwitchLevel.level in values:
            fields["luminance"] = values[SwitchLevel.level]
        return fields | {"capacity": shows | (self.bits & BRIGHTNESS)} if fields else {}

    def shows(self, fields: Json) -> Change:
        """Return what has it show something."""
        return self.message(Send(LIGHT, "light", fields, is_list=False))


@dataclass(frozen=True)
class DiffuserLight(Light):
    """The light of a diffuser: a colour, one after another, or white of one temperature."""

    @override
    def shows(self, fields: Json) -> Change:
        color = {"mode": DIFFUSER_COLOR} if "rgb" in fields else {}
        kept = {name: each for name, each in fields.items() if name != "capacity"}
        return self.message(Send(DIFFUSER_LIGHT, "light", color | kept | {"onoff": 1}))
