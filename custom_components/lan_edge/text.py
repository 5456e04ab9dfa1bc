"""Texts: every text that a device reports and that can be set to another."""

from typing import override

from homeassistant.components.text import TextEntity
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entities.setting import LanEdgeSetting

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeText(LanEdgeSetting, TextEntity):
    """One text that can be set; a secret would be no attribute."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Take the attribute's lengths, as far as a state can be that long."""
        super().__init__(coordinator, view)
        limits = self.attribute.schema.limits
        longest = MAX_LENGTH_STATE_STATE if limits.maximum is None else int(limits.maximum)
        self._attr_native_min = int(limits.minimum or 0)
        self._attr_native_max = min(longest, MAX_LENGTH_STATE_STATE)

    @property
    @override
    def native_value(self) -> str | None:
        """The attribute's value; None if it is longer than a state: half of it would be wrong."""
        value = self.read(self.attribute)
        return None if value is None or len(value) > self.native_max else value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set the attribute."""
        await self.set_to(value)


async_setup_entry = setup_entry_of(Platform.TEXT, LanEdgeText)
