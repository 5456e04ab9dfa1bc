"""Climate: modes, setpoints, fan and measurements of a component."""

from dataclasses import replace
from typing import Any, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    ClimateEntity,
    ClimateEntityFeature as Feature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, Platform, UnitOfTemperature

from lan_edge import (
    ClimateIntent,
    FanOscillationMode,
    RelativeHumidityMeasurement,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint as Heating,
)

from ..coordinator import LanEdgeCoordinator
from ..entities.lifecycle import setup_entry_of
from ..entities.mapping import EntitySpec
from ..entity import LanEdgeEntity
from ..errors import InvalidActionError
from .airflow import Airflow
from .compat import with_former_names
from .setpoints import Setpoints
from .state import ModeState

PARALLEL_UPDATES = 0  # the library queues the commands of each device


@with_former_names
class LanEdgeClimate(LanEdgeEntity, ClimateEntity):
    """A thermostat or an air conditioner."""

    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_temperature_unit = UnitOfTemperature.CELSIUS  # the name in 2026.10

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use what the component supports."""
        super().__init__(coordinator, spec)
        self._setpoints = Setpoints(spec, self.read)
        self._modes = ModeState(spec, self._setpoints, self.read)
        self._airflow = Airflow(spec, self.read)
        self._attr_target_temperature_step = self._setpoints.step

    @property
    @override
    def supported_features(self) -> Feature:
        """Return what is supported now; the device may list its modes."""
        features = Feature(0)
        if self._setpoints.can_heat or self._setpoints.can_cool:
            features |= Feature.TARGET_TEMPERATURE
        if self._setpoints.can_heat and self._setpoints.can_cool:
            features |= Feature.TARGET_TEMPERATURE_RANGE
        if self.preset_modes:
            features |= Feature.PRESET_MODE
        if self.fan_modes:
            features |= Feature.FAN_MODE
        if self.swing_modes:
            features |= Feature.SWING_MODE
        modes = self.hvac_modes
        if self._modes.has_switch or (HVACMode.OFF in modes and len(modes) > 1):
            features |= Feature.TURN_OFF | Feature.TURN_ON
        return features

    # modes

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """Return the HVAC modes that can be set."""
        return self._modes.hvac_modes

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """Return the current HVAC mode."""
        return self._modes.hvac_mode

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        """Return what the device is doing now."""
        return self._modes.hvac_action

    @property
    @override
    def preset_modes(self) -> list[str] | None:
        """Return the modes of the device that are not HVAC modes."""
        return self._modes.preset_modes

    @property
    @override
    def preset_mode(self) -> str | None:
        """Return the current preset."""
        return self._modes.preset_mode

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Set the HVAC mode."""
        await self.perform(self._mode_intent(hvac_mode))

    def _mode_intent(self, mode: HVACMode) -> ClimateIntent:
        """Return the intent that sets an HVAC mode; raise ServiceValidationError if unsupported."""
        self._valid_mode_or_raise("hvac", mode, self.hvac_modes)
        return self._modes.mode_intent(mode)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Set a preset; for none, leave the current one."""
        for setter, is_on in self._modes.preset_switches(preset_mode):
            await self.send(setter, is_on)
        if (intent := self._modes.preset_intent(preset_mode)) is not None:
            await self.perform(intent)

    @override
    async def async_turn_on(self) -> None:
        """Turn it on: by its switch, else in the default HVAC mode."""
        if self._modes.has_switch:
            await self.perform(ClimateIntent(on=True))
        elif (mode := self._modes.modes.default) is not None:
            await self.perform(self._mode_intent(mode))

    @override
    async def async_turn_off(self) -> None:
        """Turn it off."""
        await self.perform(self._mode_intent(HVACMode.OFF))

    # temperatures and humidity

    @property
    def native_current_temperature(self) -> float | None:
        """Return the temperature of the room."""
        return self.read(TemperatureMeasurement.temperature)

    @property
    def native_target_temperature(self) -> float | None:
        """Return the target temperature in a mode with a single one."""
        return self._setpoints.target(self.hvac_mode)

    @property
    def native_target_temperature_low(self) -> float | None:
        """Return the temperature below which it heats, in a mode with two."""
        return self._setpoints.target_low(self.hvac_mode)

    @property
    def native_target_temperature_high(self) -> float | None:
        """Return the temperature above which it cools, in a mode with two."""
        return self._setpoints.target_high(self.hvac_mode)

    @property
    @override
    def min_temp(self) -> float:
        """Return the lowest target temperature."""
        return self._setpoints.minimum(self.hvac_mode)

    @property
    @override
    def max_temp(self) -> float:
        """Return the highest target temperature."""
        return self._setpoints.maximum(self.hvac_mode)

    @property
    @override
    def current_humidity(self) -> float | None:
        """Return the humidity of the room in percent."""
        return self.read(RelativeHumidityMeasurement.humidity)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set one or two target temperatures, together with the HVAC mode if one is given."""
        mode: HVACMode | None = kwargs.get(ATTR_HVAC_MODE)
        intent = ClimateIntent() if mode is None else self._mode_intent(mode)
        heating, cooling = kwargs.get(ATTR_TARGET_TEMP_LOW), kwargs.get(ATTR_TARGET_TEMP_HIGH)
        if (temperature := kwargs.get(ATTR_TEMPERATURE)) is not None:
            setpoint = self._setpoints.single_setpoint(mode or self.hvac_mode)
            if setpoint is None:
                raise InvalidActionError(translation_key="two_temperatures")
            is_heating = setpoint is Heating
            heating, cooling = (temperature, None) if is_heating else (None, temperature)
        await self.perform(replace(intent, heating=heating, cooling=cooling))

    # fan

    @property
    @override
    def fan_modes(self) -> list[str] | None:
        """Return the fan modes."""
        return self._airflow.fan_modes

    @property
    @override
    def fan_mode(self) -> str | None:
        """Return the current fan mode."""
        return self._airflow.fan_mode

    @property
    @override
    def swing_modes(self) -> list[str] | None:
        """Return the swing modes."""
        return list(self._airflow.swing_modes) or None

    @property
    @override
    def swing_mode(self) -> str | None:
        """Return the current swing mode."""
        return self._airflow.swing_mode

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        """Set the fan mode."""
        await self.perform(self._airflow.fan_intent(fan_mode))

    @override
    async def async_set_swing_mode(self, swing_mode: str) -> None:
        """Set the swing mode."""
        value = self._airflow.swing_modes[swing_mode]
        await self.send(FanOscillationMode.set_fan_oscillation_mode, value)


async_setup_entry = setup_entry_of(Platform.CLIMATE, LanEdgeClimate)
