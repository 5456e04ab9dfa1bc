"""The form fields for a thing of a device: which value it is, and what that means."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.cover import CoverDeviceClass
from homeassistant.components.sensor.const import DEVICE_CLASS_UNITS
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.translation import async_get_translations

from lan_edge import DescriptionDraft, DraftThing, ThingKind

from ..reporting.language import async_language
from ..vol import Optional, Required, Schema
from .choice_lines import choices_in, shown_choices
from .climate_form import climate_problem, climate_schema, suggested_climate, take_climate
from .cover_form import CONF_SHOWN_AS, cover_problem, cover_schema, suggested_cover, take_cover
from .numbers import ANY_NUMBER, plain
from .several_words import ambiguous
from .shown import Readings, label_of_reading, picked

CONF_FIELD = "field"
CONF_ON, CONF_OFF = "on_value", "off_value"
CONF_LEVEL, CONF_LEVEL_MAX = "level", "level_max"
CONF_IS_TEXT = "is_text"
CONF_UNIT, CONF_CLASS, CONF_TOTAL = "unit", "device_class", "total"
CONF_SCALE = "scale"
CONF_MIN, CONF_MAX, CONF_STEP = "minimum", "maximum", "step"
CONF_CHOICES = "choices"
FULL = 100
"""The level of a light at its full brightness."""
UNITS = sorted({u for each in DEVICE_CLASS_UNITS.values() for u in each if isinstance(u, str)})


async def async_class_options(hass: HomeAssistant, kind: ThingKind) -> list[SelectOptionDict]:
    """Return Home Assistant's classes of sensors, binary sensors or covers, in its words."""
    language, domain = await async_language(hass), "sensor"
    classes: Iterable[StrEnum] = DEVICE_CLASS_UNITS
    if kind is ThingKind.BINARY_SENSOR:
        domain, classes = kind.value, BinarySensorDeviceClass
    if kind is ThingKind.COVER:
        domain, classes = kind.value, CoverDeviceClass
    texts = await async_get_translations(hass, language, "entity_component", [domain])
    names = {each.value: f"component.{domain}.entity_component.{each}.name" for each in classes}
    options = [
        SelectOptionDict(value=value, label=texts.get(key, value)) for value, key in names.items()
    ]
    return sorted(options, key=lambda option: option["label"].lower())


def thing_schema(kind: ThingKind, fields: list[str], classes: list[SelectOptionDict]) -> Schema:
    """Return the form for a thing of a kind; `fields` are the values to pick from."""
    picker = dropdown(fields)
    if kind is ThingKind.COVER:
        return cover_schema(picker, dropdown(classes, is_open=False))
    if kind is ThingKind.CLIMATE:
        return climate_schema(picker)
    return Schema(dict(_fields(kind, picker, dropdown(classes, is_open=False))))


def dropdown(
    options: list[SelectOptionDict] | list[str], *, is_open: bool = True
) -> SelectSelector:
    """Return a list to pick from; one that `is_open` takes other texts too, and shows no labels."""
    mode = SelectSelectorMode.DROPDOWN
    return SelectSelector(SelectSelectorConfig(options=options, custom_value=is_open, mode=mode))


def _fields(
    kind: ThingKind, picker: SelectSelector, classes: SelectSelector
) -> Iterator[tuple[Optional | Required, Any]]:
    yield Required(CONF_FIELD), picker
    if kind.is_truth:
        yield Optional(CONF_ON), TextSelector()
        yield Optional(CONF_OFF), TextSelector()
    if kind is ThingKind.BINARY_SENSOR:
        yield Optional(CONF_SHOWN_AS), classes
    if kind is ThingKind.LIGHT:
        yield Optional(CONF_LEVEL), picker
        yield Optional(CONF_LEVEL_MAX, default=FULL), ANY_NUMBER
    if kind is ThingKind.SENSOR:
        yield Required(CONF_IS_TEXT, default=False), BooleanSelector()
    if kind is ThingKind.NUMBER:
        yield Required(CONF_MIN, default=0), ANY_NUMBER
        yield Required(CONF_MAX, default=FULL), ANY_NUMBER
    if kind in {ThingKind.SENSOR, ThingKind.NUMBER}:
        yield Optional(CONF_UNIT), dropdown(UNITS)
        yield Optional(CONF_CLASS), classes
        yield Optional(CONF_SCALE, default=1), ANY_NUMBER
    if kind is ThingKind.NUMBER:
        yield Optional(CONF_STEP, default=1), ANY_NUMBER
    if kind is ThingKind.SENSOR:
        yield Required(CONF_TOTAL, default=False), BooleanSelector()
    if kind is ThingKind.SELECT:
        yield Optional(CONF_CHOICES), TextSelector(TextSelectorConfig(multiple=True))


def thing_problem(
    thing: DraftThing, user_input: Mapping[str, Any], readings: Readings
) -> dict[str, str]:
    """Return what is wrong with what was entered for a thing, by field."""
    match thing.kind:
        case ThingKind.COVER:
            return cover_problem(user_input)
        case ThingKind.CLIMATE:
            return climate_problem(thing, user_input, readings)
        case _ if not user_input[CONF_FIELD].strip():
            return {CONF_FIELD: "required"}
        case ThingKind.SELECT if not user_input.get(CONF_CHOICES):
            return {CONF_CHOICES: "required"}
        case _:
            return ambiguous(user_input, (CONF_ON, CONF_OFF))


def take_thing(thing: DraftThing, user_input: Mapping[str, Any], readings: Readings) -> None:
    """Take what was entered for a thing, picked among `readings`; raise NoChoicesError."""
    match thing.kind:
        case ThingKind.COVER:
            take_cover(thing, user_input, readings)
        case ThingKind.CLIMATE:
            take_climate(thing, user_input, readings)
        case _:
            _take_value(thing, user_input, readings)


def _take_value(thing: DraftThing, user_input: Mapping[str, Any], readings: Readings) -> None:
    is_same = user_input[CONF_FIELD] == label_of_reading(thing.reading, readings)
    unshown = DescriptionDraft.unshown_truth(thing.reading) if is_same else {}
    thing.reading = picked(user_input[CONF_FIELD], readings)
    if thing.kind.is_truth:
        truth = DescriptionDraft.truth(user_input.get(CONF_ON, ""), user_input.get(CONF_OFF, ""))
        thing.reading |= truth or unshown
    if level := user_input.get(CONF_LEVEL):
        thing.level = _level(picked(level, readings), user_input.get(CONF_LEVEL_MAX) or FULL)
    else:
        thing.level = {}
    thing.is_text = user_input.get(CONF_IS_TEXT, False)
    if not thing.is_text:
        thing.unit = user_input.get(CONF_UNIT, "")
        is_state = thing.kind is ThingKind.BINARY_SENSOR
        thing.device_class = user_input.get(CONF_SHOWN_AS if is_state else CONF_CLASS, "")
        thing.total = user_input.get(CONF_TOTAL, False)
        if (scale := user_input.get(CONF_SCALE, 1)) not in {0, 1}:
            thing.reading["scale"] = plain(scale)
    thing.minimum, thing.maximum = (plain(user_input.get(key)) for key in (CONF_MIN, CONF_MAX))
    thing.step = plain(user_input.get(CONF_STEP))
    thing.choices = choices_in(user_input.get(CONF_CHOICES, ()))


def suggested_thing(thing: DraftThing, readings: Readings) -> dict[str, Any]:
    """Return a thing as the form has it; `readings` are what can be picked."""
    match thing.kind:
        case ThingKind.COVER:
            return suggested_cover(thing, readings)
        case ThingKind.CLIMATE:
            return suggested_climate(thing, readings)
        case _:
            return _suggested_value(thing, readings)


def _suggested_value(thing: DraftThing, readings: Readings) -> dict[str, Any]:
    on, off = DescriptionDraft.truth_words(thing.reading)
    scale = thing.level.get("scale") or 1
    return {
        CONF_FIELD: label_of_reading(thing.reading, readings),
        CONF_ON: on,
        CONF_OFF: off,
        CONF_LEVEL: label_of_reading(thing.level, readings),
        CONF_LEVEL_MAX: round(FULL / scale, 2),
        CONF_IS_TEXT: thing.is_text,
        CONF_UNIT: thing.unit,
        CONF_CLASS: thing.device_class,
        CONF_SHOWN_AS: thing.device_class,
        CONF_TOTAL: thing.total,
        CONF_SCALE: thing.reading.get("scale", 1),
        CONF_MIN: 0 if thing.minimum is None else thing.minimum,
        CONF_MAX: FULL if thing.maximum is None else thing.maximum,
        CONF_STEP: thing.step or 1,
        CONF_CHOICES: shown_choices(thing.choices),
    }


def _level(reading: dict[str, Any], maximum: float) -> dict[str, Any]:
    if maximum == FULL:
        return reading
    return {**reading, "scale": round(FULL / maximum, 6), "round": 0}
