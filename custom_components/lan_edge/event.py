"""Events: everything that happens at one moment, such as a push of a button."""

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
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity, device_class

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0  # read only

ATTR_VALUE = "value"
DOORBELL = "doorbell"


class LanEdgeEvent(LanEdgeEntity, EventEntity):
    """What happens by one attribute; each emit is an event, also one of the same value.

    The event types are the attribute's words, those of them that the device lists if it does:
    SmartThings' own, since Home Assistant's standard ones know no push apart from two of them.
    An attribute without words has one event type, and its value beside it. A doorbell's push is
    a ring.
    """

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look as the attribute says."""
        super().__init__(coordinator, view)
        self._attribute = cast("Attribute[Any]", view.part)
        self._listed = self._attribute.options
        self.reads = () if self._listed is None else (self._listed,)
        self._attr_device_class = self._device_class()
        self._warned = False
        if self.label and view.part is Button.button:
            self._attr_name = self.label  # "Left", not "Left button"

    def _device_class(self) -> EventDeviceClass | None:
        found = device_class(EventDeviceClass, self._attribute)
        if self._attribute is Button.button and self.category == DOORBELL:
            return EventDeviceClass.DOORBELL
        if found is EventDeviceClass.DOORBELL and DoorbellEventType.RING not in self._types(found):
            return None  # Home Assistant knows none that does not ring
        return found

    @property
    @override
    def event_types(self) -> list[str]:
        """What can happen, as the device says now."""
        listed = None if self._listed is None else self.read(self._listed)
        return self._types(self.device_class, listed)

    def can_be(self, event_type: str) -> bool:
        """Whether it may happen some day, whatever the device says now."""
        open_ended = self._listed is not None and not issubclass(self._attribute.schema.type, Enum)
        return open_ended or event_type in self._types(self.device_class)

    def _types(
        self, kind: EventDeviceClass | None, listed: tuple[object, ...] | None = None
    ) -> list[str]:
        value = self._attribute.schema.type
        if issubclass(value, Enum):
            words = [_typed(word, kind) for word in listed or value]
        elif self._listed is not None:
            words = [_typed(word, kind) for word in listed or ()]
        else:
            words = [DoorbellEventType.RING if kind == DOORBELL else slug(self._attribute.name)]
        return list(dict.fromkeys(words))

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of what happens from now on."""
        await super().async_added_to_hass()
        self.hear((self._attribute,), self._happened)

    @callback
    def _happened(self) -> None:
        if self._state.looks_back:
            return
        value = self.read(self._attribute)
        has_words = isinstance(value, Enum) or self._listed is not None
        word = _typed(value, self.device_class) if has_words else self.event_types[0]
        if word in self.event_types:
            self._tell(word, _count(value) if has_words else {ATTR_VALUE: value})
        elif not self._warned:
            self._warned = True
            _LOGGER.warning("%s: the device does not list what happened: %r", self.entity_id, word)

    def _tell(self, word: str, more: Mapping[str, Any]) -> None:
        self._trigger_event(word, dict(more))
        self.async_write_ha_state()
        if self.device_entry is not None:
            signal = SIGNAL_EVENT.format(self.device_entry.id)
            async_dispatcher_send(self.hass, signal, self.component, word, more)


@callback
def events_of(hass: HomeAssistant, device_id: str) -> Iterator[LanEdgeEvent]:
    """Yield the event entities of a device of the registry."""
    for entity in hass.data[DATA_COMPONENT].entities if DATA_COMPONENT in hass.data else ():
        device = entity.device_entry
        if isinstance(entity, LanEdgeEvent) and device is not None and device.id == device_id:
            yield entity


def _typed(value: object, kind: EventDeviceClass | None) -> str:
    """Return the event type of a word."""
    if kind == DOORBELL and value == ButtonValue.PUSHED:
        return DoorbellEventType.RING
    return str(value.value if isinstance(value, Enum) else value)


def _count(value: object) -> dict[str, Any]:
    """Return how often it was pushed in a row, where the word says so."""
    if value == ButtonValue.DOUBLE:
        return {ATTR_MULTI_PRESS_COUNT: 2}
    found = re.search(r"_(\d)x$", str(value))
    return {ATTR_MULTI_PRESS_COUNT: int(found[1])} if found else {}


async_setup_entry = setup_entry_of(Platform.EVENT, LanEdgeEvent)
