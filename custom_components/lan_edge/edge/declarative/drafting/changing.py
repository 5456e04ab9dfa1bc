"""A thing that a description has, as a form shows it, and what a form changes of it."""

from ast import literal_eval
from collections.abc import Mapping
from contextlib import suppress
import re
from typing import Any, cast

from .component import STATE_OF_POSITION
from .readings import SEPARATOR
from .thing import DraftThing, ThingKind

PLACE_FIELDS = (
    "from",
    "path",
    "xml",
    "bytes",
    "type",
    "length",
    "bit",
    "pattern",
    "group",
    "word",
    "separator",
)
"""The fields that say where a value is."""
CONVERSION_FIELDS = ("map", "scale", "offset", "round", "invert", "template")
"""The fields that say what is done to it."""
_EQUALITY = re.compile(r"\(value \| string\) (==|!=|in|not in) (.+)")


def component_thing(kind: ThingKind, component: Mapping[str, Any]) -> DraftThing:
    """Return the switch, light, cover or climate device that a component is."""
    thing = DraftThing(kind, component.get("name", ""))
    match kind:
        case ThingKind.COVER:
            _take_cover(thing, component)
        case ThingKind.CLIMATE:
            _take_climate(thing, component)
        case _:
            _take_switch(thing, component)
    return thing


def _take_switch(thing: DraftThing, component: Mapping[str, Any]) -> None:
    switch = component["switch"]
    thing.reading = _reading(switch.get("switch"))
    thing.commands = {name: switch[name] for name in ("on", "off") if name in switch}
    level = component.get("switchLevel", {})
    if "setLevel" in level:
        thing.level = _reading(level.get("level"))
        thing.commands["level"] = _with_value(level["setLevel"], "level")


def _take_cover(thing: DraftThing, component: Mapping[str, Any]) -> None:
    shade, level = component["windowShade"], component.get("windowShadeLevel", {})
    thing.can_stop, thing.device_class = "pause" in shade, component.get("category", "")
    commands = {"open": "open", "close": "close", "stop": "pause"}
    thing.commands = {name: shade[key] for name, key in commands.items() if key in shade}
    if "setShadeLevel" in level:
        thing.level = _reading(level.get("shadeLevel"))
        thing.commands["level"] = _with_value(level["setShadeLevel"], "shade_level")
    state = _reading(shade.get("windowShade"))
    if not thing.level or state != {**thing.level, "template": STATE_OF_POSITION}:
        thing.reading = state


def _take_climate(thing: DraftThing, component: Mapping[str, Any]) -> None:
    kind = "heating" if "thermostatHeatingSetpoint" in component else "cooling"
    setpoint = component[f"thermostat{kind.title()}Setpoint"]
    thing.reading = _reading(setpoint.get(f"{kind}Setpoint"))
    thing.commands["temperature"] = _with_value(
        setpoint.get(f"set{kind.title()}Setpoint"), "setpoint"
    )
    limits = setpoint.get(f"{kind}SetpointRange", {}).get("fixed")
    if isinstance(limits, list):
        thing.minimum, thing.maximum = cast("list[float]", limits)
    mode = component.get("thermostatMode", {})
    if "setThermostatMode" in mode:
        thing.mode = _reading(mode.get("thermostatMode"))
        thing.commands["mode"] = _with_value(mode["setThermostatMode"], "mode")
    thing.current = _reading(component.get("temperatureMeasurement", {}).get("temperature"))


def own_thing(kind: ThingKind, name: str, own: Mapping[str, Any]) -> DraftThing:
    """Return what a component has of its own."""
    known = (*PLACE_FIELDS, *CONVERSION_FIELDS)
    thing = DraftThing(kind, own.get("name", name), {k: own[k] for k in known if k in own})
    if "set" in own:
        thing.commands["set"] = own["set"]
    if "button" in own:
        thing.commands["press"] = own["button"]
    thing.unit, thing.device_class = own.get("unit", ""), own.get("device_class", "")
    thing.step, thing.total = own.get("step"), own.get("total", False)
    thing.is_text = "text" in own
    if isinstance(limits := own.get("number"), list):
        thing.minimum, thing.maximum = cast("list[float]", limits)
    if isinstance(choice := own.get("choice"), list):
        thing.choices = {str(each): str(each) for each in choice}
    elif choice:
        thing.choices = dict(choice)
    return thing


def truth_words(conversion: Mapping[str, Any]) -> tuple[str, str]:
    """Return the values that mean on and off; empty: those that usually do.

    They are empty, too, where they are `unshown_truth`.
    """
    if unshown_truth(conversion):
        return "", ""
    on, off = map(f"{SEPARATOR} ".join, _truth_lists(conversion))
    return on, off


def unshown_truth(conversion: Mapping[str, Any]) -> dict[str, Any]:
    """Return a conversion to on and off whose words cannot be separated: one has a `;` itself."""
    words = (each for side in _truth_lists(conversion) for each in side)
    if not any(SEPARATOR in each for each in words):
        return {}
    return {key: conversion[key] for key in ("map", "template") if key in conversion}


def _truth_lists(conversion: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    words: dict[bool, list[str]] = {True: [], False: []}
    for text, value in conversion.get("map", {}).items():
        words[value is True].append(str(text))
    if match := _EQUALITY.fullmatch(str(conversion.get("template", ""))):
        with suppress(ValueError, SyntaxError):
            found = literal_eval(match[2])
            several = cast("list[object]", found) if isinstance(found, list) else [found]
            words[match[1] in {"==", "in"}] += map(str, several)
    return words[True], words[False]


def merged(current: Any, before: Any, after: Any) -> Any:
    """Return what there is with what a form has changed, from what it showed `before`.

    What it does not show stays.
    """
    if before == after:
        return current
    if not all(isinstance(each, dict) for each in (current, before, after)):
        return after
    return {
        key: _merged_field(key, current, before, after)
        for key in {**current, **after}
        if _is_left(key, current, before, after)
    }


def _is_left(
    key: str, current: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Return whether a field is there in the end: not if it was taken away on either side."""
    if key not in after:
        return key not in before
    return key in current or before.get(key) != after[key]


def _merged_field(
    key: str, current: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Any:
    if key in current and key in before and key in after:
        return merged(current[key], before[key], after[key])
    return after.get(key, current.get(key))


def _with_value(sending: Any, name: str) -> Any:
    """Return what is sent with `{value}` instead of the placeholder of a standard command."""
    match sending:
        case dict():
            return {key: _with_value(each, name) for key, each in sending.items()}
        case list():
            return [_with_value(each, name) for each in sending]
        case str():
            return re.sub(rf"\{{{name}\b", "{value", sending)
        case _:
            return sending


def _reading(value: Any) -> dict[str, Any]:
    return dict(cast("dict[str, Any]", value)) if isinstance(value, dict) else {}
