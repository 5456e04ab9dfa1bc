"""The form fields for a climate device: its temperatures, and its mode."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import UnitOfTemperature
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from lan_edge import DraftThing

from ..vol import Optional, Required, Schema
from .numbers import ANY_NUMBER, plain
from .several_words import ambiguous, meanings_of, shown_words
from .shown import Readings, label_of_reading, picked

CONF_TARGET, CONF_CURRENT, CONF_MODE = "target", "current", "mode"
CONF_LOWEST, CONF_HIGHEST = "lowest", "highest"
CONF_DEGREES, CONF_FACTOR = "degrees", "factor"
_MODES = {"off_value": "off", "heat_value": "heat", "cool_value": "cool", "auto_value": "auto"}
"""The modes by the fields for the device's words for them."""
_DEGREES = [UnitOfTemperature.CELSIUS.value, UnitOfTemperature.FAHRENHEIT.value]
_PER_FAHRENHEIT = 5 / 9
_ZERO_FAHRENHEIT = -32 * _PER_FAHRENHEIT
LOWEST, HIGHEST = 5, 30
"""The usual range, in °C."""


def climate_schema(picker: SelectSelector) -> Schema:
    """Return the form for a climate device; `picker` lists the values to pick from."""
    mode = SelectSelectorMode.DROPDOWN
    degrees = SelectSelector(SelectSelectorConfig(options=_DEGREES, mode=mode))
    return Schema(
        {
            Required(CONF_TARGET): picker,
            Optional(CONF_CURRENT): picker,
            Required(CONF_DEGREES, default=_DEGREES[0]): degrees,
            Optional(CONF_FACTOR, default=1): ANY_NUMBER,
            Required(CONF_LOWEST, default=LOWEST): ANY_NUMBER,
            Required(CONF_HIGHEST, default=HIGHEST): ANY_NUMBER,
            Optional(CONF_MODE): picker,
            **{Optional(field): TextSelector() for field in _MODES},
        }
    )


def climate_problem(
    thing: DraftThing, user_input: Mapping[str, Any], readings: Readings
) -> dict[str, str]:
    """Return what is wrong with what was entered for a climate device, by field."""
    if not user_input[CONF_TARGET].strip():
        return {CONF_TARGET: "required"}
    if user_input[CONF_LOWEST] >= user_input[CONF_HIGHEST]:
        return {CONF_HIGHEST: "not_above_lowest"}
    if user_input.get(CONF_MODE) and not _modes(thing, user_input, readings):
        return {CONF_MODE: "no_modes"}
    return ambiguous(user_input, _MODES)


def take_climate(thing: DraftThing, user_input: Mapping[str, Any], readings: Readings) -> None:
    """Take what was entered for a climate device, picked among `readings`."""
    conversion = _conversion(user_input)
    thing.reading = picked(user_input[CONF_TARGET], readings) | conversion
    current, mode = user_input.get(CONF_CURRENT), user_input.get(CONF_MODE)
    thing.current = picked(current, readings) | conversion if current else {}
    words = _modes(thing, user_input, readings)
    thing.mode = picked(mode, readings) | {"map": words} if mode else {}
    thing.minimum, thing.maximum = (
        plain(_celsius(user_input[key], user_input)) for key in (CONF_LOWEST, CONF_HIGHEST)
    )


def suggested_climate(thing: DraftThing, readings: Readings) -> dict[str, Any]:
    """Return a climate device as the form has it."""
    scale, is_fahrenheit = thing.reading.get("scale", 1), "offset" in thing.reading
    words = thing.mode.get("map", {})
    lowest = LOWEST if thing.minimum is None else thing.minimum
    highest = HIGHEST if thing.maximum is None else thing.maximum
    return {
        CONF_TARGET: label_of_reading(thing.reading, readings),
        CONF_CURRENT: label_of_reading(thing.current, readings),
        CONF_DEGREES: _DEGREES[is_fahrenheit],
        CONF_FACTOR: plain(round(scale / _PER_FAHRENHEIT, 6)) if is_fahrenheit else scale,
        CONF_LOWEST: _shown(lowest, is_fahrenheit=is_fahrenheit),
        CONF_HIGHEST: _shown(highest, is_fahrenheit=is_fahrenheit),
        CONF_MODE: label_of_reading(thing.mode, readings),
        **shown_words(words, _MODES),
    }


def _shown(celsius: float, *, is_fahrenheit: bool) -> float:
    """Return a temperature in the degrees of the form."""
    if not is_fahrenheit:
        return plain(celsius)
    return plain(round((celsius - _ZERO_FAHRENHEIT) / _PER_FAHRENHEIT, 1))


def _modes(thing: DraftThing, user_input: Mapping[str, Any], readings: Readings) -> dict[str, str]:
    """Return the modes by the device's words; those that it had are of the value that it had."""
    is_same = user_input.get(CONF_MODE) == label_of_reading(thing.mode, readings)
    return meanings_of(user_input, _MODES, thing.mode.get("map", {}) if is_same else {})


def _is_fahrenheit(user_input: Mapping[str, Any]) -> bool:
    return bool(user_input[CONF_DEGREES] == UnitOfTemperature.FAHRENHEIT)


def _celsius(degrees: float, user_input: Mapping[str, Any]) -> float:
    if not _is_fahrenheit(user_input):
        return degrees
    return round(degrees * _PER_FAHRENHEIT + _ZERO_FAHRENHEIT, 1)


def _conversion(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the device's temperatures become °C."""
    factor = user_input.get(CONF_FACTOR) or 1
    if _is_fahrenheit(user_input):
        scale = round(factor * _PER_FAHRENHEIT, 9)
        return {"scale": scale, "offset": round(_ZERO_FAHRENHEIT, 6), "round": 1}
    return {} if factor == 1 else {"scale": plain(factor)}
