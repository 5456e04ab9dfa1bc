"""Fans, air purifiers and humidifiers."""

from enum import StrEnum
from typing import Annotated

from ..definition import Attribute, Capability, Kind, command
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
    """How fast a fan runs, in steps of its own; 0 is not at all.

    SmartThings has no upper limit here, but in each device's profile: `fan_speed_range` is ours.
    """

    fan_speed = Attribute(int, minimum=0, maximum=100)
    fan_speed_range = Attribute(tuple[int, int], minimum=0, maximum=100, kind=Kind.HIDDEN)
    """The least and the most that the device can: 0 to its number of steps."""

    @command(sets="fan_speed")
    def set_fan_speed(self, speed: Speed) -> None:
        """Run at step `speed`."""


class FanSpeedPercent(Capability):
    """How fast a fan runs, in percent."""

    percent = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="percent")
    def set_percent(self, percent: Percent) -> None:
        """Run at `percent` %."""


class FanModeValue(StrEnum):
    """How a fan runs."""

    AUTO = "auto"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    OFF = "off"


class FanMode(Capability):
    """How a fan runs."""

    fan_mode = Attribute(FanModeValue, options="supported_fan_modes")
    supported_fan_modes = Attribute(tuple[FanModeValue, ...], kind=Kind.HIDDEN)

    @command(sets="fan_mode")
    def set_fan_mode(self, fan_mode: FanModeValue) -> None:
        """Run as `fan_mode` says."""


class Oscillation(StrEnum):
    """How a fan swings, or where it blows."""

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
    """How a fan swings, or where it blows."""

    fan_oscillation_mode = Attribute(Oscillation, options="supported_fan_oscillation_modes")
    supported_fan_oscillation_modes = Attribute(tuple[Oscillation, ...], kind=Kind.HIDDEN)

    @command(sets="fan_oscillation_mode")
    def set_fan_oscillation_mode(self, fan_oscillation_mode: Oscillation) -> None:
        """Swing as `fan_oscillation_mode` says."""


class Wind(StrEnum):
    """A wind that a fan imitates."""

    NO_WIND = "noWind"
    SLEEP_WIND = "sleepWind"
    NATURAL_WIND = "naturalWind"


class WindMode(Capability):
    """Which wind a fan imitates."""

    wind_mode = Attribute(Wind, options="supported_wind_modes")
    supported_wind_modes = Attribute(tuple[Wind, ...], kind=Kind.HIDDEN)

    @command(sets="wind_mode")
    def set_wind_mode(self, wind_mode: Wind) -> None:
        """Imitate a wind."""


class PurifierMode(StrEnum):
    """How an air purifier blows."""

    AUTO = "auto"
    SLEEP = "sleep"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    QUIET = "quiet"
    WIND_FREE = "windFree"
    OFF = "off"


class AirPurifierFanMode(Capability):
    """How an air purifier blows."""

    air_purifier_fan_mode = Attribute(PurifierMode, options="supported_air_purifier_fan_modes")
    supported_air_purifier_fan_modes = Attribute(tuple[PurifierMode, ...], kind=Kind.HIDDEN)

    @command(sets="air_purifier_fan_mode")
    def set_air_purifier_fan_mode(self, air_purifier_fan_mode: PurifierMode) -> None:
        """Blow as the mode says."""


class HumidifierModeValue(StrEnum):
    """How much a humidifier gives."""

    AUTO = "auto"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HumidifierMode(Capability):
    """How much a humidifier gives; SmartThings has no setpoint for it."""

    humidifier_mode = Attribute(HumidifierModeValue)

    @command(sets="humidifier_mode")
    def set_humidifier_mode(self, humidifier_mode: HumidifierModeValue) -> None:
        """Give as much as the mode says."""
