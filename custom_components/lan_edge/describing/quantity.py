"""Whether the unit of a value goes with what it measures, as Home Assistant has it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.number.const import DEVICE_CLASS_UNITS as NUMBER_UNITS
from homeassistant.components.sensor.const import DEVICE_CLASS_UNITS as SENSOR_UNITS

from lan_edge import ThingKind

from .thing_form import CONF_CLASS, CONF_IS_TEXT, CONF_UNIT

_UNITS_OF_KIND: Mapping[ThingKind, Mapping[Any, Any]] = {
    ThingKind.SENSOR: SENSOR_UNITS,
    ThingKind.NUMBER: NUMBER_UNITS,
}


def quantity_problem(
    kind: ThingKind, user_input: Mapping[str, Any]
) -> tuple[dict[str, str], str] | None:
    """Return that a unit is not one of a quantity, which would be ignored, with those that are."""
    quantity, unit = user_input.get(CONF_CLASS), (user_input.get(CONF_UNIT) or "").strip() or None
    units = _UNITS_OF_KIND.get(kind, {}).get(quantity or "")
    if units is None or unit in units or user_input.get(CONF_IS_TEXT):
        return None
    return {CONF_UNIT: "unit_of_quantity"}, ", ".join(sorted(str(each or "-") for each in units))
