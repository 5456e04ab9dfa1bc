"""What a Tuya device consists of: parts, each with the points that it reports and that set it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import math
from typing import Annotated, Any, NamedTuple, TypeGuard

from lan_edge import (
    Attribute,
    Battery,
    Capability,
    Component,
    Json,
    Label,
    Range,
    ReplyError,
    Switch,
    number,
    value_at,
)


class TuyaKind(StrEnum):
    AUTOMATIC = "automatic"
    OUTLET = "outlet"
    LIGHT = "light"
    DIMMER = "dimmer"
    COVER = "cover"
    THERMOSTAT = "thermostat"
    FAN = "fan"
    AIR = "air_conditioner"
    CLIMATE = "climate_sensor"
    CONTACT = "contact"
    MOTION = "motion"
    LEAK = "leak"
    HUMIDIFIER = "humidifier"
    METER = "meter"
    PURIFIER = "air_purifier"
    SMOKE = "smoke"


class TuyaVersion(StrEnum):
    AUTOMATIC = "automatic"
    V31 = "3.1"
    V33 = "3.3"
    V34 = "3.4"
    V35 = "3.5"


@dataclass(frozen=True)
class TuyaSettings:
    kind: Annotated[
        TuyaKind, Label("Kind", "What it is, if LAN Edge takes it for something else.")
    ] = TuyaKind.AUTOMATIC
    protocol: Annotated[
        TuyaVersion,
        Label("Protocol", "The version; an update of its firmware may have changed it."),
    ] = TuyaVersion.AUTOMATIC
    brightness: Annotated[
        int, Range(0, 10000), Label("Full brightness", "The value of its point; 0: automatic.")
    ] = 0
    temperature: Annotated[
        int, Range(0, 100), Label("Temperature divisor", "Of its values; 0: automatic.")
    ] = 0
    speeds: Annotated[int, Range(0, 100), Label("Speeds", "Of its fan; 0: automatic.")] = 0
    is_reversed: Annotated[
        bool, Label("Reversed", "Whether the cover shows open where it is closed.")
    ] = False


class Reading(NamedTuple):
    """An attribute, and what it is according to the points of its unit."""

    capability: type[Capability]
    attribute: Attribute[Any]
    read: Callable[[Json], Any]
    point: str = ""
    """The point that it is read from, if it is one."""


@dataclass(frozen=True)
class Part:
    """A component: what it reports, and the points that its commands set, by what they mean."""

    readings: tuple[Reading, ...]
    points: Mapping[str, str] = field(default_factory=dict[str, str])
    category: str = ""
    name: str = ""
    unit: str = ""
    scale: float = 1.0
    is_fahrenheit: bool = False

    def asked(self, celsius: float) -> int:
        """Return a temperature as its target has it."""
        return round((celsius * 1.8 + 32 if self.is_fahrenheit else celsius) * self.scale)

    @property
    def component(self) -> Component:
        capabilities = tuple(dict.fromkeys(reading.capability for reading in self.readings))
        return Component(capabilities, self.name, bool(self.unit), self.category)


type Maker = Callable[[Json, TuyaSettings], Iterator[tuple[str, Part]]]
"""Yields the parts of a unit, by what its points are now; the main one has no name."""


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a number, and no bool."""
    return type(value) in {int, float}


def has_flag(points: Json, point: str) -> bool:
    """Return whether a point is true or false."""
    return type(points.get(point)) is bool


def has_number(points: Json, point: str, least: float = -math.inf, most: float = math.inf) -> bool:
    """Return whether a point is a number within limits."""
    value = points.get(point)
    return is_number(value) and least <= value <= most


def reading(
    capability: type[Capability],
    attribute: Attribute[Any],
    point: str,
    convert: Callable[[Any], Any] | None = None,
) -> Reading:
    """Return a reading of one point; `convert` may raise ReplyError."""

    def read(points: Json) -> Any:
        return value_at(points, point, convert)

    return Reading(capability, attribute, read, point)


def constant(capability: type[Capability], attribute: Attribute[Any], value: Any) -> Reading:
    """Return a reading that does not depend on the points."""

    def read(_: Json) -> Any:
        return value

    return Reading(capability, attribute, read)


def meaning(words: Mapping[Any, Any]) -> Callable[[Any], Any]:
    """Return what converts a word, or true and false, of a device; it raises ReplyError."""

    def convert(value: Any) -> Any:
        if not isinstance(value, bool | str) or value not in words:
            raise ReplyError(f"{value!r:.20} is not a known word")
        return words[value]

    return convert


def whole(value: Any) -> int:
    """Return a value of a point as a whole number; raise ReplyError."""
    return round(number(value))


def switch_at(point: str) -> Reading:
    """Return the reading of a switch."""
    return reading(Switch, Switch.switch, point)


def batteries(points: Json, *numbers: str) -> list[Reading]:
    """Return the reading of a battery in %, at the first of these points that is a number."""
    return [reading(Battery, Battery.battery, n) for n in numbers if is_number(points.get(n))][:1]
