"""Fans, air purifiers and humidifiers."""

from enum import StrEnum
from typing import Annotated

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
from ..schema import Percent, Range

__all__ = [
    "AirPurifierFanMode",
    "FanMode",
    "FanModeValue",
    "FanOscillationMode",
    "FanSpeed",
    "FanSpeedPercent",
    "HumidifierMode",
    "HumidifierModeValue",
    "Oscillation",
    "PurifierMode",
    "Wind",
    "WindMode",
]

Speed = Annotated[int, Range(0, 100)]


class FanSpeed(Capability):
    """The speed of a fan, in the device's own steps; 0 is off.

    SmartThings sets the upper limit in each device's profile. Here it is `fan_speed_range`, an
    attribute that SmartThings does not have.
    """

    fan_speed = Attribute(int, minimum=0, maximum=100)
    fan_speed_range = Attribute(tuple[int, int], minimum=0, maximum=100, kind=Kind.HIDDEN)
    """The lowest and the highest speed: 0 and the number of steps."""

    @command(sets="fan_speed")
    def set_fan_speed(self, speed: Speed) -> None:
        """Set the speed to step `speed`."""


class FanSpeedPercent(Capability):
    """The speed of a fan, in percent."""

    percent = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="percent")
    def set_percent(self, percent: Percent) -> None:
        """Set the speed to `percent` %."""


class FanModeValue(StrEnum):
    """The operating mode of a fan."""

    AUTO = "auto"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    OFF = "off"


class FanMode(Capability):
    """The operating mode of a fan."""

    fan_mode = Attribute(FanModeValue, options="supported_fan_modes")
    supported_fan_modes = Attribute(tuple[FanModeValue, ...], kind=Kind.HIDDEN)

    @command(sets="fan_mode")
    def set_fan_mode(self, fan_mode: FanModeValue) -> None:
        """Set the operating mode."""


class Oscillation(StrEnum):
    """The oscillation of a fan, or the direction in which it blows."""

    OFF = "off"
    INDIVIDUAL = "individual"
    FIXED = "fixed"
    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"
    ALL = "all"
    INDIRECT = "indirect"
    DIRECT = "direct"
    FIXED_CENTER = "fixedCenter"
    FIXED_LEFT = "fixedLeft"
    FIXED_RIGHT = "fixedRight"
    FAR = "far"
    WIDE = "wide"
    MID = "mid"
    SPOT = "spot"
    SWING = "swing"


class FanOscillationMode(Capability):
    """The oscillation of a fan, or the direction in which it blows."""

    fan_oscillation_mode = Attribute(Oscillation, options="supported_fan_oscillation_modes")
    supported_fan_oscillation_modes = Attribute(tuple[Oscillation, ...], kind=Kind.HIDDEN)

    @command(sets="fan_oscillation_mode")
    def set_fan_oscillation_mode(self, fan_oscillation_mode: Oscillation) -> None:
        """Set the oscillation mode."""


class Wind(StrEnum):
    """A kind of wind that a fan imitates."""

    NO_WIND = "noWind"
    SLEEP_WIND = "sleepWind"
    NATURAL_WIND = "naturalWind"


class WindMode(Capability):
    """The kind of wind that a fan imitates."""

    wind_mode = Attribute(Wind, options="supported_wind_modes")
    supported_wind_modes = Attribute(tuple[Wind, ...], kind=Kind.HIDDEN)

    @command(sets="wind_mode")
    def set_wind_mode(self, wind_mode: Wind) -> None:
        """Set the kind of wind."""


class PurifierMode(StrEnum):
    """The fan mode of an air purifier."""

    AUTO = "auto"
    SLEEP = "sleep"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    QUIET = "quiet"
    WIND_FREE = "windFree"
    OFF = "off"


class AirPurifierFanMode(Capability):
    """The fan mode of an air purifier."""

    air_purifier_fan_mode = Attribute(PurifierMode, options="supported_air_purifier_fan_modes")
    supported_air_purifier_fan_modes = Attribute(tuple[PurifierMode, ...], kind=Kind.HIDDEN)

    @command(sets="air_purifier_fan_mode")
    def set_air_purifier_fan_mode(self, air_purifier_fan_mode: PurifierMode) -> None:
        """Set the fan mode."""


class HumidifierModeValue(StrEnum):
    """The output level of a humidifier."""

    AUTO = "auto"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HumidifierMode(Capability):
    """The output level of a humidifier; SmartThings has no setpoint for the humidity."""

    humidifier_mode = Attribute(HumidifierModeValue)
    supported_humidifier_modes = Attribute(tuple[HumidifierModeValue, ...], kind=Kind.HIDDEN)
    """Those that the device has, if not all."""

    @command(sets="humidifier_mode")
    def set_humidifier_mode(self, humidifier_mode: HumidifierModeValue) -> None:
        """Set the output level."""
