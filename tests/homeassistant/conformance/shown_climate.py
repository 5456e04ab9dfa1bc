"""What an owner sees of a thermostat, an air conditioner or a humidifier: by hand."""

from collections.abc import Mapping
from typing import Any

import lan_edge as edge

from .shown import Given, Row, on_off, same, state, tenth, told


def thermostat(usual: str, auto: str) -> Mapping[Any, str]:
    """Expect the HVAC mode; `usual` for all that Home Assistant has no word for."""
    modes = dict.fromkeys(edge.ThermostatModeValue, usual)
    v = edge.ThermostatModeValue
    return modes | {
        v.AUTO: auto,
        v.AUXHEATONLY: "heat",
        v.COOL: "cool",
        v.DRYAIR: "dry",
        v.EMERGENCY_HEAT: "heat",
        v.EMERGENCYHEAT: "heat",
        v.ENERGYSAVECOOL: "cool",
        v.ENERGYSAVEHEAT: "heat",
        v.FANONLY: "fan_only",
        v.HEAT: "heat",
        v.OFF: "off",
    }


def preset(value: Any) -> str:
    """Expect the device's word, unless the mode is one of Home Assistant's."""
    usual = {"auto", "cool", "dryair", "fanonly", "heat", "off"}
    return "none" if value in usual else "sleep" if value == "asleep" else str(value)


ACTIONS = {
    edge.OperatingState.HEATING: "heating",
    edge.OperatingState.COOLING: "cooling",
    edge.OperatingState.FAN_ONLY: "fan",
    edge.OperatingState.IDLE: "idle",
    edge.OperatingState.PENDING_HEAT: "idle",
    edge.OperatingState.PENDING_COOL: "idle",
    edge.OperatingState.VENT_ECONOMIZER: "fan",
}
ON: Given = ((edge.Switch.switch, True),)
AUTO: Given = ((edge.ThermostatMode.thermostat_mode, edge.ThermostatModeValue.AUTO),)
HEAT: Given = ((edge.ThermostatMode.thermostat_mode, edge.ThermostatModeValue.HEAT),)
AC: Given = (*ON, (edge.AirConditionerMode.supported_ac_modes, ("cool", "dry", "heat")))
COOL: Given = (*AC, (edge.AirConditionerMode.air_conditioner_mode, "cool"))
SWINGS: Given = (
    (edge.FanOscillationMode.supported_fan_oscillation_modes, tuple(edge.Oscillation)),
)

ROWS: tuple[Row, ...] = (
    (
        "climate",
        "thermostat",
        edge.ThermostatMode.thermostat_mode,
        state,
        thermostat("heat_cool", "heat_cool"),
        (),
    ),
    (
        "climate",
        "thermostatMode",
        edge.ThermostatMode.thermostat_mode,
        state,
        thermostat("heat", "auto"),
        (),
    ),
    (
        "climate",
        "thermostat",
        edge.ThermostatMode.thermostat_mode,
        lambda s: s.attributes.get("preset_mode", "none"),
        preset,
        (),
    ),
    (
        "climate",
        "thermostat",
        edge.ThermostatHeatingSetpoint.heating_setpoint,
        told("target_temp_low"),
        tenth,
        AUTO,
    ),
    (
        "climate",
        "thermostat",
        edge.ThermostatCoolingSetpoint.cooling_setpoint,
        told("target_temp_high"),
        tenth,
        AUTO,
    ),
    (
        "climate",
        "thermostat thermostatHeatingSetpoint",
        edge.ThermostatHeatingSetpoint.heating_setpoint,
        told("temperature"),
        tenth,
        HEAT,
    ),
    (
        "climate",
        "aircon thermostatCoolingSetpoint",
        edge.ThermostatCoolingSetpoint.cooling_setpoint,
        told("temperature"),
        tenth,
        (),
    ),
    (
        "climate",
        "thermostat aircon",
        edge.TemperatureMeasurement.temperature,
        told("current_temperature"),
        tenth,
        (),
    ),
    (
        "climate",
        "thermostat",
        edge.RelativeHumidityMeasurement.humidity,
        told("current_humidity"),
        same,
        (),
    ),
    (
        "climate",
        "thermostat",
        edge.ThermostatOperatingState.thermostat_operating_state,
        told("hvac_action"),
        ACTIONS,
        AUTO,
    ),
    (
        "climate",
        "thermostat",
        edge.ThermostatFanMode.thermostat_fan_mode,
        told("fan_mode"),
        same,
        (),
    ),
    (
        "climate",
        "aircon",
        edge.AirConditionerMode.air_conditioner_mode,
        state,
        {"cool": "cool", "dry": "dry", "heat": "heat", "auto": "auto", "wind": "fan_only"},
        AC,
    ),
    ("climate", "aircon", edge.Switch.switch, state, {True: "cool", False: "off"}, COOL),
    (
        "climate",
        "aircon",
        edge.AirConditionerFanMode.fan_mode,
        told("fan_mode"),
        lambda mode: mode if mode in {"low", "high"} else None,  # only what can be set
        ((edge.AirConditionerFanMode.supported_ac_fan_modes, ("low", "high")),),
    ),
    (
        "climate",
        "aircon",
        edge.FanOscillationMode.fan_oscillation_mode,
        told("swing_mode"),
        lambda o: "both" if o == "all" else str(o),
        SWINGS,
    ),
    ("humidifier", "moist", edge.Switch.switch, state, on_off, ()),
    ("humidifier", "moist", edge.HumidifierMode.humidifier_mode, told("mode"), same, ON),
    (
        "humidifier",
        "moist",
        edge.RelativeHumidityMeasurement.humidity,
        told("current_humidity"),
        same,
        ON,
    ),
)
