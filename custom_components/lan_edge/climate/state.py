"""What a thermostat or an air conditioner shows: modes, temperatures, how its fan runs."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.climate import (
    DEFAULT_MAX_TEMP,
    DEFAULT_MIN_TEMP,
    PRESET_NONE,
    SWING_BOTH,
    HVACAction,
    HVACMode,
)

from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    FanOscillationMode,
    OperatingState,
    Oscillation,
    RelativeHumidityMeasurement,
    Switch,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint as Cooling,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint as Heating,
    ThermostatMode,
    ThermostatOperatingState,
)

from ..coordinator import LanEdgeCoordinator
from ..entities.mapping import EntitySpec
from ..entity import LanEdgeEntity
from .compat import NativeClimate
from .modes import AUTO, OFF, Modes

ACTIONS = {
    OperatingState.HEATING: HVACAction.HEATING,
    OperatingState.COOLING: HVACAction.COOLING,
    OperatingState.FAN_ONLY: HVACAction.FAN,
    OperatingState.VENT_ECONOMIZER: HVACAction.FAN,
}
"""What it does just now; all else is waiting."""
COOLED = {HVACMode.COOL, HVACMode.DRY, HVACMode.FAN_ONLY}
"""The modes of the cooling setpoint, where there are two."""
SWINGS = {Oscillation.ALL: SWING_BOTH}
"""What Home Assistant calls otherwise; all else keeps the device's word."""


class ShownClimate(LanEdgeEntity, NativeClimate):
    """What a thermostat or an air conditioner says of itself."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Look at what the component can do."""
        super().__init__(coordinator, spec)
        self.switched = Switch.on in self.commands and Switch.off in self.commands
        self._heats, self._cools = Heating in spec.capabilities, Cooling in spec.capabilities
        self._ranged = self._heats and self._cools
        self.by_word = (
            ThermostatMode in spec.capabilities or AirConditionerMode in spec.capabilities
        )
        self.thermostat = ThermostatMode in spec.capabilities

    # modes

    @property
    def _word(self) -> str | None:
        """What the device calls what it is told to do."""
        if not self.by_word:
            return self._only
        if self.thermostat:
            return self.read(ThermostatMode.thermostat_mode)
        return self.read(AirConditionerMode.air_conditioner_mode)

    @property
    def _only(self) -> str:
        """The one mode of a device that has no modes."""
        return AUTO if self._ranged else "heat" if self._heats else "cool"

    @property
    def modes(self) -> Modes:
        """The device's words for its modes, sorted."""
        return Modes.of(self._words(), ranged=self._ranged)

    def _words(self) -> Iterable[str]:
        """Return what the device calls its modes; if it does not say, what it must have."""
        now = self._word
        known = (now,) if now is not None else ()
        if not self.by_word:
            return known
        if self.thermostat and ThermostatMode.set_thermostat_mode in self.commands:
            heat = ["heat"] if self._heats or not self._cools else []
            cool = ["cool"] if self._cools or not self._heats else []
            usual = (OFF, *heat, *cool, self._only)
            modes = self.read(ThermostatMode.supported_thermostat_modes)
            return (*(modes or usual), *known)
        if AirConditionerMode.set_air_conditioner_mode not in self.commands:
            return known
        words = self.read(AirConditionerMode.supported_ac_modes)
        return (*(words or ()), *known)

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """What it can do: off also by its switch."""
        modes = self.modes.hvac
        off = [HVACMode.OFF] if self.switched and HVACMode.OFF not in modes else []
        return [*off, *modes]

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """What it is told to do."""
        if self.read(Switch.switch) is False:
            return HVACMode.OFF
        return self.modes.mode_of(self._word)

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        """What it does just now, if it says so."""
        state = self.read(ThermostatOperatingState.thermostat_operating_state)
        if state is None:
            return None
        waits = HVACAction.OFF if self.hvac_mode is HVACMode.OFF else HVACAction.IDLE
        return ACTIONS.get(state, waits)

    @property
    @override
    def preset_modes(self) -> list[str] | None:
        """The device's modes that are none of Home Assistant's."""
        presets = self.modes.presets
        return [PRESET_NONE, *presets] if presets else None

    @property
    @override
    def preset_mode(self) -> str | None:
        """The device's mode, where it is none of Home Assistant's."""
        return self.modes.preset_of(self._word)

    # fan and swing

    @property
    @override
    def fan_modes(self) -> list[str] | None:
        """How its fan can run."""
        if ThermostatFanMode.set_thermostat_fan_mode in self.commands:
            told = self.read(ThermostatFanMode.supported_thermostat_fan_modes)
            return [str(mode) for mode in told or ThermostatFanModeValue]
        if AirConditionerFanMode.set_fan_mode in self.commands:
            modes = self.read(AirConditionerFanMode.supported_ac_fan_modes)
            return list(modes or ()) or None
        return None

    @property
    @override
    def fan_mode(self) -> str | None:
        """How its fan runs."""
        mode = self.read(ThermostatFanMode.thermostat_fan_mode)
        return self.read(AirConditionerFanMode.fan_mode) if mode is None else str(mode)

    @property
    def swings(self) -> dict[str, Oscillation]:
        """How it can swing, by Home Assistant's words."""
        if FanOscillationMode.set_fan_oscillation_mode not in self.commands:
            return {}
        told = self.read(FanOscillationMode.supported_fan_oscillation_modes) or ()
        return {SWINGS.get(mode, str(mode)): mode for mode in told}

    @property
    @override
    def swing_modes(self) -> list[str] | None:
        """How it can swing."""
        return list(self.swings) or None

    @property
    @override
    def swing_mode(self) -> str | None:
        """How it swings."""
        mode = self.read(FanOscillationMode.fan_oscillation_mode)
        return None if mode is None else SWINGS.get(mode, str(mode))

    # temperatures

    def setpoint(self, mode: HVACMode | None) -> type[Heating | Cooling] | None:
        """Return whose setpoint a mode goes by; None: by both."""
        if not self._ranged:
            return Heating if self._heats else Cooling if self._cools else None
        return Heating if mode is HVACMode.HEAT else Cooling if mode in COOLED else None

    @property
    @override
    def native_target_temperature(self) -> float | None:
        """The one temperature it aims at, if it is one."""
        setpoint = self.setpoint(self.hvac_mode)
        if setpoint is Heating:
            return self.read(Heating.heating_setpoint)
        return self.read(Cooling.cooling_setpoint) if setpoint is Cooling else None

    @property
    @override
    def native_target_temperature_low(self) -> float | None:
        """The temperature up to which it heats, where it cools as well."""
        return None if self.setpoint(self.hvac_mode) else self.read(Heating.heating_setpoint)

    @property
    @override
    def native_target_temperature_high(self) -> float | None:
        """The temperature down to which it cools, where it heats as well."""
        return None if self.setpoint(self.hvac_mode) else self.read(Cooling.cooling_setpoint)

    @property
    @override
    def target_temperature_step(self) -> float | None:
        """The smallest sensible change."""
        return Heating.heating_setpoint.step if self._heats else Cooling.cooling_setpoint.step

    def _ranges(self) -> list[tuple[float, float]]:
        """Return the ranges of the setpoints of now, as far as the device tells sensible ones."""
        setpoint = self.setpoint(self.hvac_mode)
        heating = self.read(Heating.heating_setpoint_range) if setpoint is not Cooling else None
        cooling = self.read(Cooling.cooling_setpoint_range) if setpoint is not Heating else None
        return [told for told in (heating, cooling) if told and told[0] < told[1]]

    @property
    @override
    def min_temp(self) -> float:
        """The least that can be aimed at."""
        return min((low for low, _ in self._ranges()), default=DEFAULT_MIN_TEMP)

    @property
    @override
    def max_temp(self) -> float:
        """The most that can be aimed at."""
        return max((high for _, high in self._ranges()), default=DEFAULT_MAX_TEMP)

    @property
    @override
    def native_current_temperature(self) -> float | None:
        """The temperature of the room."""
        return self.read(TemperatureMeasurement.temperature)

    @property
    @override
    def current_humidity(self) -> float | None:
        """The humidity of the room."""
        return self.read(RelativeHumidityMeasurement.humidity)
