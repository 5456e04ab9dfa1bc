"""Tuya's air conditioners: 1 on, 2 target, 3 measured, 4 mode, 5 fan, in several vocabularies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    Capability,
    Json,
    RefusedError,
    Switch,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
)

from .parts import Part, TuyaSettings, constant, is_number, meaning, reading, switch_at
from .temperatures import of_measured, of_target

type Words = tuple[str, ...]
type Vocabularies = Sequence[Sequence[str]]

MODES = ("cool", "heat", "dry", "fan", "auto")
"""As they are shown."""
MODE_WORDS = (
    ("cold", "hot", "wet", "wind", "auto"),
    ("cold", "heat", "wet", "fan", "auto"),
    ("cool", "heat", "dry", "fan", "auto"),
    ("Cool", "Heat", "Dry", "Fan", "Auto"),
    ("COOL", "HEAT", "DRY", "FAN", "AUTO"),
)
"""The same, in the vocabularies of different makers."""
SPEEDS = ("auto", "low", "medium", "high")
SPEED_WORDS = (
    ("auto", "low", "mid", "high"),
    ("auto", "low", "middle", "high"),
    ("auto", "low", "medium", "high"),
    ("Auto", "Low", "Mid", "High"),
    ("AUTO", "LOW", "MID", "HIGH"),
)
VOCABULARIES: Mapping[str, tuple[Vocabularies, Words]] = {
    "4": (MODE_WORDS, MODES),
    "5": (SPEED_WORDS, SPEEDS),
}
"""By point, with what their words are shown as."""
CHOICES = (
    (
        "mode",
        "4",
        AirConditionerMode.supported_ac_modes,
        AirConditionerMode.air_conditioner_mode,
    ),
    ("fan", "5", AirConditionerFanMode.supported_ac_fan_modes, AirConditionerFanMode.fan_mode),
)
"""What it is told by words: its name, its point, and the attributes of what there is and of now."""
CAPABILITIES: tuple[type[Capability], ...] = (
    *(AirConditionerMode, AirConditionerFanMode, Switch),
    *(TemperatureMeasurement, ThermostatCoolingSetpoint),
)


def vocabulary(words: Vocabularies, word: object) -> Sequence[str]:
    """Return the first of several vocabularies that has a word; empty: none has."""
    return next((each for each in words if word in each), ())


def is_air_conditioner(points: Json) -> bool:
    """Return whether a device with these points is one.

    A radiator valve also has a target, a temperature and `auto`, but no speeds; 5 is a flag of it.
    """
    is_switch, has_target = type(points.get("1")) is bool, is_number(points.get("2"))
    has_speed = bool(vocabulary(SPEED_WORDS, points.get("5")))
    has_own_mode = has_mode(points) and str(points["4"]).lower() != "auto"
    has_more = has_own_mode and is_number(points.get("3")) and type(points.get("5")) is not bool
    return is_switch and has_target and has_mode(points) and (has_speed or has_more)


def has_mode(points: Json) -> bool:
    """Return whether point 4 is a mode of an air conditioner."""
    return bool(vocabulary(MODE_WORDS, points.get("4")))


def fitting(words: Vocabularies, heard: Iterable[object]) -> list[Sequence[str]]:
    """Return the vocabularies that have all words of these."""
    said = [*heard]
    return [each for each in words if all(word in each for word in said)]


def remembered(words: Vocabularies, heard: Words, word: object) -> Words:
    """Return the words of a device that decide between vocabularies, after it has said another."""
    if not isinstance(word, str) or not vocabulary(words, word):
        return heard
    if not (fits := fitting(words, (*heard, word))):
        return (word,)
    return heard if len(fits) == len(fitting(words, heard)) else (*heard, word)


def word_for(point: str, heard: Words, now: Any, wanted: str) -> str:
    """Return what a device calls `wanted` at a point, where it says `now` and has said others.

    Raises RefusedError if that is not known.
    """
    words, shown = VOCABULARIES[point]
    fits = fitting(words, (*heard, now))
    if wanted not in shown or not fits:
        raise RefusedError(f"it does not know {wanted!r:.20}")
    return fits[0][shown.index(wanted)]


def air_conditioners(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield an air conditioner, with what it tells."""
    setpoint = ThermostatCoolingSetpoint
    measured, target = TemperatureMeasurement, of_target(points, settings)
    own = {"switch": "1", "target": "2"}
    readings = [
        switch_at("1"),
        reading(setpoint, setpoint.cooling_setpoint, "2", target.celsius),
        constant(setpoint, setpoint.cooling_setpoint_range, (16.0, 32.0)),
    ]
    if is_number(points.get("3")):
        convert = of_measured(points, settings).celsius
        readings.append(reading(measured, measured.temperature, "3", convert))
    for name, point, supported, attribute in CHOICES:
        if isinstance(word := points.get(point), str):
            own[name] = point
            words, shown = VOCABULARIES[point]
            decode = meaning(dict(zip(vocabulary(words, word) or words[0], shown, strict=True)))
            readings.append(constant(attribute.capability, supported, shown))
            readings.append(reading(attribute.capability, attribute, point, decode))
    yield "", Part(tuple(readings), own, scale=target.divisor, is_fahrenheit=target.is_fahrenheit)
