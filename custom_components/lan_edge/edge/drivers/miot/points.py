"""What a Xiaomi device consists of: its properties, and what their values mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lan_edge import (
    AirPurifierFanMode,
    Attribute,
    Battery,
    CarbonDioxideMeasurement,
    CleanerMovement,
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
    PurifierMode,
    RelativeHumidityMeasurement,
    ReplyError,
    RobotCleanerMovement,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    Wind,
    WindMode,
    color_in,
    color_number,
    number,
    scaled,
)

ON = (True, "on", 1)
OFF = (False, "off", 0)
USB = "usb"
ON_OFF = {"off": "off", "on": "on"}
"""How most older devices have it."""
MEANINGS: Mapping[str, Attribute[Any]] = {
    "switch": Switch.switch,
    USB: Switch.switch,
    "level": SwitchLevel.level,
    "white": ColorTemperature.color_temperature,
    "hue": ColorControl.hue,
    "saturation": ColorControl.saturation,
    "speed": FanSpeed.fan_speed,
    "percent": FanSpeedPercent.percent,
    "purifier": AirPurifierFanMode.air_purifier_fan_mode,
    "humidifier": HumidifierMode.humidifier_mode,
    "wind": WindMode.wind_mode,
    "swing": FanOscillationMode.fan_oscillation_mode,
    "movement": RobotCleanerMovement.robot_cleaner_movement,
    "battery": Battery.battery,
    "power": PowerMeter.power,
    "temperature": TemperatureMeasurement.temperature,
    "humidity": RelativeHumidityMeasurement.humidity,
    "dust": FineDustSensor.fine_dust_level,
    "fine": DustSensor.fine_dust_level,
    "coarse": DustSensor.dust_level,
    "co2": CarbonDioxideMeasurement.carbon_dioxide,
    "filter": FilterState.filter_life_remaining,
}
"""What a property can mean."""
SWINGS = {True: Oscillation.SWING, False: Oscillation.FIXED}


@dataclass(frozen=True, slots=True)
class Point:
    """A property: of MIoT by the numbers of its service and its own, of older devices by name."""

    at: str
    read: Callable[[Any], Any]
    """Returns what a value means; raises ReplyError."""
    write: Callable[[Any], Any] = field(default=lambda value: value)
    """Returns the value that means something."""
    setter: str = ""
    """The request of older devices that sets it; with `|`, that for off and that for on."""
    lists: Mapping[Attribute[Any], Any] = field(default_factory=dict[Attribute[Any], Any])
    """What belongs to it and never changes, such as its range."""
    when: tuple[str, Any] | None = None
    """Another property, and the value that it has while this one counts."""
    rather: str = ""
    """Another property, which counts instead of this one while it is not 0."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a model consists of."""

    points: Mapping[str, Point]
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

    @property
    def addresses(self) -> list[str]:
        """The properties to read."""
        points = self.points.values()
        others = [point.when[0] for point in points if point.when]
        others += [point.rather for point in points if point.rather]
        return list(dict.fromkeys([*(point.at for point in points), *others]))


def is_numbered(at: str) -> bool:
    """Return whether a property or an action is one of MIoT."""
    return at[:1].isdigit()


def flag(at: str, setter: str = "", *, off: Any = False, on: Any = True) -> Point:
    """Return a switch; devices also report it by a word or a number."""
    return Point(at, is_on, lambda value: on if value else off, setter)


def is_on(value: Any) -> bool:
    """Return whether something is on."""
    if isinstance(value, bool | str | int) and value in ON + OFF:
        return value in ON
    raise ReplyError(f"{value!r:.20} is neither on nor off")


def words(at: str, known: Mapping[Any, Any], setter: str = "", *lists: Attribute[Any]) -> Point:
    """Return a choice; what has no word, and cannot be set, is None."""
    codes = {word: code for code, word in reversed(list(known.items())) if word is not None}
    options = tuple(dict.fromkeys(word for word in known.values() if word is not None))
    return Point(
        at,
        partial(word_in, known),
        codes.__getitem__,
        setter,
        dict.fromkeys(lists, options),
    )


def word_in(known: Mapping[Any, Any], value: Any) -> Any:
    """Return the word for a value; raise ReplyError."""
    if isinstance(value, bool | str | int) and value in known:
        return known[value]
    raise ReplyError(f"{value!r:.20} is not a known value")


def purifier(at: str, known: Mapping[Any, PurifierMode | None], setter: str = "") -> Point:
    """Return the mode of an air purifier."""
    return words(at, known, setter, AirPurifierFanMode.supported_air_purifier_fan_modes)


def wind(at: str, known: Mapping[Any, Wind | None], setter: str = "") -> Point:
    """Return the kind of wind of a fan."""
    return words(at, known, setter, WindMode.supported_wind_modes)


def swing(at: str, setter: str = "", *, off: Any = False, on: Any = True) -> Point:
    """Return whether a fan turns from side to side."""
    return Point(
        at,
        lambda value: SWINGS[is_on(value)],
        lambda value: off if value == Oscillation.FIXED else on,
        setter,
        {FanOscillationMode.supported_fan_oscillation_modes: tuple(SWINGS.values())},
    )


def percent(at: str, setter: str = "", rather: str = "") -> Point:
    """Return a share in whole percent."""
    return Point(at, lambda value: round(number(value)), setter=setter, rather=rather)


def speed(at: str, steps: int) -> Point:
    """Return the speed of a fan in steps."""
    own = percent(at)
    return Point(at, own.read, lists={FanSpeed.fan_speed_range: (0, steps)})


def measured(at: str, unit: float = 1) -> Point:
    """Return what a sensor measures."""
    return Point(at, scaled(unit))


def kelvins(at: str, low: int, high: int, setter: str = "", *, share: bool = False) -> Point:
    """Return the colour temperature, in kelvins or as a `share` of the range in percent."""
    scale = (high - low) / 99

    def read(value: Any) -> int:
        told = number(value, "the colour temperature", 1)
        return round(low + (told - 1) * scale) if share else round(told)

    def write(value: int) -> int:
        wanted = min(max(value, low), high)
        return round((wanted - low) / scale) + 1 if share else wanted

    return Point(at, read, write, setter, {ColorTemperature.color_temperature_range: (low, high)})


def colors(at: str, setter: str = "", *, when: tuple[str, Any]) -> dict[str, Point]:
    """Return the hue and the saturation of a colour, which is one number."""

    def part(n: int) -> Callable[[Any], float | None]:
        return lambda value: color_in(value)[n]

    return {
        "hue": Point(at, part(0), lambda color: color_number(*color), setter, when=when),
        "saturation": Point(at, part(1), setter=setter, when=when),
    }


def value_of(point: Point, values: Json) -> Any:
    """Return what a property is, by all values; None if it is not told, or does not count now."""
    if point.when is not None and values.get(point.when[0]) != point.when[1]:
        return None
    value = values.get(point.rather) or values.get(point.at)
    return None if value is None else point.read(value)
