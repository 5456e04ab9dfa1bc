"""Sensors: every number, text or choice that a device only reports."""

from typing import Any, cast, override

from homeassistant.components.sensor import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform

from lan_edge import Attribute, Kind

from .coordinator import LanEdgeCoordinator
from .entities.choices import choice, choices_of
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity, device_class

PARALLEL_UPDATES = 0  # read only

STATE_CLASSES = {
    Kind.MEASUREMENT: SensorStateClass.MEASUREMENT,
    Kind.DIAGNOSTIC: SensorStateClass.MEASUREMENT,
    Kind.TOTAL: SensorStateClass.TOTAL_INCREASING,
}
PRECISION = {"%": 1, "A": 2, "UV index": 1, "W": 1, "dBm": 0, "lx": 0, "ppm": 0, "μg/m³": 1}
"""The decimals that say something, where Home Assistant has no default, or another.

It has whole watts, but standby is less than one; thousandths of an ampere; three for kWh.
"""


class LanEdgeSensor(LanEdgeEntity, SensorEntity):
    """One reported attribute."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look as the attribute says."""
        super().__init__(coordinator, view)
        attribute = cast("Attribute[Any]", view.part)
        self._choices = choices_of(attribute.schema.type)
        if self._choices:
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = list(self._choices)
        elif not issubclass(attribute.schema.type, str):
            self._measure(attribute)

    def _measure(self, attribute: Attribute[Any]) -> None:
        """Take what Home Assistant wants to know of a number."""
        known = device_class(SensorDeviceClass, attribute, DEVICE_CLASS_UNITS)
        counted = STATE_CLASSES.get(attribute.kind)
        fits = known is None or counted in DEVICE_CLASS_STATE_CLASSES[known]
        self._attr_device_class = known
        self._attr_state_class = counted if fits else None
        self._attr_native_unit_of_measurement = attribute.unit
        if attribute.schema.type is float and attribute.unit is not None:
            self._attr_suggested_display_precision = PRECISION.get(attribute.unit)

    @property
    @override
    def native_value(self) -> str | int | float | None:
        """The attribute's value."""
        value = self.read(self.reads[0])
        if self._choices:
            return choice(self._choices, value)
        return value[:MAX_LENGTH_STATE_STATE] if isinstance(value, str) else value


async_setup_entry = setup_entry_of(Platform.SENSOR, LanEdgeSensor)
