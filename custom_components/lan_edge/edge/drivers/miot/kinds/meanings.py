"""What the properties of Xiaomi's devices can mean, and how they are coded."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lan_edge import (
    AirPurifierFanMode,
    Attribute,
    Battery,
    CarbonDioxideMeasurement,
    Coding,
    ColorControl,
    ColorTemperature,
    DustSensor,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    FilterState,
    FineDustSensor,
    HumidifierMode,
    Oscillation,
    PowerMeter,
    RelativeHumidityMeasurement,
    ReplyError,
    RobotCleanerMovement,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    WindMode,
    number,
)

ON, OFF = (True, "on", 1), (False, "off", 0)
FLAG = "flag"
BESIDE = {"usb": "USB", **{f"outlet_{n}": f"Outlet {n}" for n in range(1, 5)}}
"""The names of components beside the main one, by the meaning of their switch."""
type Form = tuple[Coding, Any]
"""How a property of a model is coded, and its range or all its choices, if it has any."""


def is_on(value: Any) -> bool:
    """Return whether something is on; devices say that by a word or a number as well."""
    if isinstance(value, bool | str | int) and value in ON + OFF:
        return value in ON
    raise ReplyError(t"{value!r:.20} is neither on nor off")


def is_flag(value: Any) -> bool:
    """Return a flag; a number may be anything, such as the fault of a heater."""
    if isinstance(value, bool):
        return value
    raise ReplyError(t"it is no flag")


def flags(is_off: Any, is_so: Any) -> Callable[..., Form]:
    """Return the form of what is one of two things, by the codes of off and on."""

    def form(off: Any = False, on: Any = True) -> Form:
        codes = {is_off: off, is_so: on}
        coding = Coding(lambda value: (is_off, is_so)[is_on(value)], codes.__getitem__)
        return coding, (is_off, is_so)

    return form


def whole(*_: Any) -> Form:
    """Return the form of a whole number."""
    return Coding(lambda value: round(number(value))), None


def steps(most: int, least: int = 1) -> Form:
    """Return the form of a speed in steps, by how many there are and the code of the first."""
    below = least - 1
    coding = Coding(lambda value: round(number(value)) - below, lambda value: value + below)
    return coding, (0, most)


def within(low: int, high: int) -> Form:
    """Return the form of a whole number of degrees within limits."""
    return Coding(number, lambda value: round(min(max(value, low), high))), (low, high)


def measured(unit: float = 1) -> Form:
    """Return the form of what a sensor measures."""
    return Coding.units(unit), None


def white(low: int, high: int, least: int = 0, most: int = 0) -> Form:
    """Return the form of a white: in kelvins, or from `least` to `most` for its range."""
    if most:
        return Coding.share(low, high, least, most), (low, high)
    coding = Coding(
        lambda value: round(number(value, t"the colour temperature", 1)),
        lambda value: min(max(value, low), high),
    )
    return coding, (low, high)


def choice(known: Mapping[Any, Any]) -> Form:
    """Return the form of a choice, by code; some devices tell 0 and 1 as false and true."""
    words = Coding.words(known)
    coding = Coding(lambda told: words.read(int(told) if type(told) is bool else told), words.write)
    return coding, tuple(dict.fromkeys(word for word in known.values() if word is not None))


class Meaning(NamedTuple):
    """What a property can mean."""

    attribute: Attribute[Any]
    form: Callable[..., Form] = measured
    """Returns how it is coded, by what else its row has; `choice`, by the words of its codes."""
    lists: Attribute[Any] | None = None
    """What has its range, or all its choices."""
    off: Any = None
    """What it is while the device is off, whatever it tells; None: what it tells."""


MEANINGS: Mapping[str, Meaning] = {
    "switch": Meaning(Switch.switch, flags(is_off=False, is_so=True)),
    FLAG: Meaning(Switch.switch, lambda: (Coding(is_flag), None)),
    **dict.fromkeys(BESIDE, Meaning(Switch.switch, flags(is_off=False, is_so=True))),
    "level": Meaning(SwitchLevel.level, whole),
    "white": Meaning(
        *(ColorTemperature.color_temperature, white, ColorTemperature.color_temperature_range)
    ),
    "hue": Meaning(ColorControl.hue, lambda: (Coding.hue(), None)),
    "saturation": Meaning(ColorControl.saturation, lambda: (Coding.saturation(), None)),
    "speed": Meaning(FanSpeed.fan_speed, steps, FanSpeed.fan_speed_range, off=0),
    "percent": Meaning(FanSpeedPercent.percent, whole, off=0),
    "purifier": Meaning(
        AirPurifierFanMode.air_purifier_fan_mode,
        choice,
        AirPurifierFanMode.supported_air_purifier_fan_modes,
    ),
    "humidifier": Meaning(
        *(HumidifierMode.humidifier_mode, choice, HumidifierMode.supported_humidifier_modes)
    ),
    "wind": Meaning(WindMode.wind_mode, choice, WindMode.supported_wind_modes),
    "swing": Meaning(
        FanOscillationMode.fan_oscillation_mode,
        flags(Oscillation.FIXED, Oscillation.SWING),
        FanOscillationMode.supported_fan_oscillation_modes,
    ),
    "heat": Meaning(
        ThermostatMode.thermostat_mode,
        flags(ThermostatModeValue.OFF, ThermostatModeValue.HEAT),
        ThermostatMode.supported_thermostat_modes,
    ),
    "target": Meaning(
        ThermostatHeatingSetpoint.heating_setpoint,
        within,
        ThermostatHeatingSetpoint.heating_setpoint_range,
    ),
    "movement": Meaning(RobotCleanerMovement.robot_cleaner_movement, choice),
    "battery": Meaning(Battery.battery, whole),
    "power": Meaning(PowerMeter.power),
    "temperature": Meaning(TemperatureMeasurement.temperature),
    "humidity": Meaning(RelativeHumidityMeasurement.humidity),
    "dust": Meaning(FineDustSensor.fine_dust_level),
    "fine": Meaning(DustSensor.fine_dust_level),
    "coarse": Meaning(DustSensor.dust_level),
    "co2": Meaning(CarbonDioxideMeasurement.carbon_dioxide),
    "filter": Meaning(FilterState.filter_life_remaining, whole),
}
"""By the names that rows have, and that are stored."""
