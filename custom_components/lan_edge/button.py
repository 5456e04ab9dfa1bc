"""Buttons: every command without arguments that changes no attribute, refresh, and steps."""

from typing import cast, override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory, Platform

from lan_edge import Command, Refresh

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeButton(LanEdgeEntity, ButtonEntity):
    """One command."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Send the view's command when pressed."""
        super().__init__(coordinator, view)
        self._command = cast("Command[...]", view.part)
        self._arguments = (view.step,) if view.step else ()
        if view.step and self.label:
            self._attr_name = f"{self._attr_name} {view.step:+}"
        if view.part is Refresh.refresh:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC
            # rarely needed: the actions update_entity and lan_edge.refresh do the same
            self._attr_entity_registry_enabled_default = False

    @override
    async def async_press(self) -> None:
        """Send the command."""
        await self.send(self._command, *self._arguments)


async_setup_entry = setup_entry_of(Platform.BUTTON, LanEdgeButton)
