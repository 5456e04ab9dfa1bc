"""The entities of one platform: they come, go and change with the device's profile."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from lan_edge import Device

from ..const import DOMAIN
from .mapping import View, views


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the entities of one platform, and hands them to Home Assistant."""

    platform: Platform
    create: Callable[[View], Entity]
    add: AddConfigEntryEntitiesCallback


class Present:
    """The entities that are there of one platform.

    One whose part is gone leaves the registry, which remembers for its return what the user
    made of it. One whose part became another is made anew under the same entry, as what others
    have tied to that must not break.
    """

    def __init__(
        self, hass: HomeAssistant, device: Device, unique_id: Callable[[View], str], maker: Maker
    ) -> None:
        """Have no entity yet."""
        self._hass = hass
        self._device = device
        self._unique_id = unique_id
        self._maker = maker
        self._entities: dict[str, tuple[Hashable, Entity]] = {}
        """By their unique id, with what they were made of."""

    @property
    def platform(self) -> Platform:
        """The platform that they are of."""
        return self._maker.platform

    @callback
    def update(self) -> None:
        """Have the entities of the profile of now."""
        mine = (v for v in views(self._device) if v.platform is self.platform)
        wanted = {self._unique_id(view): view for view in mine}
        for unique_id in self._entities.keys() - wanted.keys():
            del self._entities[unique_id]
            self._forget(unique_id)
        made_of = {unique_id: self._made_of(view) for unique_id, view in wanted.items()}
        changed = [u for u, what in made_of.items() if self._entities.get(u, (None,))[0] != what]
        old = [self._entities[u][1] for u in changed if u in self._entities]
        new = {u: self._maker.create(wanted[u]) for u in changed}
        self._entities |= {u: (made_of[u], entity) for u, entity in new.items()}
        if old:
            self._hass.async_create_task(self._exchange(old, new.values()))
        elif new:
            self._maker.add(new.values())

    async def _exchange(self, old: Collection[Entity], new: Collection[Entity]) -> None:
        for entity in old:
            if entity.hass is not None:  # else it is disabled
                await entity.async_remove()
        self._maker.add(new)

    def _made_of(self, view: View) -> Hashable:
        """Return all that an entity looks at when it is made."""
        part = self._device.profile.components[view.component]
        return view, part.name, part.child, part.category

    def _forget(self, unique_id: str) -> None:
        registry = er.async_get(self._hass)
        entity_id = registry.async_get_entity_id(self.platform, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)
