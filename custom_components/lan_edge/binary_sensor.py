"""Binary sensors: attributes with two values that a device only reports."""

from enum import Enum
from typing import Any, cast, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import Platform

from lan_edge import Attribute, ContactSensor

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity, device_class

PARALLEL_UPDATES = 0  # read only

OPENINGS = {
    "door": BinarySensorDeviceClass.DOOR,
    "garagedoor": BinarySensorDeviceClass.GARAGE_DOOR,
    "window": BinarySensorDeviceClass.WINDOW,
}
"""The device class of a contact sensor, by the category of its component."""


class LanEdgeBinarySensor(LanEdgeEntity, BinarySensorEntity):
    """One attribute with two values."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take the device class from the attribute, or from the component's category."""
        super().__init__(coordinator, spec)
        attribute = cast("Attribute[Any]", spec.subject)
        self._attr_device_class = device_class(BinarySensorDeviceClass, attribute)
        if attribute is ContactSensor.contact and self.category in OPENINGS:
            self._attr_device_class = OPENINGS[self.category]

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the value is true, or the word for on of an attribute with two words."""
        attribute = self.reads[0]
        value = self.read(attribute)
        if isinstance(value, Enum) and attribute.words is not None:
            return str(value.value) == attribute.words[1]
        return value


async_setup_entry = setup_entry_of(Platform.BINARY_SENSOR, LanEdgeBinarySensor)
