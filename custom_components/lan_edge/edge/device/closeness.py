"""How close the value of an attribute is to the one that a command sets."""

import math
from typing import Any

from ..capabilities.definition import Attribute

TOLERANCE = 0.1
"""Devices round, so a number may differ by this fraction of itself or of its range."""
ROUNDING = 0.01
"""A number that differs by less than this fraction may be the same one to the device."""
WIDE_RANGE = 1000
"""A wider range says nothing about how a device rounds."""


def is_approaching(attribute: Attribute[Any], before: Any, now: Any, wanted: Any) -> bool:
    """Return whether a value has come closer to the one that is wanted."""
    if now == before or isinstance(wanted, bool):
        return False
    if not isinstance(wanted, int | float) or before is None or attribute.circular:
        return True
    return bool(abs(now - wanted) < abs(before - wanted))


def is_towards(attribute: Attribute[Any], before: Any, now: Any, wanted: Any) -> bool:
    """Return whether a number has moved in the direction of the one that is wanted."""
    return attribute.circular or bool((now - before) * (wanted - before) > 0)


def is_close(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Return whether a value is the wanted one, allowing for the rounding of devices."""
    if value == wanted:
        return True
    if not are_numbers(value, wanted):
        return False
    if attribute.step is not None:
        return math.isclose(value, wanted, abs_tol=attribute.step)
    tolerance = TOLERANCE * _span(attribute)
    return math.isclose(value, wanted, rel_tol=TOLERANCE, abs_tol=tolerance)


def is_rounded(attribute: Attribute[Any], value: Any, wanted: Any) -> bool:
    """Return whether `value` may be as close to the wanted one as the device can come.

    Either they differ by less than a step, or by less than devices distinguish; or the device is
    as low as it can be without being off, as lamps and dimmers have a lowest level.
    """
    if not are_numbers(value, wanted):
        return False
    difference, span = abs(value - wanted), _span(attribute)
    off = attribute.off_value
    if off is not None and off < wanted < value <= off + TOLERANCE * span:
        return True
    step = attribute.step
    least = ROUNDING * max(span, abs(wanted)) if step is None else step
    return bool(difference < least and not math.isclose(difference, least))


def are_numbers(*values: object) -> bool:
    """Return whether all of these are numbers; on and off are none."""
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _span(attribute: Attribute[Any]) -> float:
    """Return the width of an attribute's range; 0 if it says nothing about how devices round."""
    limits = attribute.schema.limits
    if limits.minimum is None or limits.maximum is None:
        return 0
    span = limits.maximum - limits.minimum
    return span if span <= WIDE_RANGE else 0
