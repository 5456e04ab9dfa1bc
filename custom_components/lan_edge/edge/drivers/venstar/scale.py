"""Venstar: its unit of temperature, its setpoints, and what its firmware decides."""

from dataclasses import dataclass
import re
from typing import Any

from lan_edge import ClimateIntent, Identity, Json, ReplyError, number

SWAPPED = "T2000", (5, 28)
"""The model and firmware of which `fan` and `fanstate` are swapped."""
CELSIUS_MODELS, CELSIUS_UNTIL = ("T2", "T3"), (5, 28)
"""Models that always use degrees Celsius, whatever they display, before that firmware."""
HOTTEST = 40
"""The highest setpoint is below this in degrees Celsius, and above it in degrees Fahrenheit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of temperature that a thermostat uses."""

    celsius: bool | None
    """None: not known, so no temperature is."""

    def read(self, value: Any) -> Any:
        """Return °C to the hundredth; anything but a number unchanged, for `emit` to refuse."""
        if self.celsius is None:
            return None
        if type(value) not in {int, float} or self.celsius:
            return value
        return round((value - 32) / 1.8, 2)

    def read_range(self, info: Json, name: str) -> Any:
        lowest, highest = (self.read(info.get(f"{name}{end}")) for end in ("min", "max"))
        return None if lowest is None or highest is None else (lowest, highest)

    def write(self, celsius: float) -> float:
        """Return the thermostat's nearest half degree; raise ReplyError."""
        if self.celsius is None:
            raise ReplyError(t"the thermostat does not report its unit of temperature")
        return round((celsius if self.celsius else celsius * 1.8 + 32) * 2) / 2


def firmware_of(identity: Identity) -> tuple[int, ...]:
    """Return the numbers of the firmware's version."""
    return tuple(int(n) for n in re.findall(r"\d+", identity.firmware))


def scale_of(identity: Identity, info: Json) -> Scale:
    """Return the unit that a thermostat reports, or else the one that its limits suggest."""
    if identity.model.startswith(CELSIUS_MODELS) and firmware_of(identity) < CELSIUS_UNTIL:
        return Scale(celsius=True)
    if (units := info.get("tempunits")) in (0, 1):
        return Scale(celsius=units == 1)
    hottest: Any = info.get("heattempmax")
    return Scale(hottest < HOTTEST if type(hottest) in {int, float} else None)


def fan_of(identity: Identity, info: Json) -> tuple[Any, Any]:
    """Return the setting and the state of the fan."""
    fan, fan_state = info.get("fan"), info.get("fanstate")
    is_swapped = (identity.model, firmware_of(identity)) == SWAPPED
    return (fan_state, fan) if is_swapped else (fan, fan_state)


def setpoints(wanted: ClimateIntent, info: Json, scale: Scale) -> dict[str, float]:
    """Return both setpoints; one that is not requested keeps its distance from the other."""
    if wanted.heating is not None and wanted.cooling is not None:
        return {"heattemp": scale.write(wanted.heating), "cooltemp": scale.write(wanted.cooling)}
    reported: Any = info.get("setpointdelta")
    delta = reported if type(reported) in {int, float} else 0
    if wanted.cooling is not None:
        cool = scale.write(wanted.cooling)
        return {"heattemp": min(set_at(info, "heattemp"), cool - delta), "cooltemp": cool}
    heat = set_at(info, "heattemp") if wanted.heating is None else scale.write(wanted.heating)
    return {"heattemp": heat, "cooltemp": max(set_at(info, "cooltemp"), heat + delta)}


def set_at(info: Json, name: str) -> float:
    """Return a setpoint in the thermostat's own unit; raise ReplyError."""
    return number(info.get(name), name)
