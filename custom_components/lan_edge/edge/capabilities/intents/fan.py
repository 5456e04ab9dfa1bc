"""Several changes of a fan or an air purifier at once."""

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
    """The requested changes of a fan or an air purifier; None: no change.

    "On" is sent first, then the mode, then the speed, because a mode may set a speed of its own.
    """

    on: bool | None = None
    """On or off."""
    mode: FanModeValue | None = None
    """A fan's mode."""
    purifier_mode: PurifierMode | None = None
    """An air purifier's mode."""
    wind: Wind | None = None
    """The kind of wind."""
    speed: int | None = None
    """One of the fan's own speed steps."""
    percent: int | None = None
    """The speed, 0 to 100 %."""
    """A speed, 0 to 100 %."""

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
        """Return the single commands in a sensible order."""
        del read, on_first
        return [(Switch.off, {})] if self.on is False else list(self.single_commands())
