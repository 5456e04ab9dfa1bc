"""Selects: every text a device reports that can be set to one of several it names."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .entity import LanEdgeEntity
from .mapping import View

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's selects."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.SELECT, lambda view: LanEdgeSelect(coordinator, view), async_add_entities
    )


class LanEdgeSelect(LanEdgeEntity, SelectEntity):
    """One of the choices that the device names."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Hear of the choices too."""
        super().__init__(coordinator, view)
        (self._chosen,) = self.reads
        self._choices = self._chosen.options
        if self._choices is not None:
            self.reads = (self._chosen, self._choices)

    @property
    @override
    def options(self) -> list[str]:
        """The choices."""
        choices = self.read(self._choices) if self._choices is not None else None
        return list(choices or ())

    @property
    @override
    def current_option(self) -> str | None:
        """The one that is chosen, None if it is none of them."""
        chosen = self.read(self._chosen)
        return chosen if chosen in self.options else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        if (setter := self._chosen.setter) is not None:
            await self.send(setter, option)
