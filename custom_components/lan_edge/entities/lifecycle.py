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

from ..const import DOMAIN
from .mapping import EntitySpec
from .removal import async_remove_entity
from .shown import ShownComponents

type SetupEntry[O] = Callable[
    [HomeAssistant, ConfigEntry[O], AddConfigEntryEntitiesCallback], Coroutine[Any, Any, None]
]


class EntityOwner(Protocol):
    """The owner of a device's entities: its coordinator."""

    hass: HomeAssistant
    shown: ShownComponents

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
        self._entities: dict[str, dict[str, tuple[Hashable, Entity]]] = {}
        """Each entity, after the data that it was made from, by its component and unique id."""

    @callback
    def update(self, components: Collection[str]) -> None:
        """Add, replace and remove entities so that they match what is shown of `components`."""
        old, new = list[Entity](), list[Entity]()
        for component in components:
            self._update_component(component, old, new)
        if old:
            self._owner.hass.async_create_task(self._replace(old, new))
        elif new:
            self._add(new)

    def _update_component(self, component: str, old: list[Entity], new: list[Entity]) -> None:
        """Update the entities of one component; add those to replace to `old` and `new`."""
        known, wanted = self._entities.pop(component, {}), self._wanted(component)
        for unique_id in known.keys() - wanted.keys():
            self._remove_from_registry(unique_id)
        entities = dict[str, tuple[Hashable, Entity]]()
        for unique_id, spec in wanted.items():
            source, current = self._source(spec), known.get(unique_id)
            if current is None or current[0] != source:
                new.append(self._create(spec))
                old += [] if current is None else [current[1]]
                current = (source, new[-1])
            entities[unique_id] = current
        if entities:
            self._entities[component] = entities

    def _wanted(self, component: str) -> dict[str, EntitySpec]:
        """Return the specifications of a component's entities on this platform, by unique id."""
        shown = self._owner.shown.components.get(component)
        specs = shown.specs if shown is not None else ()
        return {self._owner.unique_id(s): s for s in specs if s.platform is self.platform}

    async def _replace(self, old: Collection[Entity], new: Collection[Entity]) -> None:
        for entity in old:
            if entity.hass is not None:  # None: it is disabled, so it was never added
                await entity.async_remove()
        self._add(new)

    def _source(self, spec: EntitySpec) -> Hashable:
        """Return all data that an entity is made from."""
        component = self._owner.shown.components[spec.component].component
        return spec, component.name, component.child, component.category

    def _remove_from_registry(self, unique_id: str) -> None:
        registry = er.async_get(self._owner.hass)
        entity_id = registry.async_get_entity_id(self.platform, DOMAIN, unique_id)
        if entity_id is not None:
            async_remove_entity(self._owner.hass, registry.entities[entity_id])


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
