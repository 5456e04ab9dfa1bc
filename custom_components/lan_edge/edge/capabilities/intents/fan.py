"""What people want of a fan or an air purifier in one go."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..standard import (
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
from .base import BoundCommand, Intent, IntentPart, Reader


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
    parts: ClassVar[tuple[IntentPart, ...]] = (
        IntentPart(Switch.on, ("on",), True),
        IntentPart(FanMode.set_fan_mode, ("mode",)),
        IntentPart(AirPurifierFanMode.set_air_purifier_fan_mode, ("purifier_mode",)),
        IntentPart(WindMode.set_wind_mode, ("wind",)),
        IntentPart(FanSpeed.set_fan_speed, ("speed",)),
        IntentPart(FanSpeedPercent.set_percent, ("percent",)),
        IntentPart(Switch.off, ("on",), False),
    )

    @override
    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands."""
        del read, on_first
        return [(Switch.off, {})] if self.on is False else list(self.single_commands())
