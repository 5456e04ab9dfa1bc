"""Selects: attributes with a choice of values that can be set."""

from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.choices import option_of, options_of
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeSetting

PARALLEL_UPDATES = 0  # the library queues the commands of each device


class LanEdgeSelect(LanEdgeSetting, SelectEntity):
    """One attribute; its options are the values that the device lists, else those of its type."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use the options of the attribute's type, and the attribute that lists the values."""
        super().__init__(coordinator, spec)
        self._members = options_of(self.attribute.schema.type)
        self._list_attribute = self.attribute.options
        if self._list_attribute is not None:
            self.reads = (self.attribute, self._list_attribute)

    @property
    @override
    def options(self) -> list[str]:
        """Return the options; words of the device that are too long for a state are left out."""
        listed: Any = self.read(self._list_attribute) if self._list_attribute is not None else None
        if not self._members:
            return [word for word in listed or () if len(word) <= MAX_LENGTH_STATE_STATE]
        return [name for name, member in self._members.items() if not listed or member in listed]

    @property
    @override
    def current_option(self) -> str | None:
        """Return the current option, or None if the value is none of them."""
        value = self.read(self.attribute)
        option = option_of(self._members, value) if self._members else value
        return option if option in self.options else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Set the value."""
        await self.set_attribute(self._members.get(option, option))


async_setup_entry = setup_entry_of(Platform.SELECT, LanEdgeSelect)
