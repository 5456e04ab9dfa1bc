"""Texts: textual attributes that can be set."""

from typing import override

from homeassistant.components.text import TextEntity
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeSetting

PARALLEL_UPDATES = 0  # the library queues the commands of each device


class LanEdgeText(LanEdgeSetting, TextEntity):
    """One textual attribute; secrets are never attributes."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take the limits of the length from the attribute, within those of a state."""
        super().__init__(coordinator, spec)
        limits = self.attribute.schema.limits
        longest = MAX_LENGTH_STATE_STATE if limits.maximum is None else int(limits.maximum)
        self._attr_native_min = int(limits.minimum or 0)
        self._attr_native_max = min(longest, MAX_LENGTH_STATE_STATE)

    @property
    @override
    def native_value(self) -> str | None:
        """Return the value, or None if it is too long for a state: a part of it would be wrong."""
        value = self.read(self.attribute)
        return None if value is None or len(value) > self.native_max else value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set the value."""
        await self.set_attribute(value)


async_setup_entry = setup_entry_of(Platform.TEXT, LanEdgeText)
