"""The entities of a platform: added, replaced and removed as the device's profile changes."""

from collections.abc import Callable, Collection, Coroutine, Hashable
from functools import partial
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from lan_edge import Device

from ..const import DOMAIN
from .mapping import EntitySpec, entity_specs

type SetupEntry[O] = Callable[
    [HomeAssistant, ConfigEntry[O], AddConfigEntryEntitiesCallback], Coroutine[Any, Any, None]
]


class EntityOwner(Protocol):
    """The owner of a device's entities: its coordinator."""

    hass: HomeAssistant
    device: Device

    def unique_id(self, spec: EntitySpec) -> str:
        """Return the unique id of an entity."""

    def add_platform(self, entities: PlatformEntities) -> None:
        """Keep the entities of a platform up to date from now on."""


class PlatformEntities:
    """The entities that a device has on one platform.

    An entity that is no longer in the profile is removed from the entity registry, which restores
    the user's changes if it comes back. One that changed is replaced under the same registry
    entry, so that automations and dashboards keep working.
    """

    def __init__(
        self,
        owner: EntityOwner,
        platform: Platform,
        create: Callable[[EntitySpec], Entity],
        add: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Start without entities; `update` adds them."""
        self.platform = platform
        self._owner = owner
        self._create = create
        self._add = add
        self._entities: dict[str, tuple[Hashable, Entity]] = {}
        """Each entity, after the data that it was made from, by its unique id."""

    @callback
    def update(self) -> None:
        """Add, replace and remove entities so that they match the device's profile."""
        specs = (s for s in entity_specs(self._owner.device) if s.platform is self.platform)
        wanted = {self._owner.unique_id(spec): spec for spec in specs}
        for unique_id in self._entities.keys() - wanted.keys():
            del self._entities[unique_id]
            self._remove_from_registry(unique_id)
        sources = {unique_id: self._source(spec) for unique_id, spec in wanted.items()}
        known = {unique_id: source for unique_id, (source, _) in self._entities.items()}
        changed = [i for i, source in sources.items() if i not in known or known[i] != source]
        old = [self._entities[i][1] for i in changed if i in known]
        new = {i: self._create(wanted[i]) for i in changed}
        self._entities |= {i: (sources[i], entity) for i, entity in new.items()}
        if old:
            self._owner.hass.async_create_task(self._replace(old, new.values()))
        elif new:
            self._add(new.values())

    async def _replace(self, old: Collection[Entity], new: Collection[Entity]) -> None:
        for entity in old:
            if entity.hass is not None:  # None: it is disabled, so it was never added
                await entity.async_remove()
        self._add(new)

    def _source(self, spec: EntitySpec) -> Hashable:
        """Return all data that an entity is made from."""
        component = self._owner.device.profile.components[spec.component]
        return spec, component.name, component.child, component.category

    def _remove_from_registry(self, unique_id: str) -> None:
        registry = er.async_get(self._owner.hass)
        entity_id = registry.async_get_entity_id(self.platform, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)


def setup_entry_of[O: EntityOwner](
    platform: Platform, create: Callable[[O, EntitySpec], Entity]
) -> SetupEntry[O]:
    """Return the `async_setup_entry` of a platform; `create` makes its entities."""

    async def async_setup_entry(
        hass: HomeAssistant,
        entry: ConfigEntry[O],
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Add the device's entities of this platform."""
        owner = entry.runtime_data
        create_one = partial(create, owner)
        owner.add_platform(PlatformEntities(owner, platform, create_one, async_add_entities))

    return async_setup_entry
