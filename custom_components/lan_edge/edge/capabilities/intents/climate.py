"""Several changes of a thermostat or an air conditioner at once."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..standard import (
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
from .base import BoundCommand, Intent, IntentPart, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimateIntent(Intent):
    """The requested changes of a thermostat or an air conditioner; None: no change.

    "On" is sent first, then the mode, so that the temperatures apply to the new mode. The two
    temperatures are sent in the order that keeps heating below cooling.
    """

    on: bool | None = None
    """On or off."""
    mode: ThermostatModeValue | None = None
    """A thermostat's mode."""
    ac_mode: str | None = None
    """An air conditioner's mode, in the device's words."""
    heating: float | None = None
    """The temperature in °C up to which it heats."""
    cooling: float | None = None
    """The temperature in °C down to which it cools."""
    fan_mode: ThermostatFanModeValue | None = None
    """How a thermostat's fan runs."""
    ac_fan_mode: str | None = None
    """How an air conditioner's fan runs, in the device's words."""

    id: ClassVar[str] = "climateIntent"
    parts: ClassVar[tuple[IntentPart, ...]] = (
        IntentPart(Switch.on, ("on",), True),
        IntentPart(ThermostatMode.set_thermostat_mode, ("mode",)),
        IntentPart(ThermostatMode.off, ("mode",), ThermostatModeValue.OFF, alias=True),
        IntentPart(ThermostatMode.heat, ("mode",), ThermostatModeValue.HEAT, alias=True),
        IntentPart(ThermostatMode.cool, ("mode",), ThermostatModeValue.COOL, alias=True),
        IntentPart(ThermostatMode.auto, ("mode",), ThermostatModeValue.AUTO, alias=True),
        IntentPart(AirConditionerMode.set_air_conditioner_mode, ("ac_mode",)),
        IntentPart(ThermostatHeatingSetpoint.set_heating_setpoint, ("heating",)),
        IntentPart(ThermostatCoolingSetpoint.set_cooling_setpoint, ("cooling",)),
        IntentPart(ThermostatFanMode.set_thermostat_fan_mode, ("fan_mode",)),
        IntentPart(AirConditionerFanMode.set_fan_mode, ("ac_fan_mode",)),
        IntentPart(Switch.off, ("on",), False),
    )

    @override
    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands in a sensible order."""
        del on_first
        commands = list(self.single_commands())
        cooling = read(ThermostatCoolingSetpoint.cooling_setpoint)
        if self.heating is not None and cooling is not None and self.heating >= cooling:
            commands.sort(
                key=lambda each: each[0] is ThermostatHeatingSetpoint.set_heating_setpoint
            )
        return commands
