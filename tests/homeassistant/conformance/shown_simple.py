"""What an owner sees of what is one attribute: by hand."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import lan_edge as edge
from lan_edge import Attribute

from .shown import (
    Shown,
    danger,
    in_hectopascals,
    number,
    on_off,
    same,
    state,
    told,
    word,
)

SENSORS: tuple[Attribute[Any], ...] = (
    edge.ActivitySensor.activity,
    edge.AirQualitySensor.air_quality,
    edge.Battery.battery,
    edge.CarbonDioxideMeasurement.carbon_dioxide,
    edge.CurrentMeasurement.current,
    edge.DustSensor.dust_level,
    edge.DustSensor.fine_dust_level,
    edge.EnergyMeter.energy,
    edge.FilterState.filter_life_remaining,
    edge.FineDustSensor.fine_dust_level,
    edge.GasMeter.gas_meter,
    edge.GasMeter.gas_meter_volume,
    edge.GasMeter.gas_meter_calorific,
    edge.GasMeter.gas_meter_conversion,
    edge.IlluminanceMeasurement.illuminance,
    edge.MediaGroup.group_role,
    edge.MovementSensor.movement,
    edge.PowerConsumptionReport.energy,
    edge.PowerConsumptionReport.power,
    edge.PowerConsumptionReport.energy_saved,
    edge.PowerMeter.power,
    edge.PowerSource.power_source,
    edge.RelativeHumidityMeasurement.humidity,
    edge.SignalStrength.lqi,
    edge.SignalStrength.rssi,
    edge.TemperatureMeasurement.temperature,
    edge.ThermostatOperatingState.thermostat_operating_state,
    edge.ThreeAxis.x,
    edge.ThreeAxis.y,
    edge.ThreeAxis.z,
    edge.TvocMeasurement.tvoc_level,
    edge.UltravioletIndex.ultraviolet_index,
    edge.VeryFineDustSensor.very_fine_dust_level,
    edge.VoltageMeasurement.voltage,
    edge.WaterMeter.last_hour,
    edge.WaterMeter.last_twenty_four_hours,
    edge.WaterMeter.last_seven_days,
)
BINARY_SENSORS: tuple[Attribute[Any], ...] = (
    edge.AccelerationSensor.acceleration,
    edge.ContactSensor.contact,
    edge.MotionSensor.motion,
    edge.OccupancySensor.occupancy,
    edge.PresenceSensor.presence,
    edge.SoundSensor.sound,
    edge.TamperAlert.tamper,
    edge.WaterSensor.water,
)
SWITCHES: tuple[Attribute[Any], ...] = (
    edge.AudioMute.muted,
    edge.MediaGroup.group_mute,
    edge.MediaPlaybackShuffle.playback_shuffle,
)
NUMBERS: tuple[Attribute[Any], ...] = (
    edge.ColorControl.hue,
    edge.ColorControl.saturation,
    edge.ColorTemperature.color_temperature,
    edge.MediaGroup.group_volume,
    edge.SwitchLevel.level,
    edge.WindowShadePreset.position,
    edge.WindowShadeTiltLevel.shade_tilt_level,
)
SELECTS: tuple[Attribute[Any], ...] = (
    edge.FanOscillationMode.fan_oscillation_mode,
    edge.HumidifierMode.humidifier_mode,
    edge.MediaPlaybackRepeat.playback_repeat_mode,
    edge.ThermostatFanMode.thermostat_fan_mode,
    edge.WindMode.wind_mode,
)
CHOICES: tuple[tuple[Attribute[Any], Attribute[Any]], ...] = (
    (edge.AirConditionerFanMode.fan_mode, edge.AirConditionerFanMode.supported_ac_fan_modes),
    (edge.MediaInputSource.input_source, edge.MediaInputSource.supported_input_sources),
    (edge.Mode.mode, edge.Mode.supported_modes),
)
"""Texts, and what lists them."""


def simple() -> Iterator[Shown]:
    """Yield what shows each attribute of a capability that is alone, where it is one entity."""
    of: dict[str, tuple[Attribute[Any], ...]] = {
        "sensor": SENSORS,
        "binary_sensor": BINARY_SENSORS,
        "switch": SWITCHES,
        "number": NUMBERS,
        "select": SELECTS,
    }
    for platform, attributes in of.items():
        for a in attributes:
            yield _simple(platform, a)
    for a, listing in CHOICES:
        longest, too_long = "ä" * 255, "ä" * 256  # for a state
        texts = {"Day": "Day", longest: longest, too_long: "unknown", "not listed": "unknown"}
        given = ((listing, ("Day", longest, too_long)),)
        yield Shown(a.capability.id, "select", a.id, a, state, texts, given)
    button = edge.Button.button
    yield Shown(button.capability.id, "event", button.id, button, told("event_type"), same)
    air = edge.AtmosphericPressureMeasurement.atmospheric_pressure
    yield Shown(air.capability.id, "sensor", air.id, air, number, in_hectopascals)
    for detector in (
        edge.CarbonMonoxideDetector.carbon_monoxide,
        edge.SmokeDetector.smoke,
    ):
        home = detector.capability.id
        yield Shown(home, "binary_sensor", detector.id, detector, state, danger)
    switch = edge.Switch.switch
    yield Shown("switch", "switch", "switch", switch, state, on_off)


def _simple(platform: str, attribute: Attribute[Any]) -> Shown:
    kind, home = attribute.schema.type, attribute.capability.id
    see, expect = (state, on_off) if kind is bool else (number, same)
    if issubclass(kind, Enum):
        see, expect = state, word
    return Shown(home, platform, attribute.id, attribute, see, expect)
