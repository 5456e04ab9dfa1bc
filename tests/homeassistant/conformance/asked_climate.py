"""What thermostats, fans and humidifiers do: by hand."""

import lan_edge as edge

from .asked import Asked, by
from .shown import Given

ON: Given = ((edge.Switch.switch, True),)
OFF: Given = ((edge.Switch.switch, False),)
WARM: Given = (
    (edge.ThermostatMode.thermostat_mode, edge.ThermostatModeValue.HEAT),
    (edge.ThermostatHeatingSetpoint.heating_setpoint_range, (5.0, 30.0)),
    (edge.ThermostatCoolingSetpoint.cooling_setpoint_range, (15.0, 35.0)),
)
AC: Given = (
    *ON,
    (edge.AirConditionerMode.supported_ac_modes, ("cool", "dry")),
    (edge.AirConditionerFanMode.supported_ac_fan_modes, ("low", "high")),
    (edge.FanOscillationMode.supported_fan_oscillation_modes, ("fixed", "all")),
)
MODE = edge.ThermostatModeValue


def thermostats() -> list[Asked]:
    """Return what thermostats and air conditioners do."""
    heat, cool = edge.ThermostatHeatingSetpoint, edge.ThermostatCoolingSetpoint
    mode, ac = edge.ThermostatMode, edge.AirConditionerMode
    fan, ac_fan = edge.ThermostatFanMode, edge.AirConditionerFanMode
    return by(
        "climate",
        "thermostatMode",
        *(
            (
                "set_hvac_mode",
                "thermostat",
                {"hvac_mode": said},
                (mode.set_thermostat_mode, {"mode": meant}),
                WARM,
            )
            for said, meant in {
                "heat": MODE.HEAT,
                "cool": MODE.COOL,
                "heat_cool": MODE.AUTO,
                "off": MODE.OFF,
            }.items()
        ),
        ("turn_off", "thermostat", {}, (mode.set_thermostat_mode, {"mode": MODE.OFF}), WARM),
        ("turn_on", "thermostat", {}, (mode.set_thermostat_mode, {"mode": MODE.AUTO}), WARM),
        (
            "set_temperature",
            "thermostat",
            {"temperature": 5},
            (heat.set_heating_setpoint, {"setpoint": 5.0}),
            WARM,
        ),
        (
            "set_temperature",
            "thermostat",
            {"temperature": 21.5, "hvac_mode": "cool"},
            [
                (mode.set_thermostat_mode, {"mode": MODE.COOL}),
                (cool.set_cooling_setpoint, {"setpoint": 21.5}),
            ],
            WARM,
        ),
        (
            "set_temperature",
            "thermostat",
            {"target_temp_low": 18, "target_temp_high": 24},
            [
                (heat.set_heating_setpoint, {"setpoint": 18.0}),
                (cool.set_cooling_setpoint, {"setpoint": 24.0}),
            ],
            (
                *WARM,
                (mode.thermostat_mode, MODE.AUTO),
                (cool.cooling_setpoint, 25.0),
            ),
        ),
        (
            "set_fan_mode",
            "thermostat",
            {"fan_mode": "circulate"},
            (fan.set_thermostat_fan_mode, {"mode": edge.ThermostatFanModeValue.CIRCULATE}),
            (),
        ),
        (
            "set_preset_mode",
            "thermostat",
            {"preset_mode": "eco"},
            (mode.set_thermostat_mode, {"mode": MODE.ECO}),
            ((mode.supported_thermostat_modes, (MODE.HEAT, MODE.ECO)),),
        ),
        ("turn_on", "aircon", {}, (edge.Switch.on, {}), OFF),
        ("turn_off", "aircon", {}, (edge.Switch.off, {}), ON),
        (
            "set_hvac_mode",
            "aircon",
            {"hvac_mode": "dry"},
            (ac.set_air_conditioner_mode, {"mode": "dry"}),
            AC,
        ),
        (
            "set_hvac_mode",
            "aircon",
            {"hvac_mode": "dry"},
            [(edge.Switch.on, {}), (ac.set_air_conditioner_mode, {"mode": "dry"})],
            (*AC, *OFF),
        ),
        (
            "set_temperature",
            "aircon",
            {"temperature": 20},
            (cool.set_cooling_setpoint, {"setpoint": 20.0}),
            AC,
        ),
        (
            "set_fan_mode",
            "aircon",
            {"fan_mode": "high"},
            (ac_fan.set_fan_mode, {"fan_mode": "high"}),
            AC,
        ),
        (
            "set_swing_mode",
            "aircon",
            {"swing_mode": "both"},
            (
                edge.FanOscillationMode.set_fan_oscillation_mode,
                {"fan_oscillation_mode": edge.Oscillation.ALL},
            ),
            AC,
        ),
    )


def fans() -> list[Asked]:
    """Return what fans and humidifiers do."""
    percent, swing = edge.FanSpeedPercent, edge.FanOscillationMode
    return by(
        "fan",
        "fanSpeed",
        ("turn_on", "blower", {}, (edge.Switch.on, {}), OFF),
        ("turn_off", "blower", {}, (edge.Switch.off, {}), ON),
        ("set_percentage", "blower", {"percentage": 1}, (percent.set_percent, {"percent": 1}), ON),
        (
            "set_percentage",
            "blower",
            {"percentage": 100},
            (percent.set_percent, {"percent": 100}),
            ON,
        ),
        ("set_percentage", "blower", {"percentage": 0}, (edge.Switch.off, {}), ON),
        (
            "set_percentage",
            "steps",
            {"percentage": 75},
            (edge.FanSpeed.set_fan_speed, {"speed": 3}),
            (*ON, (edge.FanSpeed.fan_speed_range, (0, 4))),
        ),
        (
            "turn_on",
            "blower",
            {"percentage": 40, "preset_mode": "low"},
            [
                (edge.Switch.on, {}),
                (edge.FanMode.set_fan_mode, {"fan_mode": edge.FanModeValue.LOW}),
                (percent.set_percent, {"percent": 40}),
            ],
            OFF,
        ),
        (
            "set_preset_mode",
            "blower",
            {"preset_mode": "natural_wind"},
            (edge.WindMode.set_wind_mode, {"wind_mode": edge.Wind.NATURAL_WIND}),
            ON,
        ),
        (
            "set_preset_mode",
            "purifier",
            {"preset_mode": "wind_free"},
            (
                edge.AirPurifierFanMode.set_air_purifier_fan_mode,
                {"air_purifier_fan_mode": edge.PurifierMode.WIND_FREE},
            ),
            ON,
        ),
        (
            "oscillate",
            "blower",
            {"oscillating": True},
            (swing.set_fan_oscillation_mode, {"fan_oscillation_mode": edge.Oscillation.ALL}),
            ON,
        ),
    ) + by(
        "humidifier",
        "humidifierMode",
        ("turn_on", "moist", {}, (edge.Switch.on, {}), OFF),
        ("turn_off", "moist", {}, (edge.Switch.off, {}), ON),
        *(
            (
                "set_mode",
                "moist",
                {"mode": str(mode)},
                (edge.HumidifierMode.set_humidifier_mode, {"humidifier_mode": mode}),
                ON,
            )
            for mode in edge.HumidifierModeValue
        ),
    )


ASKED: tuple[Asked, ...] = (*thermostats(), *fans())
