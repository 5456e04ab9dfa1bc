"""Tuya's electricity meters and circuit breakers: a total of energy, and what each phase draws.

Plugs have no total: what they report at point 17 (`add_ele`) is what was added since they told it
to the cloud last, and is reset then.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

from lan_edge import (
    Attribute,
    Capability,
    CurrentMeasurement,
    EnergyMeter,
    Json,
    PowerMeter,
    ReplyError,
    VoltageMeasurement,
    scaled,
)

from .parts import Part, Reading, TuyaSettings, is_number, reading, switch_at

TOTAL, RETURNED, SWITCH = "1", "2", "16"
PHASES = {"6": "A", "7": "B", "8": "C"}
PHASE_SIZE = 8
FIELDS: tuple[tuple[type[Capability], Attribute[float], slice, float], ...] = (
    # of a phase: where it is among its bytes, and its unit
    (VoltageMeasurement, VoltageMeasurement.voltage, slice(0, 2), 0.1),
    (CurrentMeasurement, CurrentMeasurement.current, slice(2, 5), 0.001),
    (PowerMeter, PowerMeter.power, slice(5, 8), 1),
)


def phase_in(value: Any) -> bytes:
    """Return the bytes that a point has of a phase; raise ReplyError if it has none."""
    try:
        data = b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if len(data) < PHASE_SIZE:
        raise ReplyError(f"{value!r:.20} is not what a phase draws")
    return data


def has_phase(points: Json, point: str) -> bool:
    """Return whether a point has what a phase draws."""
    try:
        return bool(phase_in(points.get(point)))
    except ReplyError:
        return False


def is_meter(points: Json) -> bool:
    """Return whether a unit is a meter or a breaker: a plug has its switch at point 1."""
    has_switch = type(points.get(SWITCH)) is bool and type(points.get(TOTAL)) is not bool
    return has_switch or (
        is_number(points.get(TOTAL)) and any(has_phase(points, n) for n in PHASES)
    )


def meters(points: Json, _: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a meter, its phases if there are several, and what was returned to the grid."""
    has_switch = type(points.get(SWITCH)) is bool
    switches = [switch_at(SWITCH)] if has_switch else []
    totals = [energy_at(TOTAL)] if is_number(points.get(TOTAL)) else []
    phases = [n for n in PHASES if has_phase(points, n)]
    only = [each for n in phases for each in phase_at(n)] if len(phases) == 1 else []
    own = {"switch": SWITCH} if has_switch else {}
    if main := (*switches, *totals, *only):
        yield "", Part(main, own, "outlet" if has_switch else "")
    for n in phases if len(phases) > 1 else ():
        yield f"phase_{PHASES[n].lower()}", Part(tuple(phase_at(n)), name=f"Phase {PHASES[n]}")
    if totals and is_number(points.get(RETURNED)):
        yield "returned", Part((energy_at(RETURNED),), name="Returned")


def energy_at(point: str) -> Reading:
    """Return the reading of a total, in hundredths of kWh."""
    return reading(EnergyMeter, EnergyMeter.energy, point, scaled(0.01))


def phase_at(point: str) -> Iterator[Reading]:
    """Yield the readings of a phase."""
    for capability, attribute, where, unit in FIELDS:
        yield reading(capability, attribute, point, part_of_phase(where, unit))


def part_of_phase(where: slice, unit: float) -> Callable[[Any], float]:
    """Return what converts the bytes of a phase to one of its values."""
    return lambda value: round(int.from_bytes(phase_in(value)[where]) * unit, 3)
