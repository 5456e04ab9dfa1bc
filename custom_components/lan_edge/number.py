"""Numbers: every number that a device reports and that can be set."""

from typing import Any, cast, override

from homeassistant.components.number import NumberDeviceClass, NumberEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import Attribute
from .entity import LanEdgeEntity, device_class
from .mapping import View

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

WIDE = 1e9
"""The range of a number whose attribute has no limits."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's numbers."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.NUMBER, lambda view: LanEdgeNumber(coordinator, view), async_add_entities
    )


class LanEdgeNumber(LanEdgeEntity, NumberEntity):
    """One number that can be set."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Take the attribute's range and unit."""
        super().__init__(coordinator, view)
        attribute = cast("Attribute[Any]", view.part)
        limits = attribute.schema.limits
        self._whole = attribute.schema.type is int
        self._attr_native_unit_of_measurement = attribute.unit
        self._attr_device_class = device_class(NumberDeviceClass, attribute)
        self._attr_native_min_value = -WIDE if limits.minimum is None else limits.minimum
        self._attr_native_max_value = WIDE if limits.maximum is None else limits.maximum
        if self._whole:
            self._attr_native_step = 1

    @property
    @override
    def native_value(self) -> float | None:
        """The attribute's value."""
        return self.read(self.reads[0])

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the attribute."""
        if (setter := self.reads[0].setter) is not None:
            await self.send(setter, round(value) if self._whole else value)
