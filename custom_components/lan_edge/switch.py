"""Switches: the switch capability where nothing folds it into something richer."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry
from .edge import Switch
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's switches."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.SWITCH, lambda view: LanEdgeSwitch(coordinator, view), async_add_entities
    )


class LanEdgeSwitch(LanEdgeEntity, SwitchEntity):
    """Something that is on or off."""

    reads = (Switch.switch,)

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on."""
        return self.read(Switch.switch)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on."""
        await self.send(Switch.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.send(Switch.off)
