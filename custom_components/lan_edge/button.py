"""Buttons: every command without arguments that changes no attribute, and refresh."""

from typing import cast, override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import Command, Refresh
from .entity import LanEdgeEntity
from .mapping import View

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's buttons."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.BUTTON, lambda view: LanEdgeButton(coordinator, view), async_add_entities
    )


class LanEdgeButton(LanEdgeEntity, ButtonEntity):
    """One command."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Send the view's command when pressed."""
        super().__init__(coordinator, view)
        self._command = cast("Command[[]]", view.part)
        if view.part is Refresh.refresh:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC

    @override
    async def async_press(self) -> None:
        """Send the command."""
        await self.send(self._command)
