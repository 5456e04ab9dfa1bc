"""Selects: every choice that a device reports and that can be made."""

from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.choices import choice, choices_of
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entities.setting import LanEdgeSetting

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeSelect(LanEdgeSetting, SelectEntity):
    """One of the choices that the device names, else of those that its attribute has."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Hear of the choices too."""
        super().__init__(coordinator, view)
        self._members = choices_of(self.attribute.schema.type)
        self._named = self.attribute.options
        if self._named is not None:
            self.reads = (self.attribute, self._named)

    @property
    @override
    def options(self) -> list[str]:
        """The choices; none of a device's words that is too long for a state."""
        named: Any = self.read(self._named) if self._named is not None else None
        if not self._members:
            return [word for word in named or () if len(word) <= MAX_LENGTH_STATE_STATE]
        return [name for name, member in self._members.items() if not named or member in named]

    @property
    @override
    def current_option(self) -> str | None:
        """The one that is chosen, None if it is none of them."""
        value = self.read(self.attribute)
        chosen = choice(self._members, value) if self._members else value
        return chosen if chosen in self.options else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        await self.set_to(self._members.get(option, option))


async_setup_entry = setup_entry_of(Platform.SELECT, LanEdgeSelect)
