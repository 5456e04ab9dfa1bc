"""Events: momentary occurrences, such as the press of a button."""

from collections.abc import Iterator, Mapping
from enum import Enum
import logging
import re
from typing import Any, cast, override

from homeassistant.components.event import (
    ATTR_MULTI_PRESS_COUNT,
    DATA_COMPONENT,
    DoorbellEventType,
    EventDeviceClass,
    EventEntity,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from lan_edge import Attribute, Button, ButtonValue

from .const import SIGNAL_EVENT
from .coordinator import LanEdgeCoordinator
from .entities.choices import slug
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity, device_class

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0  # read only

ATTR_VALUE = "value"
DOORBELL = "doorbell"


class LanEdgeEvent(LanEdgeEntity, EventEntity):
    """The events of one attribute; every emitted value is one, even a repeated one.

    The event types are the attribute's values, or those of them that the device lists. They are
    SmartThings' own, as Home Assistant's standard types do not distinguish all of them. An
    attribute without words has a single type, with the value as an attribute of the event. The
    press of a doorbell is a ring.
    """

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take event types and device class from the attribute."""
        super().__init__(coordinator, spec)
        self._attribute = cast("Attribute[Any]", spec.subject)
        self._list_attribute = self._attribute.options
        """The attribute that lists the values, if there is one."""
        self.reads = () if self._list_attribute is None else (self._list_attribute,)
        self._attr_device_class = self._device_class()
        self._has_warned = False

    @override
    def _set_name(self, spec: EntitySpec) -> None:
        super()._set_name(spec)
        if self.label and spec.subject is Button.button:
            self._attr_name = self.label  # "Left", not "Left button"

    def _device_class(self) -> EventDeviceClass | None:
        if self._attribute is Button.button and self.category == DOORBELL:
            return EventDeviceClass.DOORBELL
        event_class = device_class(EventDeviceClass, self._attribute)
        is_doorbell = event_class is EventDeviceClass.DOORBELL
        if is_doorbell and DoorbellEventType.RING not in self._types(event_class):
            return None  # Home Assistant requires the type `ring` of a doorbell
        return event_class

    @property
    @override
    def event_types(self) -> list[str]:
        """Return the event types that the device lists now."""
        listed = None if self._list_attribute is None else self.read(self._list_attribute)
        return self._types(self.device_class, listed)

    def can_fire(self, event_type: str) -> bool:
        """Return whether there can ever be an event of that type, even if it is not listed now."""
        is_enum = issubclass(self._attribute.schema.type, Enum)
        has_any = self._list_attribute is not None and not is_enum
        return has_any or event_type in self._types(self.device_class)

    def _types(
        self, event_class: EventDeviceClass | None, listed: tuple[object, ...] | None = None
    ) -> list[str]:
        kind = self._attribute.schema.type
        if issubclass(kind, Enum):
            types = [_event_type(value, event_class) for value in listed or kind]
        elif self._list_attribute is not None:
            types = [_event_type(value, event_class) for value in listed or ()]
        elif event_class == DOORBELL:
            types = [DoorbellEventType.RING]
        else:
            types = [slug(self._attribute.name)]
        return list(dict.fromkeys(types))

    @override
    def follow(self) -> None:
        """Subscribe to the events."""
        super().follow()
        self.subscribe((self._attribute,), self._emitted)

    @callback
    def _emitted(self) -> None:
        if self._state.is_first_read:  # what a first read returns may have happened long ago
            return
        value = self.read(self._attribute)
        has_words = isinstance(value, Enum) or self._list_attribute is not None
        event_type = _event_type(value, self.device_class) if has_words else self.event_types[0]
        if event_type in self.event_types:
            self._fire(event_type, _press_count(value) if has_words else {ATTR_VALUE: value})
        elif not self._has_warned:
            self._has_warned = True
            _LOGGER.warning(
                "%s: ignored the event %s, which the device does not list",
                self.entity_id,
                self.coordinator.device.privacy.text(event_type),
            )

    def _fire(self, event_type: str, attributes: Mapping[str, Any]) -> None:
        self._trigger_event(event_type, dict(attributes))
        self.async_write_ha_state()
        if self.device_entry is not None:
            signal = SIGNAL_EVENT.format(self.device_entry.id)
            async_dispatcher_send(self.hass, signal, self.component, event_type, attributes)


@callback
def events_of(hass: HomeAssistant, device_id: str) -> Iterator[LanEdgeEvent]:
    """Yield the event entities of a registry device."""
    for entity in hass.data[DATA_COMPONENT].entities if DATA_COMPONENT in hass.data else ():
        device = entity.device_entry
        if isinstance(entity, LanEdgeEvent) and device is not None and device.id == device_id:
            yield entity


def _event_type(value: object, event_class: EventDeviceClass | None) -> str:
    """Return the event type of a value."""
    if event_class == DOORBELL and value == ButtonValue.PUSHED:
        return DoorbellEventType.RING
    return str(value.value if isinstance(value, Enum) else value)


def _press_count(value: object) -> dict[str, Any]:
    """Return the event attribute of a multiple press, such as `pushed_3x`."""
    if value == ButtonValue.DOUBLE:
        return {ATTR_MULTI_PRESS_COUNT: 2}
    match = re.search(r"_(\d)x$", str(value))
    return {ATTR_MULTI_PRESS_COUNT: int(match[1])} if match else {}


async_setup_entry = setup_entry_of(Platform.EVENT, LanEdgeEvent)
