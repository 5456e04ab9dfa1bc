"""Tuya's plugs, strips and wall switches: points 1 to 8 switch, and the meter of all together."""

from collections.abc import Iterator

from lan_edge import (
    Attribute,
    Capability,
    CurrentMeasurement,
    Json,
    PowerMeter,
    VoltageMeasurement,
    scaled,
)

from .parts import Part, TuyaSettings, has_flag, has_number, is_number, reading, switch_at

METERS: tuple[tuple[type[Capability], Attribute[float], str, str, float], ...] = (
    # with the points of newer and of older plugs, and their unit
    (PowerMeter, PowerMeter.power, "19", "5", 0.1),
    (VoltageMeasurement, VoltageMeasurement.voltage, "20", "6", 0.1),
    (CurrentMeasurement, CurrentMeasurement.current, "18", "4", 0.001),
)
SWITCHES = "12345678"
BESIDE = ("9", "17", "18", "20")
"""What a plug has beside its power: a countdown, and the rest of its meter."""


def gangs(points: Json) -> list[str]:
    """Return the points that switch: behind one that is no switch, a flag is something else."""
    flags = [n for n in SWITCHES if has_flag(points, n)]
    others = [n for n in SWITCHES if n in points and n not in flags]
    return [n for n in flags if not others or n < others[0]] or flags[:1]


def has_meter(points: Json) -> bool:
    """Return whether a unit has the meter of newer plugs."""
    return has_number(points, "19") and any(has_number(points, n) for n in BESIDE)


def outlets(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield the outlets of a plug or strip, or the gangs of a switch, and the meter."""
    switches, is_new = gangs(points), has_meter(points)
    is_old = "19" not in points and all(has_number(points, n) for n in "456")
    meters = [
        reading(capability, attribute, older if is_old else newer, scaled(unit))
        for capability, attribute, newer, older, unit in METERS
        if is_number(points.get(older if is_old else newer)) and (is_old or is_new)
    ]
    if len(switches) == 1:
        yield "", Part((switch_at(*switches), *meters), {"switch": switches[0]}, "outlet")
        return
    for n in switches:
        yield f"outlet_{n}", Part((switch_at(n),), {"switch": n}, "outlet", f"Outlet {n}")
    if meters:
        yield "", Part(tuple(meters))
