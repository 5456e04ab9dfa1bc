"""Meross's thermostat for a heating and air conditioning with a fan (MTS300)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, override

from lan_edge import (
    Json,
    OperatingState,
    PartReading,
    RefusedError,
    RelativeHumidityMeasurement,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    optional_object,
    scaled,
    word_of,
)

from .climate import STATE, Thermostat
from .parts import Change

HVAC = "Appliance.Control.Thermostat.ModeC"
MODES = (
    *(ThermostatModeValue.OFF, ThermostatModeValue.HEAT),
    *(ThermostatModeValue.COOL, ThermostatModeValue.AUTO),
)
FANS = (ThermostatFanModeValue.AUTO, ThermostatFanModeValue.ON)
BY_HAND = 1
CELSIUS, PERCENT = scaled(0.01, 2), scaled(0.1, 1)


@dataclass(frozen=True)
class Hvac(Thermostat):
    """A thermostat with a target for heating and one for cooling."""

    @override
    def readings(self) -> Iterator[PartReading]:
        targets, fan = optional_object(self.told, "targetTemp"), optional_object(self.told, "fan")
        heats, cools = ThermostatHeatingSetpoint, ThermostatCoolingSetpoint
        yield PartReading.known(ThermostatMode.supported_thermostat_modes, MODES)
        yield self.reading(ThermostatMode.thermostat_mode, "mode", lambda n: word_of(MODES, n))
        yield self.reading(TemperatureMeasurement.temperature, "currentTemp", CELSIUS)
        yield PartReading.field(heats.heating_setpoint, targets, "heat", CELSIUS)
        yield PartReading.field(cools.cooling_setpoint, targets, "cold", CELSIUS)
        yield PartReading.field(RelativeHumidityMeasurement.humidity, self.does, "humi", PERCENT)
        yield PartReading(STATE, self.action)
        yield PartReading.known(ThermostatFanMode.supported_thermostat_fan_modes, FANS)
        yield PartReading.field(
            ThermostatFanMode.thermostat_fan_mode, fan, "fMode", lambda n: word_of(FANS, n)
        )

    @property
    def does(self) -> Json:
        """What it does and measures now."""
        return optional_object(self.told, "more")

    def action(self) -> OperatingState | None:
        """Return what it does; None if it does not say."""
        states = {
            "hStatus": OperatingState.HEATING,
            "aStatus": OperatingState.HEATING,
            "cStatus": OperatingState.COOLING,
            "fStatus": OperatingState.FAN_ONLY,
        }
        levels: list[Any] = [self.does.get(name) for name in states]
        known = [type(level) is int for level in levels]
        active = (state for level, state in zip(levels, states.values(), strict=True) if level)
        return next(active, OperatingState.IDLE) if all(known) else None

    @override
    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode not in MODES:
            raise RefusedError(f"it has no mode {mode}")
        return self.to({"mode": MODES.index(mode)})

    @override
    def heated(self, celsius: float) -> list[Change]:
        return self.aimed("heat", celsius)

    def cooled(self, celsius: float) -> list[Change]:
        return self.aimed("cold", celsius)

    def aimed(self, target: str, celsius: float) -> list[Change]:
        """Return what sets one of its targets; the other one stays."""
        targets = {**optional_object(self.told, "targetTemp"), target: round(celsius * 100)}
        return self.to({"work": BY_HAND, "targetTemp": targets})

    def fanned(self, mode: ThermostatFanModeValue) -> list[Change]:
        if mode not in FANS:
            raise RefusedError(f"its fan has no mode {mode}")
        on = FANS.index(mode)
        return self.to({"fan": {"fMode": on, "speed": on}})

    def to(self, told: Json) -> list[Change]:
        return [Change(HVAC, {"control": [{"channel": self.channel, **told}]})]
