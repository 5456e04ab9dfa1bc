"""Sensors: every number, text or choice that a device only reports."""

from enum import Enum
from typing import Any, cast, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import Attribute, Kind
from .entity import LanEdgeEntity, device_class
from .mapping import View

PARALLEL_UPDATES = 0  # read only

_STATE_CLASSES = {
    Kind.MEASUREMENT: SensorStateClass.MEASUREMENT,
    Kind.TOTAL: SensorStateClass.TOTAL_INCREASING,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's sensors."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.SENSOR, lambda view: LanEdgeSensor(coordinator, view), async_add_entities
    )


class LanEdgeSensor(LanEdgeEntity, SensorEntity):
    """One reported attribute."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look as the attribute says."""
        super().__init__(coordinator, view)
        attribute = cast("Attribute[Any]", view.part)
        self._attr_native_unit_of_measurement = attribute.unit
        self._attr_state_class = _STATE_CLASSES.get(attribute.kind)
        if issubclass(attribute.schema.type, Enum):
            self._attr_device_class = SensorDeviceClass.ENUM
            self._attr_options = [str(member.value) for member in attribute.schema.type]
        else:
            self._attr_device_class = device_class(SensorDeviceClass, attribute)

    @property
    @override
    def native_value(self) -> str | int | float | None:
        """The attribute's value."""
        value = self.read(self.reads[0])
        if isinstance(value, Enum):
            return str(value.value)
        return value[:MAX_LENGTH_STATE_STATE] if isinstance(value, str) else value
