"""The fan of a thermostat or an air conditioner, and where it blows."""

from homeassistant.components.climate import SWING_BOTH

from lan_edge import (
    AirConditionerFanMode,
    ClimateIntent,
    FanOscillationMode,
    Oscillation,
    ThermostatFanMode,
    ThermostatFanModeValue,
)

from ..entities.choices import listed
from ..entities.mapping import EntitySpec
from ..entity import Read

SWING_MODES = {Oscillation.ALL: SWING_BOTH}
"""Home Assistant's own names of values; all others are used as they are."""


class Airflow:
    """The fan modes and swing modes of a component."""

    def __init__(self, spec: EntitySpec, read: Read) -> None:
        """Use what the driver handles."""
        self._commands = spec.commands
        self._read = read

    @property
    def fan_modes(self) -> list[str] | None:
        """The fan modes that can be set, or None if there are none."""
        if ThermostatFanMode.set_thermostat_fan_mode in self._commands:
            listed = self._read(ThermostatFanMode.supported_thermostat_fan_modes)
            return [str(mode) for mode in listed or ThermostatFanModeValue]
        if AirConditionerFanMode.set_fan_mode in self._commands:
            modes = self._read(AirConditionerFanMode.supported_ac_fan_modes)
            return list(modes or ()) or None
        return None

    @property
    def fan_mode(self) -> str | None:
        """The current fan mode; None for one that cannot be set."""
        mode = self._read(ThermostatFanMode.thermostat_fan_mode)
        current = self._read(AirConditionerFanMode.fan_mode) if mode is None else str(mode)
        return listed(current, self.fan_modes)

    def fan_intent(self, fan_mode: str) -> ClimateIntent:
        """Return the intent that sets a fan mode."""
        if ThermostatFanMode.set_thermostat_fan_mode in self._commands:
            return ClimateIntent(fan_mode=ThermostatFanModeValue(fan_mode))
        return ClimateIntent(ac_fan_mode=fan_mode)

    @property
    def swing_modes(self) -> dict[str, Oscillation]:
        """The swing modes that can be set, with their values."""
        if FanOscillationMode.set_fan_oscillation_mode not in self._commands:
            return {}
        listed = self._read(FanOscillationMode.supported_fan_oscillation_modes) or ()
        return {SWING_MODES.get(value, str(value)): value for value in listed}

    @property
    def swing_mode(self) -> str | None:
        """The current swing mode; None for one that cannot be set."""
        value = self._read(FanOscillationMode.fan_oscillation_mode)
        name = None if value is None else SWING_MODES.get(value, str(value))
        return listed(name, self.swing_modes or None)
