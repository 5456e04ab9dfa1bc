"""What people want of a fan or an air purifier in one go."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..capabilities import (
    AirPurifierFanMode,
    FanMode,
    FanModeValue,
    FanSpeed,
    FanSpeedPercent,
    PurifierMode,
    Switch,
    Wind,
    WindMode,
)
from .base import Intent, Part, Read, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class FanIntent(Intent):
    """What is wanted of a fan or an air purifier; None is not asked for.

    On goes first, then how it runs, and then how fast: a mode may have a speed of its own.
    """

    on: bool | None = None
    mode: FanModeValue | None = None
    purifier_mode: PurifierMode | None = None
    wind: Wind | None = None
    speed: int | None = None
    """A step of the fan's own."""
    percent: int | None = None

    id: ClassVar[str] = "fanIntent"
    parts: ClassVar[tuple[Part, ...]] = (
        Part(Switch.on, ("on",), True),
        Part(FanMode.set_fan_mode, ("mode",)),
        Part(AirPurifierFanMode.set_air_purifier_fan_mode, ("purifier_mode",)),
        Part(WindMode.set_wind_mode, ("wind",)),
        Part(FanSpeed.set_fan_speed, ("speed",)),
        Part(FanSpeedPercent.set_percent, ("percent",)),
        Part(Switch.off, ("on",), False),
    )

    @override
    def steps(self, read: Read, *, on_first: bool) -> list[Step]:
        """Return the single commands."""
        del read, on_first
        return [(Switch.off, {})] if self.on is False else list(self.single_steps())
