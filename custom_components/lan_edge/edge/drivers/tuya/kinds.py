"""The kinds of Tuya devices: recognized by their points, and the parts that each has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lan_edge import (
    Attribute,
    Battery,
    Capability,
    ColorControl,
    ColorTemperature,
    ContactSensor,
    CurrentMeasurement,
    DetectorState,
    EnergyMeter,
    FanSpeed,
    Json,
    MotionSensor,
    PowerMeter,
    RelativeHumidityMeasurement,
    ShadeCommand,
    ShadeState,
    SmokeDetector,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    VoltageMeasurement,
    WaterSensor,
    WindowShade,
    WindowShadeLevel,
    number,
    scaled,
    value_at,
)

from .air import CAPABILITIES as OF_AIR, air_conditioners
from .lights import dimmers, lights
from .meters import meters
from .parts import (
    Part,
    Reading,
    TuyaKind,
    TuyaSettings,
    batteries,
    constant,
    is_number,
    meaning,
    reading,
    switch_at,
)

SHADES = (
    ("open", "close", "stop"),
    ("ZZ", "FZ", "STOP"),
    ("1", "2", "0"),
    ("01", "02", "00"),
    ("fopen", "fclose", ""),
    ("up", "down", "stop"),
    ("on", "off", "stop"),
)
"""What opens, closes and stops a cover, in the vocabularies of different makers."""
ALARMS = {"alarm": True, "normal": False, "1": True, "2": False, True: True, False: False}
SMOKES = {
    word: DetectorState.DETECTED if is_on else DetectorState.CLEAR for word, is_on in ALARMS.items()
}
MOTIONS = {"pir": True, "none": False, True: True, False: False}
METERS: tuple[tuple[type[Capability], Attribute[float], str, str, float], ...] = (
    # with the points of newer and of older plugs, and their unit
    (PowerMeter, PowerMeter.power, "19", "5", 0.1),
    (VoltageMeasurement, VoltageMeasurement.voltage, "20", "6", 0.1),
    (CurrentMeasurement, CurrentMeasurement.current, "18", "4", 0.001),
)
CAPABILITIES: tuple[type[Capability], ...] = (
    *(Battery, ColorControl, ColorTemperature, ContactSensor, FanSpeed, MotionSensor),
    *(RelativeHumidityMeasurement, SmokeDetector, Switch, SwitchLevel, TemperatureMeasurement),
    *(ThermostatHeatingSetpoint, ThermostatMode, WaterSensor, WindowShade, WindowShadeLevel),
    EnergyMeter,
    *(capability for capability, *_ in METERS),
    *(capability for capability in OF_AIR if capability not in {Switch, TemperatureMeasurement}),
)
FULL = 100
MANY_SPEEDS, FEW_SPEEDS, SPEEDS = 100, 3, 6


def outlets(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield the outlets of a plug or strip, or the gangs of a switch, and the meter."""
    switches = [n for n in map(str, range(1, 9)) if type(points.get(n)) is bool]
    is_old = "19" not in points and all(is_number(points.get(n)) for n in "456")
    meters = [
        reading(capability, attribute, older if is_old else newer, scaled(unit))
        for capability, attribute, newer, older, unit in METERS
        if is_number(points.get(older if is_old else newer)) and (is_old or "19" in points)
    ]
    if len(switches) == 1:
        yield "", Part((switch_at(*switches), *meters), {"switch": switches[0]}, "outlet")
        return
    for n in switches:
        yield f"outlet_{n}", Part((switch_at(n),), {"switch": n}, "outlet", f"Outlet {n}")
    if meters:
        yield "", Part(tuple(meters))


def covers(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a cover, with a position if it reports one."""
    where = next((n for n in "32" if is_number(points.get(n))), "")
    commands = tuple(c for c, word in zip(ShadeCommand, words_of(points), strict=True) if word)
    shade, level = WindowShade.window_shade, WindowShadeLevel.shade_level
    readings = [
        constant(WindowShade, WindowShade.supported_window_shade_commands, commands),
        Reading(WindowShade, shade, partial(shade_of, settings, where)),
    ]
    if where:
        convert = partial(position_of, settings=settings)
        readings += [reading(WindowShadeLevel, level, where, convert)]
    yield "", Part(tuple(readings), {"control": "1", "position": "2"})


def words_of(points: Json) -> tuple[str, str, str]:
    """Return what opens, closes and stops a cover; empty text: nothing does."""
    return next((words for words in SHADES if points.get("1") in words), SHADES[0])


def position_of(position: Any, settings: TuyaSettings) -> int:
    """Return how far a cover is open, by its point, or the other way round."""
    share = round(number(position, "the position", 0, 100))
    return share if settings.is_reversed else 100 - share


def shade_of(settings: TuyaSettings, where: str, points: Json) -> ShadeState | None:
    """Return the state of a cover by its position, or else by what moved it last."""
    if where:
        position = value_at(points, where, partial(position_of, settings=settings))
        return ShadeState.at(position)
    states = (ShadeState.OPEN, ShadeState.CLOSED, ShadeState.PARTIALLY_OPEN)
    return dict(zip(words_of(points), states, strict=True)).get(points.get("1", ""))


def thermostats(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a thermostat; its temperatures are in tenths, halves or whole degrees."""
    is_new = "16" in points
    own = {"switch": "1", "target": "16" if is_new else "2", "now": "24" if is_new else "3"}
    target = number(points.get(own["target"]), "the target")
    is_fine = target > (40 if is_new else FULL)
    scale = settings.temperature or (10 if is_fine else 1 if is_new else 2)
    modes = (ThermostatModeValue.OFF, ThermostatModeValue.HEAT)
    setpoint, mode = ThermostatHeatingSetpoint, ThermostatMode
    readings = (
        reading(
            TemperatureMeasurement,
            TemperatureMeasurement.temperature,
            own["now"],
            scaled(1 / scale),
        ),
        reading(setpoint, setpoint.heating_setpoint, own["target"], scaled(1 / scale)),
        constant(setpoint, setpoint.heating_setpoint_range, (5.0, 35.0)),
        constant(mode, mode.supported_thermostat_modes, modes),
        reading(mode, mode.thermostat_mode, "1", meaning({False: modes[0], True: modes[1]})),
    )
    yield "", Part(readings, own, scale=scale)


def fans(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a fan, and its light if it has one."""
    own = {"switch": "60", "speed": "62"} if "60" in points else {"switch": "1", "speed": "3"}
    speed = points.get(own["speed"])
    most = FEW_SPEEDS if isinstance(speed, str) else SPEEDS
    if is_number(speed) and speed > 2 * SPEEDS:
        most = MANY_SPEEDS

    def shown(points: Json) -> int | None:
        is_off = points.get(own["switch"]) is False
        return 0 if is_off else value_at(points, own["speed"], lambda value: round(number(value)))

    readings = (
        switch_at(own["switch"]),
        constant(FanSpeed, FanSpeed.fan_speed_range, (0, settings.speeds or most)),
        Reading(FanSpeed, FanSpeed.fan_speed, shown),
    )
    yield "", Part(readings, own, "fan")
    if type(points.get("20")) is bool:
        for _, part in lights(points, settings):
            yield "light", replace(part, name="Light")


def climates(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a sensor of temperature, in tenths, and humidity."""
    temperature, humidity = TemperatureMeasurement, RelativeHumidityMeasurement
    readings = (
        reading(temperature, temperature.temperature, "1", scaled(0.1)),
        reading(humidity, humidity.humidity, "2", number),
        *batteries(points, "4", "3"),
    )
    yield "", Part(readings)


def sensors(
    capability: type[Capability],
    attribute: Attribute[Any],
    words: Mapping[Any, Any],
    *battery: str,
) -> Callable[[Json, TuyaSettings], Iterator[tuple[str, Part]]]:
    """Return what makes a sensor of point 1, and of the battery's."""

    def make(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
        state = reading(capability, attribute, "1", meaning(words))
        yield "", Part((state, *batteries(points, *battery)))

    return make


MAKERS: dict[TuyaKind, Callable[[Json, TuyaSettings], Iterator[tuple[str, Part]]]] = {
    TuyaKind.AUTOMATIC: outlets,
    TuyaKind.OUTLET: outlets,
    TuyaKind.LIGHT: lights,
    TuyaKind.DIMMER: dimmers,
    TuyaKind.COVER: covers,
    TuyaKind.THERMOSTAT: thermostats,
    TuyaKind.FAN: fans,
    TuyaKind.AIR: air_conditioners,
    TuyaKind.CLIMATE: climates,
    TuyaKind.METER: meters,
    TuyaKind.CONTACT: sensors(
        ContactSensor, ContactSensor.contact, {True: True, False: False}, "2", "3"
    ),
    TuyaKind.MOTION: sensors(MotionSensor, MotionSensor.motion, MOTIONS, "4", "3"),
    TuyaKind.LEAK: sensors(WaterSensor, WaterSensor.water, ALARMS, "4"),
    TuyaKind.SMOKE: sensors(SmokeDetector, SmokeDetector.smoke, SMOKES, "15", "14"),
}
