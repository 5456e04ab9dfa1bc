"""What a description has, as things that forms show: listed, added, changed and removed."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from .changing import component_thing, merged, own_thing
from .component import component_of, kind_of
from .confirming import confirm_by_reading
from .names import camel_name, free_name, identifier
from .thing import DraftThing, ThingKind

MAIN = "main"
_LISTED: Mapping[ThingKind | None, tuple[str, ...]] = {
    ThingKind.SWITCH: ("switch", "switchLevel"),
    ThingKind.LIGHT: ("switch", "switchLevel"),
    ThingKind.COVER: ("windowShade", "windowShadeLevel"),
    ThingKind.CLIMATE: (
        "thermostatHeatingSetpoint",
        "thermostatCoolingSetpoint",
        "thermostatMode",
        "temperatureMeasurement",
    ),
}
"""The capabilities that a form shows as one thing."""


def things_in(values: Mapping[str, Any]) -> Iterator[tuple[str, tuple[ThingKind, str]]]:
    """Yield where each thing is, `main` or `main.own.power`, with its kind and name."""
    for id_, component in values.get("components", {}).items():
        if (kind := kind_of(component)) is not None:
            yield id_, (kind, component.get("name", ""))
        for name, own in component.get("own", {}).items():
            yield f"{id_}.own.{name}", (_kind_of(own), own.get("name", name))


def thing_at(values: Mapping[str, Any], place: str) -> DraftThing:
    """Return the thing at a place; what a form does not show is left out."""
    kind, name = dict(things_in(values))[place]
    id_, _, own = place.partition(".own.")
    component = deepcopy(values["components"][id_])
    return own_thing(kind, name, component["own"][own]) if own else component_thing(kind, component)


def add_thing(values: dict[str, Any], thing: DraftThing) -> None:
    """Add a thing."""
    components = values.setdefault("components", {})
    if thing.kind.is_component:
        made, name = component_of(thing), _component_name(components, thing)
        components[name] = {**made, **components.get(name, {})}
        return
    own = components.setdefault(MAIN, {}).setdefault("own", {})
    own[free_name(camel_name(thing.name) or str(thing.kind), own)] = thing.own()


def _component_name(components: Mapping[str, Any], thing: DraftThing) -> str:
    if not thing.name and kind_of(components.get(MAIN, {})) is None:
        return MAIN
    return free_name(identifier(thing.name) or str(thing.kind), components)


def change_thing(values: dict[str, Any], place: str, before: DraftThing, after: DraftThing) -> None:
    """Change the thing at a place as `after` differs from `before`; the rest of it stays."""
    id_, _, own = place.partition(".own.")
    components, was_read = values["components"], bool(thing_at(values, place).reading)
    if own:
        owns = components[id_]["own"]
        owns[own] = merged(owns[own], before.own(), after.own())
    else:
        components[id_] = merged(components[id_], component_of(before), component_of(after))
    if after.reading and not was_read:
        confirm_by_reading(values)


def unlisted_in(values: Mapping[str, Any]) -> list[str]:
    """Return what there is besides things, as in `main.powerMeter`."""
    return [
        f"{id_}.{name}"
        for id_, component in values.get("components", {}).items()
        for name, value in component.items()
        if isinstance(value, dict) and name not in (*_LISTED.get(kind_of(component), ()), "own")
    ]


def remove_thing(values: dict[str, Any], place: str) -> None:
    """Remove the thing at a place."""
    id_, _, own = place.partition(".own.")
    components = values["components"]
    if own:
        del components[id_]["own"][own]
        if not components[id_]["own"]:
            del components[id_]["own"]
    else:
        for capability in _LISTED.get(kind_of(components[id_]), ()):
            components[id_].pop(capability, None)
        for said in ("name", "category") if id_ == MAIN else ():
            components[id_].pop(said, None)  # of what is gone, not of what else the device has
    if not any(isinstance(each, dict) for each in components[id_].values()):
        del components[id_]


def _kind_of(own: Mapping[str, Any]) -> ThingKind:
    if "button" in own:
        return ThingKind.BUTTON
    if "choice" in own:
        return ThingKind.SELECT if "set" in own else ThingKind.SENSOR
    if "switch" in own:
        return ThingKind.SWITCH if "set" in own else ThingKind.BINARY_SENSOR
    if "set" not in own:
        return ThingKind.SENSOR
    return ThingKind.NUMBER if "number" in own else ThingKind.TEXT
