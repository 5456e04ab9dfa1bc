"""A description of points as it is made in a form: one point after another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from ...capabilities.profile import MAIN
from .names import identifier

__all__ = [
    "PointKind",
    "PointMeaning",
    "meaning_of_point",
    "new_points",
    "point_kind_of",
    "with_point",
]


class PointKind(StrEnum):
    """What a point is."""

    AUTOMATIC = "automatic"
    """What the driver takes it for."""
    DESCRIBED = "described"
    """What was written by hand, and no form can say."""
    NOTHING = "nothing"
    SWITCH = "switch"
    BRIGHTNESS = "brightness"
    POSITION = "position"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    BATTERY = "battery"
    POWER = "power"
    VOLTAGE = "voltage"
    CURRENT = "current"
    ENERGY = "energy"
    CONTACT = "contact"
    MOTION = "motion"
    LEAK = "leak"
    NUMBER = "number"
    SET_NUMBER = "set_number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointMeaning:
    """What a point means."""

    kind: PointKind
    """What the point is; nothing: it is ignored."""
    name: str = ""
    """What users see; empty: the usual name."""
    divisor: float = 1
    """By what its number is divided."""
    lowest: float = 0
    """The lowest number that is set, as users see it."""
    highest: float = 100
    """The highest one."""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """For a choice: the words by the device's values."""


class _Standard(NamedTuple):
    """The attribute of a capability, and the command that sets it, with its argument."""

    capability: str
    attribute: str
    command: str = ""
    argument: str = ""
    is_whole: bool = False


_STANDARD = {
    PointKind.SWITCH: _Standard("switch", "switch"),
    PointKind.BRIGHTNESS: _Standard("switchLevel", "level", "setLevel", "level", is_whole=True),
    PointKind.POSITION: _Standard(
        "windowShadeLevel", "shadeLevel", "setShadeLevel", "shade_level", is_whole=True
    ),
    PointKind.TEMPERATURE: _Standard("temperatureMeasurement", "temperature"),
    PointKind.HUMIDITY: _Standard("relativeHumidityMeasurement", "humidity"),
    PointKind.BATTERY: _Standard("battery", "battery", is_whole=True),
    PointKind.POWER: _Standard("powerMeter", "power"),
    PointKind.VOLTAGE: _Standard("voltageMeasurement", "voltage"),
    PointKind.CURRENT: _Standard("currentMeasurement", "current"),
    PointKind.ENERGY: _Standard("energyMeter", "energy"),
    PointKind.CONTACT: _Standard("contactSensor", "contact"),
    PointKind.MOTION: _Standard("motionSensor", "motion"),
    PointKind.LEAK: _Standard("waterSensor", "water"),
}
_KIND_OF = {f"{each.capability}.{each.attribute}": kind for kind, each in _STANDARD.items()}
"""By the ids of attributes."""
_DIVIDED = frozenset(PointKind) - {
    *(PointKind.AUTOMATIC, PointKind.DESCRIBED, PointKind.NOTHING, PointKind.SWITCH),
    *(PointKind.CONTACT, PointKind.MOTION, PointKind.LEAK, PointKind.CHOICE, PointKind.TEXT),
}


def point_kind_of(attribute: str) -> PointKind | None:
    """Return what a point is that is an attribute, by its id; None: no form has a word for it."""
    return _KIND_OF.get(attribute)


def new_points(family: str, product: str, name: str, maker: str, device_id: str) -> dict[str, Any]:
    """Return the values of a description without points, for a product, or else one device."""
    products = [{"manufacturer": maker or name, "model": product}] if product else []
    return {
        "description": 1,
        "id": f"{family}_{identifier(f'x{product or device_id}')[1:]}",
        "name": name,
        **({"products": products} if products else {}),
        "talks": family,
        "components": {},
    }


def with_point(
    values: Mapping[str, Any], point: str, meaning: PointMeaning, others: Mapping[str, str]
) -> dict[str, Any]:
    """Return the values of a description with what a point means now.

    `others` are the attributes for which points are taken already, by the point: it becomes a
    component of its own if another point is that of the device itself, or if it has a name. What
    means what it meant before stays as it was written.
    """
    if meaning.kind is PointKind.DESCRIBED or meaning == meaning_of_point(values, point):
        return dict(values)
    changed = _without(values, point)
    if meaning.kind is PointKind.NOTHING:
        changed["ignored"] = [*changed.get("ignored", ()), point]
    elif meaning.kind is not PointKind.AUTOMATIC:
        _add(changed["components"], point, meaning, others)
    return changed


def meaning_of_point(values: Mapping[str, Any], point: str) -> PointMeaning:
    """Return what a description says that a point means, as `with_point` has said it."""
    if point in map(str, values.get("ignored", ())):
        return PointMeaning(kind=PointKind.NOTHING)
    for name, component in values.get("components", {}).items():
        parts = {key: own for key, own in component.items() if isinstance(own, dict)}
        for key, own in parts.items():
            for attribute, each in own.items():
                if _reads(each, point):
                    label = each.get("name", "" if name == MAIN else component.get("name", ""))
                    meaning = _meant(_kind_of(key, attribute, each), str(label), point, each)
                    written = {key: each if key == "own" else own}
                    is_of_form = _as_written(name, component, point, meaning) == written
                    return meaning if is_of_form else PointMeaning(kind=PointKind.DESCRIBED)
    return PointMeaning(kind=PointKind.AUTOMATIC)


def _as_written(
    name: str, component: Mapping[str, Any], point: str, meaning: PointMeaning
) -> dict[str, Any]:
    """Return what a form writes where a description has a point; empty: it writes it elsewhere."""
    if meaning.kind not in _STANDARD:
        return {"own": _own(point, meaning)} if name == MAIN else {}
    standard = _STANDARD[meaning.kind]
    is_apart = name == _own_name(point) and component.keys() == {"name", standard.capability}
    is_there = is_apart or name == MAIN
    return {standard.capability: _capability(standard, point, meaning)} if is_there else {}


def _kind_of(capability: str, attribute: str, each: Mapping[str, Any]) -> PointKind:
    if capability != "own":
        return _KIND_OF.get(f"{capability}.{attribute}", PointKind.DESCRIBED)
    if "choice" in each:
        return PointKind.CHOICE
    if "text" in each:
        return PointKind.TEXT
    return PointKind.SET_NUMBER if isinstance(each.get("number"), list) else PointKind.NUMBER


def _meant(kind: PointKind, name: str, point: str, each: Mapping[str, Any]) -> PointMeaning:
    scale, limits, choices = each.get("scale"), each.get("number"), each.get("choice")
    lowest, highest = limits if isinstance(limits, list) else (0, 100)
    return PointMeaning(
        kind=kind,
        name="" if name == f"Point {point}" else name,
        divisor=round(1 / scale, 6) if scale and isinstance(scale, int | float) else 1,
        lowest=lowest,
        highest=highest,
        choices=dict(choices) if isinstance(choices, dict) else {},
    )


def _without(values: Mapping[str, Any], point: str) -> dict[str, Any]:
    changed = {key: value for key, value in values.items() if key != "ignored"}
    if ignored := [each for each in values.get("ignored", ()) if str(each) != point]:
        changed["ignored"] = ignored
    changed["components"] = components = dict[str, Any]()
    for name, component in values.get("components", {}).items():
        kept = {key: left for key, own in component.items() if (left := _left(key, own, point))}
        if any(isinstance(each, dict) for each in kept.values()):
            components[name] = kept
    return changed


def _left(key: str, own: Any, point: str) -> Any:
    """Return what is left of a capability, or of the own values, without a point."""
    if key == "own":
        return {name: each for name, each in own.items() if not _reads(each, point)}
    is_of_it = isinstance(own, dict) and any(_reads(each, point) for each in own.values())
    return {} if is_of_it else own


def _reads(value: Any, point: str) -> bool:
    return isinstance(value, dict) and str(value.get("path")) == point


def _add(
    components: dict[str, Any], point: str, meaning: PointMeaning, others: Mapping[str, str]
) -> None:
    own_name, standard = _own_name(point), _STANDARD.get(meaning.kind)
    if standard is None:
        own = components.setdefault(MAIN, {}).setdefault("own", {})
        own[own_name.replace("_", "")] = _own(point, meaning)
        return
    target = f"{standard.capability}.{standard.attribute}"
    taken = {attribute for n, attribute in others.items() if n != point}
    is_apart = target in taken or meaning.name or standard.capability in components.get(MAIN, {})
    component = components.setdefault(own_name if is_apart else MAIN, {})
    if is_apart:
        component["name"] = meaning.name or f"Point {point}"
    component[standard.capability] = _capability(standard, point, meaning)


def _own_name(point: str) -> str:
    return f"point_{point}" if point.isdecimal() else identifier(f"point_{point}")


def _capability(standard: _Standard, point: str, meaning: PointMeaning) -> dict[str, Any]:
    text: dict[str, Any] = {
        standard.attribute: _reading(point, meaning, is_whole=standard.is_whole)
    }
    if standard.capability == "switch":
        text |= {"on": {"message": {point: True}}, "off": {"message": {point: False}}}
    if standard.command:
        text[standard.command] = {"message": {point: f"{{{standard.argument}}}"}}
    return text


def _reading(point: str, meaning: PointMeaning, *, is_whole: bool = False) -> dict[str, Any]:
    reading: dict[str, Any] = {"path": point}
    if meaning.kind in _DIVIDED and meaning.divisor != 1:
        reading["scale"] = round(1 / meaning.divisor, 9)
    return reading | ({"round": 0} if is_whole else {})


def _own(point: str, meaning: PointMeaning) -> dict[str, Any]:
    own: dict[str, Any] = {"name": meaning.name or f"Point {point}"}
    sent = {"message": {point: "{value}"}}
    match meaning.kind:
        case PointKind.CHOICE:
            own |= {"choice": dict(meaning.choices), "set": sent}
        case PointKind.TEXT:
            own |= {"text": True}
        case PointKind.SET_NUMBER:
            own |= {"number": [meaning.lowest, meaning.highest], "set": sent}
        case _:
            own |= {"number": True}
    return own | _reading(point, meaning)
