"""The kinds of Tuya devices: what they can do, and what makes the parts of each."""

from lan_edge import (
    Battery,
    Capability,
    ColorControl,
    ColorTemperature,
    ContactSensor,
    EnergyMeter,
    FanSpeed,
    FilterState,
    FineDustSensor,
    MotionSensor,
    RelativeHumidityMeasurement,
    SmokeDetector,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    WaterSensor,
    WindowShade,
    WindowShadeLevel,
)

from .air import CAPABILITIES as OF_AIR, air_conditioners
from .covers import covers
from .fans import fans, purifiers
from .humidity import TargetHumidity, humidifiers
from .lights import dimmers, lights
from .meters import meters
from .outlets import METERS, outlets
from .parts import Maker, TuyaKind
from .sensors import ALARMS, MOTIONS, SMOKES, climates, sensors
from .thermostats import thermostats

CAPABILITIES: tuple[type[Capability], ...] = (
    *(Battery, ColorControl, ColorTemperature, ContactSensor, FanSpeed, MotionSensor),
    *(RelativeHumidityMeasurement, SmokeDetector, Switch, SwitchLevel, TemperatureMeasurement),
    *(ThermostatHeatingSetpoint, ThermostatMode, WaterSensor, WindowShade, WindowShadeLevel),
    *(EnergyMeter, FilterState, FineDustSensor, TargetHumidity),
    *(capability for capability, *_ in METERS),
    *(capability for capability in OF_AIR if capability not in {Switch, TemperatureMeasurement}),
)
MAKERS: dict[TuyaKind, Maker] = {
    TuyaKind.AUTOMATIC: outlets,
    TuyaKind.OUTLET: outlets,
    TuyaKind.LIGHT: lights,
    TuyaKind.DIMMER: dimmers,
    TuyaKind.COVER: covers,
    TuyaKind.THERMOSTAT: thermostats,
    TuyaKind.FAN: fans,
    TuyaKind.AIR: air_conditioners,
    TuyaKind.CLIMATE: climates,
    TuyaKind.HUMIDIFIER: humidifiers,
    TuyaKind.METER: meters,
    TuyaKind.PURIFIER: purifiers,
    TuyaKind.CONTACT: sensors(
        ContactSensor, ContactSensor.contact, {True: True, False: False}, "2", "3"
    ),
    TuyaKind.MOTION: sensors(MotionSensor, MotionSensor.motion, MOTIONS, "4", "3"),
    TuyaKind.LEAK: sensors(WaterSensor, WaterSensor.water, ALARMS, "4"),
    TuyaKind.SMOKE: sensors(SmokeDetector, SmokeDetector.smoke, SMOKES, "15", "14"),
}
