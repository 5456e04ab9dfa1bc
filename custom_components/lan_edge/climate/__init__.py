"""Climate: mode, setpoints, fan and what is measured of one component are one thermostat."""

from dataclasses import replace
from typing import Any, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    PRESET_NONE,
    ClimateEntityFeature as Feature,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, Platform

from lan_edge import (
    ClimateIntent,
    FanOscillationMode,
    ThermostatCoolingSetpoint as Cooling,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint as Heating,
    ThermostatModeValue,
)

from ..entities.lifecycle import setup_entry_of
from ..errors import InvalidActionError
from .state import ShownClimate

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeClimate(ShownClimate):
    """A thermostat or an air conditioner, and what it can be told."""

    @property
    @override
    def supported_features(self) -> Feature:
        """What can be done now: the device may say so."""
        heats = Heating.set_heating_setpoint in self.commands
        cools = Cooling.set_cooling_setpoint in self.commands
        features = Feature.TARGET_TEMPERATURE if heats or cools else Feature(0)
        features |= Feature.TARGET_TEMPERATURE_RANGE if heats and cools else Feature(0)
        features |= Feature.PRESET_MODE if self.preset_modes else Feature(0)
        features |= Feature.FAN_MODE if self.fan_modes else Feature(0)
        features |= Feature.SWING_MODE if self.swings else Feature(0)
        modes = self.hvac_modes
        if self.switched or (HVACMode.OFF in modes and len(modes) > 1):
            features |= Feature.TURN_OFF | Feature.TURN_ON
        return features

    def _told(self, word: str) -> ClimateIntent:
        """Return what tells the device to do as one of its words says."""
        on = True if self.switched else None
        if not self.by_word:
            return ClimateIntent(on=on)
        if self.thermostat:
            return ClimateIntent(on=on, mode=ThermostatModeValue(word))
        return ClimateIntent(on=on, ac_mode=word)

    def _in_mode(self, mode: HVACMode) -> ClimateIntent:
        """Return what brings the device into a mode; raise ServiceValidationError."""
        self._valid_mode_or_raise("hvac", mode, self.hvac_modes)
        if mode is HVACMode.OFF and self.switched:
            return ClimateIntent(on=False)
        return self._told(self.modes.hvac[mode])

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Tell it what to do."""
        await self.perform(self._in_mode(hvac_mode))

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Tell it to do what only the device has a word for, or no more to."""
        if preset_mode != PRESET_NONE:
            await self.perform(self._told(self.modes.presets[preset_mode]))
        elif (usual := self.modes.when_on) is not None:
            await self.perform(self._in_mode(usual))

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Aim at one temperature or two, in another mode if that is asked for: in one go."""
        asked: HVACMode | None = kwargs.get(ATTR_HVAC_MODE)
        intent = ClimateIntent() if asked is None else self._in_mode(asked)
        heating, cooling = kwargs.get(ATTR_TARGET_TEMP_LOW), kwargs.get(ATTR_TARGET_TEMP_HIGH)
        if (one := kwargs.get(ATTR_TEMPERATURE)) is not None:
            setpoint = self.setpoint(asked or self.hvac_mode)
            if setpoint is None:
                raise InvalidActionError(translation_key="two_temperatures")
            heating, cooling = (one, None) if setpoint is Heating else (None, one)
        await self.perform(replace(intent, heating=heating, cooling=cooling))

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        """Have its fan run in another way."""
        if ThermostatFanMode.set_thermostat_fan_mode in self.commands:
            intent = ClimateIntent(fan_mode=ThermostatFanModeValue(fan_mode))
        else:
            intent = ClimateIntent(ac_fan_mode=fan_mode)
        await self.perform(intent)

    @override
    async def async_set_swing_mode(self, swing_mode: str) -> None:
        """Have it swing in another way."""
        await self.send(FanOscillationMode.set_fan_oscillation_mode, self.swings[swing_mode])

    @override
    async def async_turn_on(self) -> None:
        """Turn it on, in the mode it had if it has a switch."""
        if self.switched:
            await self.perform(ClimateIntent(on=True))
        elif (usual := self.modes.when_on) is not None:
            await self.perform(self._in_mode(usual))

    @override
    async def async_turn_off(self) -> None:
        """Turn it off."""
        await self.perform(self._in_mode(HVACMode.OFF))


async_setup_entry = setup_entry_of(Platform.CLIMATE, LanEdgeClimate)
