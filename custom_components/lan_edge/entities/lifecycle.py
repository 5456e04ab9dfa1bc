"""The entities of a platform: added, replaced and removed as the device's profile changes."""

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from lan_edge import run_in_slices

from ..const import DOMAIN
from .mapping import EntitySpec
from .removal import Ages, async_remove_entity
from .shown import ShownComponents

type SetupEntry[O] = Callable[
    [HomeAssistant, ConfigEntry[O], AddConfigEntryEntitiesCallback], Coroutine[Any, Any, None]
]


_NONE = None, "", None
"""The data, the name and the entity where there is none."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What an entity is made from."""

    spec: EntitySpec
    child: bool
    category: str
    fades: bool


class ComponentEntity(Entity):
    """An entity of a component."""

    @abstractmethod
    def rename(self, spec: EntitySpec) -> None:
        """Take the new name of the component."""

    @abstractmethod
    def change(self, spec: EntitySpec, new: ComponentEntity) -> bool:
        """Become as a new entity of the same kind is; return whether it could."""


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
    entry, so that automations and dashboards keep working; if it is of the same kind, it stays and
    changes without ever being unavailable.
    """

    def __init__(
        self,
        owner: EntityOwner,
        platform: Platform,
        create: Callable[[EntitySpec], ComponentEntity],
        add: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Start without entities; `update_all` and `update` add them."""
        self.platform = platform
        self._owner = owner
        self._create = create
        self._add = add
        self._ages = Ages(owner.hass)
        self._entities: dict[str, dict[str, tuple[_Source, str, ComponentEntity]]] = {}
        """Each entity, after the data that it was made from and the name of its component.

        They are kept by component and unique id.
        """

    def update_all(self) -> Iterator[object]:
        """Add the entities of all that is shown, in steps."""
        for component in tuple(self._owner.shown.components):
            yield from self.update(component)

    def update(self, component: str) -> Iterator[object]:
        """Add, replace and remove the entities of a component, so that they match what is shown.

        Each step deals with one entity, and with what is shown by then.
        """
        known = self._entities.get(component, {})
        for unique_id in dict.fromkeys((*known, *self._wanted(component))):
            self._update_entity(component, unique_id)
            yield None

    def _update_entity(self, component: str, unique_id: str) -> None:
        known = self._entities.setdefault(component, {})
        spec = self._wanted(component).get(unique_id)
        source, name, entity = known.get(unique_id, _NONE)
        if spec is None:
            if known.pop(unique_id, None) is not None:
                self._remove_from_registry(unique_id)
        elif entity is None or source is None:
            new = self._create(spec)
            known[unique_id] = self._source(spec), self._name(spec), new
            is_registered = self._entity_id(unique_id) is not None
            self._ages.begin(unique_id, is_registered=is_registered)
            self._add([new])
        elif source != self._source(spec):
            new = self._changed(entity, spec, is_same_device=source.child is self._is_child(spec))
            known[unique_id] = self._source(spec), self._name(spec), new
        elif name != self._name(spec):
            known[unique_id] = source, self._name(spec), entity
            self._rename(entity, spec)
        if not known:
            del self._entities[component]

    def _wanted(self, component: str) -> dict[str, EntitySpec]:
        """Return the specifications of a component's entities on this platform, by unique id."""
        shown = self._owner.shown.components.get(component)
        specs = shown.specs if shown is not None else ()
        return {self._owner.unique_id(s): s for s in specs if s.platform is self.platform}

    def _changed(
        self, entity: ComponentEntity, spec: EntitySpec, *, is_same_device: bool
    ) -> ComponentEntity:
        """Return an entity as it is specified now: changed, or another one in its place."""
        new = self._create(spec)
        if is_same_device and type(new) is type(entity) and entity.change(spec, new):
            return entity
        self._owner.hass.async_create_task(self._replace(entity, new))
        return new

    async def _replace(self, old: Entity, new: Entity) -> None:
        if old.hass is not None:  # None: it is disabled, so it was never added
            await old.async_remove()
        self._add([new])

    def _rename(self, entity: ComponentEntity, spec: EntitySpec) -> None:
        entity.rename(spec)
        is_device = self._is_child(spec)
        registry, entity_id = (
            er.async_get(self._owner.hass),
            self._entity_id(self._owner.unique_id(spec)),
        )
        if entity_id is not None and not is_device:  # else the name is that of its device
            registry.async_update_entity(entity_id, original_name=entity.name)

    def _is_child(self, spec: EntitySpec) -> bool:
        return self._owner.shown.components[spec.component].component.child

    def _name(self, spec: EntitySpec) -> str:
        return self._owner.shown.components[spec.component].component.name

    def _source(self, spec: EntitySpec) -> _Source:
        """Return all data that an entity is made from, its name aside."""
        shown = self._owner.shown.components[spec.component]
        category, fades = shown.component.category, shown.driver.fades
        return _Source(spec, shown.component.child, category, fades)

    def _remove_from_registry(self, unique_id: str) -> None:
        entities, entity_id = er.async_get(self._owner.hass).entities, self._entity_id(unique_id)
        if entity_id is None:  # the user has removed it
            self._ages.forget(unique_id)
        else:
            async_remove_entity(self._owner.hass, self._ages, entities[entity_id])

    def _entity_id(self, unique_id: str) -> str | None:
        registry = er.async_get(self._owner.hass)
        return registry.async_get_entity_id(self.platform, DOMAIN, unique_id)


def setup_entry_of[O: EntityOwner](
    platform: Platform, create: Callable[[O, EntitySpec], ComponentEntity]
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
        entities = PlatformEntities(owner, platform, create_one, async_add_entities)
        owner.add_platform(entities)
        await run_in_slices(entities.update_all())

    return async_setup_entry
