"""Meross's fans, humidifiers and diffusers, with the light of a diffuser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

from lan_edge import (
    ColorControl,
    FanSpeed,
    HumidifierMode,
    HumidifierModeValue,
    Json,
    LightIntent,
    PartReading,
    RefusedError,
    Switch,
    SwitchLevel,
    color_number,
    number,
)

from .lights import Light, color_of
from .parts import Change, Outlet, flag

FAN = "Appliance.Control.Fan"
SPRAY = "Appliance.Control.Spray"
DIFFUSER = "Appliance.Control.Diffuser"
SPEEDS, MOST_SPEEDS = 4, 100  # of a fan that does not say how many it has; that are believed
COLOR = 1  # what the light of a diffuser shows: a colour, not one after another


@dataclass(frozen=True)
class Fan(Outlet):
    """A fan, which is turned on or off as an outlet is, if the device lists it as one, too."""

    toggle: Json | None = None
    """Of the outlet."""

    @property
    def most(self) -> int:
        """Its highest speed."""
        value: Any = self.told.get("maxSpeed")
        return value if type(value) is int and 0 < value <= MOST_SPEEDS else SPEEDS

    def readings(self) -> Iterator[PartReading]:
        is_on = self.reading(Switch.switch, "speed", is_turning)
        if self.toggle is not None:
            is_on = PartReading.field(Switch.switch, self.toggle, "onoff", flag)
        yield is_on
        yield PartReading.known(FanSpeed.fan_speed_range, (0, self.most) if self.told else None)
        is_off = self.toggle is not None and self.toggle.get("onoff") == 0
        yield PartReading.field(FanSpeed.fan_speed, {"speed": 0} if is_off else self.told, "speed")

    def turned(self, *, on: bool) -> list[Change]:
        return super().turned(on=on) if self.toggle is not None else [self.to(int(on))]

    def turning(self, speed: int) -> list[Change]:
        """Return what sets its speed."""
        if not speed:
            return self.turned(on=False)
        is_off = self.toggle is not None and self.toggle.get("onoff") != 1
        return [self.to(min(speed, self.most)), *(self.turned(on=True) if is_off else ())]

    def to(self, speed: int) -> Change:
        return Change(FAN, {"fan": [{"channel": self.channel, "speed": speed}]})


def is_turning(speed: Any) -> bool:
    """Return whether a fan of this speed is on; raise ReplyError."""
    return number(speed, "speed", 0) > 0


@dataclass(frozen=True)
class Spray(Outlet):
    """The mist of a humidifier: off, with pauses, or without."""

    modes: ClassVar[Mapping[int, HumidifierModeValue]] = {
        1: HumidifierModeValue.HIGH,
        2: HumidifierModeValue.LOW,
    }
    off: ClassVar[int] = 0

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(Switch.switch, "mode", self.is_on)
        mode = self.known("mode") or self.known("lastMode")
        yield PartReading.known(HumidifierMode.humidifier_mode, mode)

    def known(self, field: str) -> HumidifierModeValue | None:
        """Return the mode that a field has; None: it is off, or does not say."""
        value: Any = self.told.get(field)
        return self.modes.get(value) if type(value) is int else None

    def is_on(self, mode: Any) -> bool:
        return int(number(mode, "mode")) in self.modes

    def turned(self, *, on: bool) -> list[Change]:
        if not on:
            return self.to(self.off)
        last = self.known("mode") or self.known("lastMode")
        return self.spraying(last or HumidifierModeValue.HIGH)

    def spraying(self, mode: HumidifierModeValue) -> list[Change]:
        """Return what sets its mode; raise RefusedError."""
        codes = {word: code for code, word in self.modes.items()}
        if mode not in codes:
            raise RefusedError("it only has high, which is without pauses, and low")
        return self.to(codes[mode])

    def to(self, mode: int) -> list[Change]:
        return [Change(SPRAY, {"spray": {"channel": self.channel, "mode": mode}})]


@dataclass(frozen=True)
class DiffuserSpray(Spray):
    """The mist of a diffuser."""

    modes: ClassVar[Mapping[int, HumidifierModeValue]] = {
        1: HumidifierModeValue.HIGH,
        0: HumidifierModeValue.LOW,
    }
    off = 2

    def to(self, mode: int) -> list[Change]:
        told = {"channel": self.channel, "mode": mode}
        return [Change(f"{DIFFUSER}.Spray", {"spray": [told]})]


@dataclass(frozen=True)
class DiffuserLight(Light):
    """The light of a diffuser: a colour, one after another, or white of one temperature."""

    @override
    def readings(self) -> Iterator[PartReading]:
        yield self.reading(Switch.switch, "onoff", flag)
        yield self.reading(SwitchLevel.level, "luminance")
        hue, saturation = color_of(self.told if self.told.get("mode") == COLOR else {}, COLOR)
        yield PartReading.known(ColorControl.hue, hue)
        yield PartReading.known(ColorControl.saturation, saturation)

    @override
    def turned(self, *, on: bool) -> list[Change]:
        return self.to({"onoff": int(on)})

    @override
    def changed(self, intent: LightIntent) -> list[Change]:
        told: Json = {"onoff": 1}
        if intent.level is not None:
            told["luminance"] = intent.level
        if intent.hue is not None and intent.saturation is not None:
            told |= {"mode": COLOR, "rgb": color_number(intent.hue, intent.saturation)}
        return self.to(told)

    def to(self, told: Json) -> list[Change]:
        return [Change(f"{DIFFUSER}.Light", {"light": [{"channel": self.channel, **told}]})]
