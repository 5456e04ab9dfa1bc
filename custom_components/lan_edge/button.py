"""Buttons: commands that set no attribute and need no argument, relative steps, and refresh."""

from typing import cast, override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import Platform

from lan_edge import Command, Refresh

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device


class LanEdgeButton(LanEdgeEntity, ButtonEntity):
    """One command."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Send the spec's command when pressed, with its step if it has one."""
        super().__init__(coordinator, spec)
        self._command = cast("Command[...]", spec.subject)
        self._arguments = (spec.step,) if spec.step else ()
        if spec.subject is Refresh.refresh:
            # rarely needed: the actions update_entity and lan_edge.refresh do the same
            self._attr_entity_registry_enabled_default = False

    @override
    def _set_name(self, spec: EntitySpec) -> None:
        super()._set_name(spec)
        if spec.step and self.label:
            self._attr_name = f"{self._attr_name} {spec.step:+}"

    @override
    async def async_press(self) -> None:
        """Send the command."""
        await self.send(self._command, *self._arguments)


async_setup_entry = setup_entry_of(Platform.BUTTON, LanEdgeButton)
