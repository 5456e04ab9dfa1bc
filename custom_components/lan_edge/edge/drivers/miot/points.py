"""What the properties of Xiaomi's devices can mean, and how a row of a table says it.

A row is where a property is: `2.1` is property 1 of service 2 of MIoT; older devices have it by
name, with the request that sets it: `power set_power`, or with one for off and one for on. More in
the row is what its meaning takes: the codes of a choice, the range of a white, a unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lan_edge import (
    AirPurifierFanMode,
    Attribute,
    Battery,
    CarbonDioxideMeasurement,
    CleanerMovement,
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
    Json,
    Oscillation,
    PowerMeter,
    Property,
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
    color_in,
    color_number,
    number,
)

ON, OFF = (True, "on", 1), (False, "off", 0)
USB = "usb"
WORDS = ("off", "on")
"""How most older devices say that something is off, or on."""
type Row = str | tuple[Any, ...]


def is_on(value: Any) -> bool:
    """Return whether something is on; devices say that by a word or a number as well."""
    if isinstance(value, bool | str | int) and value in ON + OFF:
        return value in ON
    raise ReplyError(f"{value!r:.20} is neither on nor off")


def flag(off: Any = False, on: Any = True) -> Coding:
    """Return the coding of a switch."""
    return Coding(is_on, {False: off, True: on}.__getitem__)


def swing(off: Any = False, on: Any = True) -> Coding:
    """Return the coding of whether a fan turns from side to side."""
    codes = {Oscillation.SWING: on, Oscillation.FIXED: off}
    return Coding(lambda value: [*codes][not is_on(value)], codes.__getitem__)


def choice(known: Mapping[Any, Any]) -> Coding:
    """Return the coding of a choice; some devices tell 0 and 1 as false and true."""
    words = Coding.words(known)
    return Coding(lambda told: words.read(int(told) if type(told) is bool else told), words.write)


def whole() -> Coding:
    """Return the coding of a whole number."""
    return Coding(lambda value: round(number(value)))


def steps(_: int, least: int = 1) -> Coding:
    """Return the coding of a speed in steps, by how many there are and the code of the first."""
    return Coding(lambda value: round(number(value)) + 1 - least, lambda value: value - 1 + least)


def heating() -> Coding:
    """Return the coding of whether a heater is on."""
    modes = {ThermostatModeValue.OFF: False, ThermostatModeValue.HEAT: True}
    return Coding(lambda value: [*modes][is_on(value)], modes.__getitem__)


def within(low: int, high: int) -> Coding:
    """Return the coding of a whole number of degrees within limits."""
    return Coding(number, lambda value: round(min(max(value, low), high)))


def measured(unit: float = 1) -> Coding:
    """Return the coding of what a sensor measures."""
    return Coding.units(unit)


def white(low: int, high: int, least: int = 0, most: int = 0) -> Coding:
    """Return the coding of a white: in kelvins, or from `least` to `most` for its range."""
    if most:
        return Coding.share(low, high, least, most)
    return Coding(
        lambda value: round(number(value, "the colour temperature", 1)),
        lambda value: min(max(value, low), high),
    )


def color(n: int) -> Coding:
    """Return the coding of the hue or the saturation of a colour, which is one number."""
    return Coding(lambda value: color_in(value)[n], lambda both: color_number(*both))


class Meaning(NamedTuple):
    """What a property can mean, and how that is coded usually."""

    attribute: Attribute[Any]
    coding: Callable[..., Coding] = measured
    lists: Attribute[Any] | None = None
    """What has its range, or all its choices."""


MEANINGS: Mapping[str, Meaning] = {
    "switch": Meaning(Switch.switch, flag),
    USB: Meaning(Switch.switch, flag),
    "level": Meaning(SwitchLevel.level, whole),
    "white": Meaning(
        *(ColorTemperature.color_temperature, white, ColorTemperature.color_temperature_range)
    ),
    "hue": Meaning(ColorControl.hue, lambda: color(0)),
    "saturation": Meaning(ColorControl.saturation, lambda: color(1)),
    "speed": Meaning(FanSpeed.fan_speed, steps, FanSpeed.fan_speed_range),
    "percent": Meaning(FanSpeedPercent.percent, whole),
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
        swing,
        FanOscillationMode.supported_fan_oscillation_modes,
    ),
    "heat": Meaning(
        *(ThermostatMode.thermostat_mode, heating, ThermostatMode.supported_thermostat_modes)
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
"""What a property can mean, by the names that are stored."""


def listed(meaning: str, more: tuple[Any, ...]) -> Any:
    """Return the range or the choices of a property, by what its row has."""
    if meaning == "speed":
        return 0, more[0]
    if meaning in {"white", "target"}:
        return more[:2]
    if meaning == "heat":
        return ThermostatModeValue.OFF, ThermostatModeValue.HEAT
    if meaning == "swing":
        return Oscillation.SWING, Oscillation.FIXED
    return tuple(dict.fromkeys(word for word in more[0].values() if word is not None))


def property_of(meaning: str, row: Row) -> Property:
    """Return the property that a row of a table is."""
    place, *more = (row,) if isinstance(row, str) else row
    at, _, setter = place.partition(" ")
    own = MEANINGS[meaning]
    lists = {} if own.lists is None else {own.lists: listed(meaning, tuple(more))}
    return Property(own.attribute, at, own.coding(*more), setter, lists)


@dataclass(frozen=True, slots=True)
class Spec:
    """What a model consists of."""

    points: Mapping[str, Property]
    """By their meaning."""
    category: str = ""
    actions: Mapping[CleanerMovement, tuple[str, ...]] = field(
        default_factory=dict[CleanerMovement, tuple[str, ...]]
    )
    """What has a robot do something, in order: actions of MIoT by their numbers, or requests."""
    manual: Any = None
    """The mode in which the speed of an air purifier counts."""
    at_once: int = 15
    """How many properties are read in one request."""
    request: str = "get_prop"
    """What reads an older device; any other than this has all in one answer, by name."""
    rather: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties that count instead of others while they are not 0."""
    when: Mapping[str, tuple[str, Any]] = field(default_factory=dict[str, tuple[str, Any]])
    """For properties that count only now and then: another one, and the value that it has then."""

    proof: str = ""
    """Where something must be told; if it is not, all but the switch may be something else."""

    @property
    def addresses(self) -> list[str]:
        """The properties to read."""
        others = [*self.rather.values(), *(at for at, _ in self.when.values())]
        return list(dict.fromkeys([*(point.at for point in self.points.values()), *others]))

    def code_in(self, at: str, values: Json) -> Any:
        """Return what the device tells at a place; None if it does not, or it does not count."""
        other, wanted = self.when.get(at, ("", None))
        if values.get(other) != wanted:
            return None
        return values.get(self.rather.get(at, "")) or values.get(at)

    def believed(self, values: Json) -> Json:
        """Return what counts of all that the device tells."""
        if not self.proof or values.get(self.proof) is not None:
            return values
        return {at: value for at, value in values.items() if at == self.points["switch"].at}


def spec(category: str = "", /, *, based_on: Spec | None = None, **row: Any) -> Spec:
    """Return a spec by the rows of its properties, and what else is known of it.

    It has what it is based on, too.
    """
    points = {name: property_of(name, row.pop(name)) for name in [*row] if name in MEANINGS}
    if based_on is None:
        return Spec(points, category, **row)
    return replace(based_on, points={**based_on.points, **points}, **row)
