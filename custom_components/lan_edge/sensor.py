"""Sensors: numbers, texts and choices that a device only reports."""

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
from .entities.choices import option_of, options_of
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity, device_class

PARALLEL_UPDATES = 0  # read only

STATE_CLASSES = {
    Kind.MEASUREMENT: SensorStateClass.MEASUREMENT,
    Kind.DIAGNOSTIC: SensorStateClass.MEASUREMENT,
    Kind.TOTAL: SensorStateClass.TOTAL_INCREASING,
}
PRECISION = {"%": 1, "A": 2, "UV index": 1, "W": 1, "dBm": 0, "lx": 0, "ppm": 0, "μg/m³": 1}
"""The displayed decimals by unit, where Home Assistant has no sensible default.

It rounds watts to whole numbers, which hides standby power, and shows currents to a milliampere.
"""


class LanEdgeSensor(LanEdgeEntity, SensorEntity):
    """One attribute that a device only reports."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take options or unit and classes from the attribute."""
        super().__init__(coordinator, spec)
        attribute = cast("Attribute[Any]", spec.subject)
        self._choices = options_of(attribute.schema.type)
        if self._choices:
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = list(self._choices)
        elif not issubclass(attribute.schema.type, str):
            self._set_up_number(attribute)

    def _set_up_number(self, attribute: Attribute[Any]) -> None:
        sensor_class = device_class(SensorDeviceClass, attribute, DEVICE_CLASS_UNITS)
        state_class = STATE_CLASSES.get(attribute.kind)
        fits = sensor_class is None or state_class in DEVICE_CLASS_STATE_CLASSES[sensor_class]
        self._attr_device_class = sensor_class
        self._attr_state_class = state_class if fits else None
        self._attr_native_unit_of_measurement = attribute.unit
        if attribute.schema.type is float and attribute.unit is not None:
            self._attr_suggested_display_precision = PRECISION.get(attribute.unit)

    @property
    @override
    def native_value(self) -> str | int | float | None:
        """Return the value; a text is truncated to the length of a state."""
        value = self.read(self.reads[0])
        if self._choices:
            return option_of(self._choices, value)
        return value[:MAX_LENGTH_STATE_STATE] if isinstance(value, str) else value


async_setup_entry = setup_entry_of(Platform.SENSOR, LanEdgeSensor)
