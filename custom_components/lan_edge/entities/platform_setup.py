"""How every platform is set up: with the entities that the mapping gives it, now and later."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .mapping import View

type SetUpEntry = Callable[
    [HomeAssistant, LanEdgeConfigEntry, AddConfigEntryEntitiesCallback], Coroutine[Any, Any, None]
]


def setup_entry_of(
    platform: Platform, entity: Callable[[LanEdgeCoordinator, View], Entity]
) -> SetUpEntry:
    """Return a platform's `async_setup_entry`, which makes an `entity` of each of its views."""

    async def async_setup_entry(
        hass: HomeAssistant,
        entry: LanEdgeConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Add the device's entities of this platform."""
        coordinator = entry.runtime_data
        coordinator.add_platform(platform, partial(entity, coordinator), async_add_entities)

    return async_setup_entry
