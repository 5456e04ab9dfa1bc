"""What all entities share: their device, the attributes they show, and how they send commands."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
import logging
from types import MappingProxyType
from typing import Any, Protocol, cast, override

from homeassistant.core import CALLBACK_TYPE, Context, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.update_coordinator import BaseCoordinatorEntity

from lan_edge import MAIN, Attribute, Command, EdgeError, Intent, UnconfirmedError

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import ComponentEntity
from .entities.mapping import EntitySpec
from .entities.names import name_of_part
from .entities.presented import entity_category, entity_name, is_standard
from .reporting.language import own_reason
from .runtime import domain_data

_LOGGER = logging.getLogger(__name__)

_ANY_UNIT: Mapping[Any, Any] = MappingProxyType({})


class Read(Protocol):
    """The type of `LanEdgeEntity.read`, for the helper objects of an entity."""

    def __call__[T](self, attribute: Attribute[T], /) -> T | None:
        """Return the last reported value of an attribute, or None."""


class LanEdgeEntity(BaseCoordinatorEntity[LanEdgeCoordinator], ComponentEntity):
    """An entity of one component; its state is written when one of its attributes changes."""

    _attr_has_entity_name = True
    reads: tuple[Attribute[Any], ...] = ()
    """The attributes that the state depends on; by default those of all its capabilities."""
    commands: frozenset[Command[...]]
    """The commands of the entity's capabilities that the driver handles."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Create the entity that `spec` describes."""
        super().__init__(coordinator)
        self._is_following = False
        self._endings: list[CALLBACK_TYPE] = []
        """What ends the subscriptions."""
        self.component = spec.component
        self._component = coordinator.shown.components[spec.component].component
        self._state = coordinator.device.state
        self._attr_unique_id = coordinator.unique_id(spec)
        self._set_name(spec)
        self.commands = spec.commands
        self.reads = self.reads or tuple(a for c in spec.capabilities for a in c.attributes)
        if isinstance(spec.subject, Attribute):
            self.reads = (spec.subject,)
            self._attr_entity_registry_enabled_default = not spec.subject.rare
        specs = coordinator.shown.components[spec.component].specs
        if (category := entity_category(spec, specs)) is not None:  # else the platform may have one
            self._attr_entity_category = category

    @property
    @override
    def device_info(self) -> DeviceInfo | ChildDeviceInfo:
        """The entity's device in the device registry."""
        return self.coordinator.registry_devices.info(self.component)

    @property
    def category(self) -> str:
        """The category of the component in lower case, such as `garagedoor`, or empty."""
        return self._component.category.lower()

    @property
    def label(self) -> str:
        """The name of the component; empty if the component is a registry device of its own."""
        is_device = self.component == MAIN or self._component.child
        return "" if is_device else name_of_part(self.component, self._component)

    def _set_name(self, spec: EntitySpec) -> None:
        """Name the entity, by a translation if it has no name of its own."""
        if is_standard(spec):
            self._attr_translation_key = spec.translation_key
        specs = self.coordinator.shown.components[spec.component].specs
        main = self._component.name if self.component == MAIN else ""
        if (name := entity_name(spec, specs, self.label, main)) is not None:
            self._attr_name = name or None

    @override
    @callback
    def rename(self, spec: EntitySpec) -> None:
        """Take the new name of the component."""
        self._component = self.coordinator.shown.components[self.component].component
        self._set_name(spec)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the attributes until removal."""
        await super().async_added_to_hass()
        self._update_availability()
        self.async_on_remove(self._end_following)
        self._is_following = True
        self.follow()

    @callback
    def follow(self) -> None:
        """Subscribe to the attributes."""
        self.subscribe(self.reads, self._attributes_changed)

    @callback
    def _end_following(self) -> None:
        self._is_following = False
        while self._endings:
            self._endings.pop()()

    @override
    @callback
    def change(self, spec: EntitySpec, new: ComponentEntity) -> bool:
        """Become as a new entity of the same kind is, without being removed."""
        if not self._is_following:
            return False
        self._end_following()
        coordinator = self.coordinator
        for name in tuple(vars(self)):
            if name.startswith("__attr_"):
                delattr(self, name[1:])  # Home Assistant keeps `_attr_name` there
            elif name in vars(new):
                delattr(self, name)
        self.__init__(coordinator, spec)  # type: ignore[misc]  # as if it was new
        self._update_availability()
        self._is_following = True
        self.follow()
        self._update_registry()
        self.async_write_ha_state()
        return True

    @callback
    def _update_registry(self) -> None:
        """Update what Home Assistant otherwise notes only when an entity is added."""
        er.async_get(self.hass).async_update_entity(
            self.entity_id,
            entity_category=self.entity_category,
            original_icon=self.icon,
            original_name=self.name if isinstance(self.name, str) else None,
            translation_key=self.translation_key,
            unit_of_measurement=self.unit_of_measurement,
        )

    @callback
    def _update_availability(self) -> None:
        """Cache whether the component is available: it is read far more often than it changes."""
        self._attr_available = self.coordinator.device.component_available(self.component)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state when the availability changes."""
        was_available = self._attr_available
        self._update_availability()
        if self._attr_available is not was_available:
            super()._handle_coordinator_update()

    @callback
    def _attributes_changed(self) -> None:
        """Write the state, unless unavailable: then it is written when the device comes online."""
        if self.available:
            self.async_write_ha_state()

    def subscribe(self, attributes: Sequence[Attribute[Any]], listener: CALLBACK_TYPE) -> None:
        """Call `listener` after each change of one of the attributes, while it follows them."""
        self.on_end(self._state.subscribe_all(attributes, self.component, listener))

    def on_end(self, ending: CALLBACK_TYPE) -> None:
        """Call `ending` when the entity no longer follows its attributes."""
        self._endings.append(ending)

    @override
    async def async_update(self) -> None:
        """Read all values again, on behalf of homeassistant.update_entity."""
        await self.coordinator.refresh()

    @callback
    def read[T](self, attribute: Attribute[T]) -> T | None:
        """Return the last reported value of an attribute, or None."""
        return self._state.get(attribute, self.component)

    async def send[**P](self, command: Command[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the device carry out a command; raise HomeAssistantError."""
        arguments: dict[str, object] = dict(kwargs)
        for argument, value in zip(command.arguments, args, strict=False):
            arguments[argument.name] = value
        coordinator, started_at = self.coordinator, self.hass.loop.time()
        try:
            await coordinator.device.commands.execute(command, arguments, self.component)
        except EdgeError as err:
            raise self._translated(err, started_at) from err

    async def perform(self, intent: Intent) -> None:
        """Have the device carry out several changes at once; raise HomeAssistantError."""
        started_at = self.hass.loop.time()
        try:
            await self.coordinator.device.commands.perform(intent, self.component)
        except EdgeError as err:
            raise self._translated(err, started_at) from err

    @property
    def context(self) -> Context | None:
        """The context of the action that is carried out now, or was carried out last."""
        return self._context

    def _name_for(self, error: EdgeError) -> str:
        """Return the name of what failed: the device, or the part that did not do as it said."""
        title, is_part = self.coordinator.config_entry.title, self.component != MAIN
        if is_part and isinstance(error, UnconfirmedError):
            return f"{title} {self._component.name or self.component}"
        return title

    def _translated(self, error: EdgeError, started_at: float) -> HomeAssistantError:
        """Return the error to raise, merged with the others of the same action."""
        return domain_data(self.hass).failures.translate(
            error,
            self._name_for(error),
            own_reason(self.hass, error),
            context=self.context,
            started_at=started_at,
        )


class LanEdgeSetting(LanEdgeEntity):
    """An attribute that can be set: the base of its number, select, switch or text."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Create the entity that `spec` describes."""
        super().__init__(coordinator, spec)
        self.attribute = cast("Attribute[Any]", spec.subject)

    async def set_attribute(self, value: Any) -> None:
        """Have the device set the attribute; raise HomeAssistantError."""
        if (setter := self.attribute.setter) is not None:
            await self.send(setter, value)


def device_class[E: StrEnum](
    classes: type[E],
    attribute: Attribute[Any],
    units: Mapping[E, Collection[str | type[StrEnum] | None]] = _ANY_UNIT,
) -> E | None:
    """Return the device class of an attribute, or None if Home Assistant does not know it.

    `units` are the units that Home Assistant accepts for each class.
    """
    if attribute.device_class is None:
        return None
    try:
        result = classes(attribute.device_class)
    except ValueError:
        name = classes.__name__
        _LOGGER.warning("%s: ignored: there is no %s %r", attribute, name, attribute.device_class)
        return None
    if attribute.unit not in units.get(result, {attribute.unit}):
        _LOGGER.warning("%s: ignored %s: its unit is not %r", attribute, result, attribute.unit)
        return None
    return result
