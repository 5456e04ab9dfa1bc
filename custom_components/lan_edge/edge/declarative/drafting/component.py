"""The components that things with standard capabilities are in a description."""

from collections.abc import Mapping
from typing import Any

from .thing import DraftThing, ThingKind

STATE_OF_POSITION = "'closed' if value <= 0 else 'open'"
"""The state of a cover that reports only its position."""


def component_of(thing: DraftThing) -> dict[str, Any]:
    """Return the component of a switch, light, cover or climate device."""
    made: dict[str, Any] = {"name": thing.name} if thing.name else {}
    match thing.kind:
        case ThingKind.COVER:
            return made | _cover(thing)
        case ThingKind.CLIMATE:
            return made | _climate(thing)
        case _:
            return made | _switch(thing)


def kind_of(component: Mapping[str, Any]) -> ThingKind | None:
    """Return what a component is, its own values aside; None if it is none of these kinds."""
    if "windowShade" in component:
        return ThingKind.COVER
    if component.keys() & {"thermostatHeatingSetpoint", "thermostatCoolingSetpoint"}:
        return ThingKind.CLIMATE
    if "switch" in component:
        is_light = component.get("category") == "light" or "switchLevel" in component
        return ThingKind.LIGHT if is_light else ThingKind.SWITCH
    return None


def _switch(thing: DraftThing) -> dict[str, Any]:
    made: dict[str, Any] = {"category": "light"} if thing.kind is ThingKind.LIGHT else {}
    commands = {name: thing.commands[name] for name in ("on", "off")}
    made["switch"] = {"switch": thing.reading, **commands}
    if thing.level:
        set_level = renamed(thing.commands["level"], "level")
        made["switchLevel"] = {"level": thing.level, "setLevel": set_level}
    return made


def _cover(thing: DraftThing) -> dict[str, Any]:
    state = thing.reading or {**thing.level, "template": STATE_OF_POSITION}
    made: dict[str, Any] = {"category": thing.device_class} if thing.device_class else {}
    shade = {"windowShade": state}
    for name, command in {"open": "open", "close": "close", "pause": "stop"}.items():
        if command in thing.commands:
            shade[name] = thing.commands[command]
    made["windowShade"] = shade
    if thing.level:
        set_level = renamed(thing.commands["level"], "shade_level")
        made["windowShadeLevel"] = {"shadeLevel": thing.level, "setShadeLevel": set_level}
    return made


def _climate(thing: DraftThing) -> dict[str, Any]:
    modes = list(thing.mode.get("map", {}).values())
    kind = "cooling" if "cool" in modes and not {"heat", "auto"} & {*modes} else "heating"
    setpoint = {
        f"{kind}Setpoint": thing.reading,
        f"set{kind.title()}Setpoint": renamed(thing.commands["temperature"], "setpoint"),
    }
    if thing.minimum is not None and thing.maximum is not None:
        setpoint[f"{kind}SetpointRange"] = {"fixed": [thing.minimum, thing.maximum]}
    made = {f"thermostat{kind.title()}Setpoint": setpoint}
    if thing.mode:
        made["thermostatMode"] = {
            "thermostatMode": thing.mode,
            "supportedThermostatModes": {"fixed": modes},
            "setThermostatMode": renamed(thing.commands["mode"], "mode"),
        }
    if thing.current:
        made["temperatureMeasurement"] = {"temperature": thing.current}
    return made


def renamed(sending: Any, name: str) -> Any:
    """Return what is sent with the placeholder of a standard command instead of `{value}`."""
    match sending:
        case dict():
            return {key: renamed(each, name) for key, each in sending.items()}
        case list():
            return [renamed(each, name) for each in sending]
        case str():
            return sending.replace("{value", f"{{{name}")
        case _:
            return sending
