"""What people want of a thermostat or an air conditioner in one go."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..capabilities import (
    AirConditionerFanMode,
    AirConditionerMode,
    Switch,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
)
from .base import Intent, Part, Read, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimateIntent(Intent):
    """What is wanted of a thermostat or an air conditioner; None is not asked for.

    On goes first, then the mode, so that the temperatures are those of the new mode. Of the two
    temperatures, the one goes first that keeps heating below cooling.
    """

    on: bool | None = None
    mode: ThermostatModeValue | None = None
    ac_mode: str | None = None
    heating: float | None = None
    """°C up to which it heats."""
    cooling: float | None = None
    """°C down to which it cools."""
    fan_mode: ThermostatFanModeValue | None = None
    ac_fan_mode: str | None = None

    id: ClassVar[str] = "climateIntent"
    parts: ClassVar[tuple[Part, ...]] = (
        Part(Switch.on, ("on",), True),
        Part(ThermostatMode.set_thermostat_mode, ("mode",)),
        Part(ThermostatMode.off, ("mode",), ThermostatModeValue.OFF, alias=True),
        Part(ThermostatMode.heat, ("mode",), ThermostatModeValue.HEAT, alias=True),
        Part(ThermostatMode.cool, ("mode",), ThermostatModeValue.COOL, alias=True),
        Part(ThermostatMode.auto, ("mode",), ThermostatModeValue.AUTO, alias=True),
        Part(AirConditionerMode.set_air_conditioner_mode, ("ac_mode",)),
        Part(ThermostatHeatingSetpoint.set_heating_setpoint, ("heating",)),
        Part(ThermostatCoolingSetpoint.set_cooling_setpoint, ("cooling",)),
        Part(ThermostatFanMode.set_thermostat_fan_mode, ("fan_mode",)),
        Part(AirConditionerFanMode.set_fan_mode, ("ac_fan_mode",)),
        Part(Switch.off, ("on",), False),
    )

    @override
    def steps(self, read: Read, *, on_first: bool) -> list[Step]:
        """Return the single commands."""
        del on_first
        steps = list(self.single_steps())
        cooling = read(ThermostatCoolingSetpoint.cooling_setpoint)
        if self.heating is not None and cooling is not None and self.heating >= cooling:
            steps.sort(key=lambda s: s[0] is ThermostatHeatingSetpoint.set_heating_setpoint)
        return steps
