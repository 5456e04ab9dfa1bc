"""Binary sensors: every yes or no that a device only reports."""

from typing import Any, cast, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import Attribute
from .entity import LanEdgeEntity, device_class
from .mapping import View

PARALLEL_UPDATES = 0  # read only


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's binary sensors."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.BINARY_SENSOR,
        lambda view: LanEdgeBinarySensor(coordinator, view),
        async_add_entities,
    )


class LanEdgeBinarySensor(LanEdgeEntity, BinarySensorEntity):
    """One reported yes or no."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look as the attribute says."""
        super().__init__(coordinator, view)
        attribute = cast("Attribute[Any]", view.part)
        self._attr_device_class = device_class(BinarySensorDeviceClass, attribute)

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the answer is yes."""
        return self.read(self.reads[0])
