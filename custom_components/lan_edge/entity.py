"""What all entities share: their device, their attributes, and the way a command goes."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
import logging
import re
from types import MappingProxyType
from typing import Any, override

from homeassistant.const import EntityCategory
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.update_coordinator import BaseCoordinatorEntity

from lan_edge import MAIN, Attribute, Command, EdgeError, Intent, Kind

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .runtime import domain_data

_LOGGER = logging.getLogger(__name__)

_ANY_UNIT: Mapping[Any, Any] = MappingProxyType({})


class LanEdgeEntity(BaseCoordinatorEntity[LanEdgeCoordinator]):
    """Shows some attributes of one component; hears of those only."""

    _attr_has_entity_name = True
    reads: tuple[Attribute[Any], ...] = ()
    """The attributes that the entity shows; unless named, all of the capabilities it shows."""
    can: frozenset[Command[...]]
    """The commands of those capabilities that the driver handles."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Show `view` of the coordinator's device."""
        super().__init__(coordinator)
        self.component = view.component
        self._part = coordinator.device.profile.components[view.component]
        self._state = coordinator.device.state
        self._attr_unique_id = coordinator.unique_id(view)
        self._name(view)
        self.can = view.can
        self.reads = self.reads or tuple(a for each in view.shows for a in each.attributes)
        if isinstance(view.part, Attribute):
            self.reads = (view.part,)
            self._attr_entity_registry_enabled_default = not view.part.rare
            if view.part.kind is Kind.DIAGNOSTIC:
                self._attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def device_info(self) -> DeviceInfo | ChildDeviceInfo:
        """The device that it belongs to; asked for once, and not kept."""
        return self.coordinator.device_info(self.component)

    @property
    def category(self) -> str:
        """What the component is, in lower case, such as `garagedoor`; empty if nobody said."""
        return self._part.category.lower()

    @property
    def label(self) -> str:
        """What people call the component; empty if it is the device to them."""
        whole = self.component == MAIN or self._part.child
        return "" if whole else self._part.name or self.component

    def _name(self, view: View) -> None:
        """Give the name: the device's or part's for its main feature, else by what is shown."""
        if isinstance(view.part, type):
            self._attr_name = self.label or None
            return
        own = "." in view.part.capability.id  # a driver's own: we cannot translate it
        if not own:
            self._attr_translation_key = view.translation_key
        if own or self.label:
            self._attr_name = f"{self.label} {words(view.part.name)}".strip()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the attributes that are shown."""
        await super().async_added_to_hass()
        self._look()
        self.hear(self.reads, self._changed)

    @callback
    def _look(self) -> None:
        """Look whether the device is there, and this part of it: asked far more than it changes."""
        self._attr_available = self.coordinator.device.component_available(self.component)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show that the device came or went."""
        self._look()
        super()._handle_coordinator_update()

    @callback
    def _changed(self) -> None:
        """Show what changed; what is read before the device is there shows when it is."""
        if self.available:
            self.async_write_ha_state()

    def hear(self, attributes: Sequence[Attribute[Any]], listener: CALLBACK_TYPE) -> None:
        """Call `listener` after each change of one of the attributes, while the entity is there."""
        self.async_on_remove(self._state.subscribe_all(attributes, self.component, listener))

    @override
    async def async_update(self) -> None:
        """Read everything again: homeassistant.update_entity asks for it."""
        await self.coordinator.refresh()

    @callback
    def read[T](self, attribute: Attribute[T]) -> T | None:
        """Return what the device last reported, or None."""
        return self._state.get(attribute, self.component)

    async def send[**P](self, command: Command[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the device carry out a command; raise Home Assistant's errors."""
        arguments: dict[str, object] = dict(kwargs)
        for argument, value in zip(command.arguments, args, strict=False):
            arguments[argument.name] = value
        coordinator, started_at = self.coordinator, self.hass.loop.time()
        try:
            await coordinator.device.commands.execute(command, arguments, self.component)
        except EdgeError as err:
            raise self._translated(err, started_at) from err

    async def perform(self, intent: Intent) -> None:
        """Have the device do several things in one go; raise Home Assistant's errors."""
        started_at = self.hass.loop.time()
        try:
            await self.coordinator.device.commands.perform(intent, self.component)
        except EdgeError as err:
            raise self._translated(err, started_at) from err

    def _translated(self, error: EdgeError, started_at: float) -> HomeAssistantError:
        """Return what is raised for an error, merged with those of the same action."""
        return domain_data(self.hass).failures.translate(
            error,
            self.coordinator.config_entry.title,
            context=self._context,
            started_at=started_at,
        )


def device_class[E: StrEnum](
    known: type[E],
    attribute: Attribute[Any],
    units: Mapping[E, Collection[str | type[StrEnum] | None]] = _ANY_UNIT,
) -> E | None:
    """Return the device class that an attribute names, if Home Assistant knows it.

    `units` are those that Home Assistant takes for a class.
    """
    if attribute.device_class is None:
        return None
    try:
        found = known(attribute.device_class)
    except ValueError:
        _LOGGER.warning("%s: there is no %s %r", attribute, known.__name__, attribute.device_class)
        return None
    if attribute.unit not in units.get(found, {attribute.unit}):
        _LOGGER.warning("%s: %r is no unit of a %s", attribute, attribute.unit, found)
        return None
    return found


def words(name: str) -> str:
    """Return a camelCase name as people write it: filterLife: Filter life."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).capitalize()
