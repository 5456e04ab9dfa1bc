"""What a device is told, and what it changes by itself; how that is said in few words.

An entity is named by the end of its unique id: its component and its key.
"""

from dataclasses import dataclass, field
from typing import Any

from ..models import Has, Model

type Data = dict[str, Any]

NOTHING: Has = {}


@dataclass(frozen=True)
class Told:
    """What an entity is told, what its device has then, and what the entity shows."""

    entity: str
    action: str
    data: Data
    has: Has
    shows: Data


@dataclass(frozen=True)
class Piece:
    """A device, what it is told in order, and what it changes by itself at the end."""

    model: Model
    told: list[Told]
    has: Has
    """What it has then."""
    shown: dict[str, Data] = field(default_factory=dict[str, Data])
    """What its entities show of that."""
    is_slow: bool = False
    """Whether some of it is read only now and then: it is loaded again."""


def switched(
    path: str, entity: str = "main-switch", *, off: Any = False, on: Any = True
) -> list[Told]:
    """Return what a switch is told."""
    return [
        Told(entity, "turn_on", {}, {path: on}, {"state": "on"}),
        Told(entity, "turn_off", {}, {path: off}, {"state": "off"}),
    ]


def lit(off: Has, level: Has, white: Has = NOTHING, color: Has = NOTHING) -> list[Told]:
    """Return what a light is told: on at 20 %, 6500 K, blue, off."""
    steps: list[tuple[str, Data, Has, Data]] = [
        ("turn_on", {"brightness_pct": 20}, level, {"state": "on", "brightness": 51}),
        ("turn_on", {"color_temp_kelvin": 6000}, white, {"color_temp_kelvin": 6000}),
        ("turn_on", {"hs_color": [240, 100]}, color, {"hs_color": [240, 100]}),
        ("turn_off", {}, off, {"state": "off"}),
    ]
    return [Told("main-switch", *step) for step in steps if step[2]]


def rolled(opened: Has, stopped: Has, closed: Has, moved: Has, *shows: Data) -> list[Told]:
    """Return what a cover is told."""
    steps: list[tuple[str, Data, Has]] = [
        ("open_cover", {}, opened),
        ("stop_cover", {}, stopped),
        ("close_cover", {}, closed),
        ("set_cover_position", {"position": 40}, moved),
    ]
    rows = zip(steps, (*shows, *[{}] * 4), strict=False)
    return [Told("main-windowShade", *step, shown) for step, shown in rows]


def blown(on: str, speed: str, *, most: int) -> list[Told]:
    """Return what a fan is told: on, its highest speed, off."""
    steps: list[tuple[str, Data, Has, Data]] = [
        ("turn_on", {}, {on: True}, {"state": "on"}),
        ("set_percentage", {"percentage": 100}, {speed: most}, {"percentage": 100}),
        ("turn_off", {}, {on: False}, {"state": "off"}),
    ]
    return [Told("main-fanSpeed", *step) for step in steps]


def measured(**values: Any) -> dict[str, Data]:
    """Return what sensors of the main component show, by their keys without dots."""
    return {f"main-{key.replace('_', '.')}": {"state": value} for key, value in values.items()}


def moded(entity: str, action: str, name: str, path: str, **codes: Any) -> list[Told]:
    """Return what is told to have a mode, in each one that there is."""
    return [
        Told(entity, action, {name: word}, {path: code}, {name: word})
        for word, code in codes.items()
    ]


def heated(entity: str, target: str, unit: float, **modes: Has) -> list[Told]:
    """Return what a thermostat is told: each mode, off and on, and 22.5 degrees."""
    rows = [
        Told(entity, "set_hvac_mode", {"hvac_mode": mode}, has, {"state": mode})
        for mode, has in modes.items()
    ]
    warm = {"temperature": 22.5}
    return [
        *rows,
        Told(entity, "turn_off", {}, modes["off"], {"state": "off"}),
        Told(entity, "turn_on", {}, {}, {}),
        Told(entity, "set_hvac_mode", {"hvac_mode": "heat"}, modes["heat"], {"state": "heat"}),
        Told(entity, "set_temperature", warm, {target: round(22.5 / unit)}, warm),
    ]


ON: dict[str, Data] = {"main-switch": {"state": "on"}}
