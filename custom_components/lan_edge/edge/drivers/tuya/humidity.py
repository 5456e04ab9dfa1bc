"""Tuya's humidifiers and dehumidifiers: a target and a measured humidity."""

from collections.abc import Iterator

from lan_edge import (
    Attribute,
    Capability,
    Json,
    RelativeHumidityMeasurement,
    TemperatureMeasurement,
    command,
    number,
)

from .parts import Part, TuyaSettings, has_flag, has_number, reading, switch_at, whole

PAIRS = (("2", "6", "45"), ("13", "14", ""), ("4", "3", "6"))
"""Where they are: in most dehumidifiers, in humidifiers, and in other dehumidifiers, each with the
points of which one has to be a word, a mode or the speed of its fan."""
TEMPERATURE, WARMEST = "7", 50
"""Of the first of these, in whole degrees."""
DRIEST, LEAST, FULL = 25, 5, 100


class TargetHumidity(Capability, id="tuya.targetHumidity"):
    target_humidity = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="target_humidity")
    def set_target_humidity(self, humidity: int) -> None:
        """Dry or moisten the air to `humidity` %."""


def humidity_at(points: Json) -> tuple[str, str] | None:
    """Return the points of the target and of the measured humidity, if a unit has both."""
    return next(
        (
            (target, measured)
            for target, measured, words in PAIRS
            if has_number(points, target, DRIEST, FULL)
            and has_number(points, measured, LEAST, FULL)
            and has_flag(points, "1")
            and (not words or any(isinstance(points.get(n), str) for n in words))
            and not (target == "2" and has_number(points, "3"))
        ),
        None,
    )


def is_humidifier(points: Json) -> bool:
    """Return whether a unit has a target and a measured humidity."""
    return bool(humidity_at(points))


def humidifiers(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield what dries or moistens the air."""
    humidity, target = RelativeHumidityMeasurement, TargetHumidity
    wanted, measured = humidity_at(points) or PAIRS[0][:2]
    readings = [
        switch_at("1"),
        reading(target, target.target_humidity, wanted, whole),
        reading(humidity, humidity.humidity, measured, number),
    ]
    if wanted == "2" and has_number(points, TEMPERATURE, -WARMEST, WARMEST):
        degrees = TemperatureMeasurement.temperature
        readings.append(reading(TemperatureMeasurement, degrees, TEMPERATURE, number))
    yield "", Part(tuple(readings), {"switch": "1", "humidity": wanted})
