"""Tuya's sensors: 1 what they sense, and a battery."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lan_edge import (
    Attribute,
    Capability,
    DetectorState,
    Json,
    RelativeHumidityMeasurement,
    TemperatureMeasurement,
    number,
    scaled,
)

from .parts import Part, TuyaSettings, batteries, has_flag, has_number, meaning, reading

ALARMS = {"alarm": True, "normal": False, "1": True, "2": False, True: True, False: False}
SMOKES = {
    word: DetectorState.DETECTED if is_on else DetectorState.CLEAR for word, is_on in ALARMS.items()
}
PRESENT = ("pir", "presence", "move", "static", "peaceful")
MOTIONS: Mapping[Any, bool] = {
    **dict.fromkeys(PRESENT, True),
    "none": False,
    True: True,
    False: False,
}
FULL = 100
COLDEST, HOTTEST = -400, 1000
MOST = 4
"""Points of a contact behind a gateway: the contact, its battery, an alarm."""


def senses(points: Json, words: Mapping[Any, bool]) -> bool:
    """Return whether what a unit reports first is one of these words."""
    word = points.get("1")
    return isinstance(word, str) and word in words


def is_smoke_detector(points: Json) -> bool:
    """Return whether a unit is one: its battery is elsewhere than that of a leak sensor."""
    return senses(points, ALARMS) and not {"14", "15", "16"}.isdisjoint(points)


def is_leak_sensor(points: Json) -> bool:
    """Return whether a unit is one: what detects gas also reports how much."""
    return senses(points, ALARMS) and not has_number(points, "2")


def is_contact(points: Json) -> bool:
    """Return whether a unit behind a gateway is a contact with a battery."""
    return has_flag(points, "1") and has_number(points, "2", 0, FULL) and len(points) <= MOST


def is_climate_sensor(points: Json) -> bool:
    """Return whether a unit reports a temperature and a humidity."""
    return has_number(points, "1", COLDEST, HOTTEST) and has_number(points, "2", 0, FULL * 10)


def percent(value: Any) -> float:
    """Return a share that a device tells in % or in tenths of them; raise ReplyError."""
    share = number(value)
    return share if share <= FULL else share / 10


def climates(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a sensor of temperature, in tenths, and humidity."""
    temperature, humidity = TemperatureMeasurement, RelativeHumidityMeasurement
    readings = (
        reading(temperature, temperature.temperature, "1", scaled(0.1)),
        reading(humidity, humidity.humidity, "2", percent),
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
