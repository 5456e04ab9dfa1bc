"""Meross's lights: bits say whether they show a colour, a white, and a brightness."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Json,
    LightIntent,
    PartReading,
    ReplyError,
    Switch,
    SwitchLevel,
    color_in,
    color_number,
    number,
)

from .parts import Change, Outlet, flag

LIGHT = "Appliance.Control.Light"
COLOR, WHITE, BRIGHTNESS = 1, 2, 4
KELVINS = (2700, 6500)
WARMEST, COLDEST = 1, 100  # as the lights count
STEP = (KELVINS[1] - KELVINS[0]) / (COLDEST - WARMEST)


@dataclass(frozen=True)
class Light(Outlet):
    """A light, which is turned on or off as an outlet is, if the device lists it as one, too."""

    toggle: Json | None = None
    """Of the outlet."""
    bits: int = BRIGHTNESS
    """What it can show."""

    @property
    def shows(self) -> int:
        """The bits of what it shows now."""
        value: Any = self.told.get("capacity")
        return value if type(value) is int else 0

    def readings(self) -> Iterator[PartReading]:
        source = self.told if self.toggle is None else self.toggle
        yield PartReading.field(Switch.switch, source, "onoff", flag)
        if self.bits & BRIGHTNESS:
            yield self.reading(SwitchLevel.level, "luminance")
        if self.bits & WHITE:
            yield PartReading.known(ColorTemperature.color_temperature_range, KELVINS)
            white = self.told if self.shows & WHITE else {}
            yield PartReading.field(
                ColorTemperature.color_temperature, white, "temperature", kelvins_of
            )
        if self.bits & COLOR:
            hue, saturation = color_of(self.told, self.shows)
            yield PartReading.known(ColorControl.hue, hue)
            yield PartReading.known(ColorControl.saturation, saturation)

    def turned(self, *, on: bool) -> list[Change]:
        if self.toggle is not None:
            return super().turned(on=on)
        return [Change(LIGHT, {"light": {"channel": self.channel, "onoff": int(on)}})]

    def changed(self, intent: LightIntent) -> list[Change]:
        told: Json = {"channel": self.channel}
        shows = self.shows & (COLOR | WHITE)
        if intent.hue is not None and intent.saturation is not None:
            told["rgb"], shows = color_number(intent.hue, intent.saturation), COLOR
        elif intent.temperature is not None:
            told["temperature"], shows = temperature_of(intent.temperature), WHITE
        if intent.level is not None:
            told["luminance"] = intent.level
        if len(told) == 1:
            return []
        told["capacity"] = shows | (self.bits & BRIGHTNESS)
        if self.toggle is None and intent.on:
            told["onoff"] = 1
        return [Change(LIGHT, {"light": told})]


def kelvins_of(value: Any) -> int:
    """Return a temperature, of 1 to 100, in kelvins; raise ReplyError."""
    return round(KELVINS[0] + (number(value, "temperature", WARMEST, COLDEST) - WARMEST) * STEP)


def temperature_of(kelvins: int) -> int:
    """Return the nearest temperature that a light has."""
    return max(WARMEST, min(COLDEST, round(WARMEST + (kelvins - KELVINS[0]) / STEP)))


def color_of(told: Json, shows: int) -> tuple[float | None, float | None]:
    """Return the hue and the saturation; unknown if it does not report them."""
    if shows & WHITE:
        return None, 0.0
    try:
        return color_in(told.get("rgb"))
    except ReplyError:
        return None, None
