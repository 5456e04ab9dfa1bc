"""Binary sensors: every yes or no that a device only reports."""

from enum import Enum
from typing import Any, cast, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import Platform

from lan_edge import Attribute, ContactSensor

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity, device_class

PARALLEL_UPDATES = 0  # read only

OPENINGS = {
    "door": BinarySensorDeviceClass.DOOR,
    "garagedoor": BinarySensorDeviceClass.GARAGE_DOOR,
    "window": BinarySensorDeviceClass.WINDOW,
}
"""What a contact is at, by the category of its component."""


class LanEdgeBinarySensor(LanEdgeEntity, BinarySensorEntity):
    """One reported yes or no."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look as the attribute says."""
        super().__init__(coordinator, view)
        attribute = cast("Attribute[Any]", view.part)
        self._attr_device_class = device_class(BinarySensorDeviceClass, attribute)
        if attribute is ContactSensor.contact and self.category in OPENINGS:
            self._attr_device_class = OPENINGS[self.category]

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the answer is yes; of several words, the one that says so."""
        attribute = self.reads[0]
        value = self.read(attribute)
        if isinstance(value, Enum) and attribute.words is not None:
            return str(value.value) == attribute.words[1]
        return value


async_setup_entry = setup_entry_of(Platform.BINARY_SENSOR, LanEdgeBinarySensor)
