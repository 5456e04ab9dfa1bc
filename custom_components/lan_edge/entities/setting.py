"""Settings: what numbers, choices, texts and switches of one attribute share."""

from typing import Any, cast

from homeassistant.const import EntityCategory, Platform

from lan_edge import Attribute

from ..coordinator import LanEdgeCoordinator
from ..entity import LanEdgeEntity
from .mapping import View, views


class LanEdgeSetting(LanEdgeEntity):
    """One attribute that can be set.

    It is in the category config where it stands beside what its component is for, such as a
    lamp or a player, unless it is used every day. Where a component has nothing but such
    attributes, they are the main thing.
    """

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Set the attribute that `view` shows."""
        super().__init__(coordinator, view)
        self.attribute = cast("Attribute[Any]", view.part)
        beside = not self.attribute.daily and _beside_main(coordinator, view.component)
        if self.entity_category is not None or beside:
            self._attr_entity_category = EntityCategory.CONFIG

    async def set_to(self, value: Any) -> None:
        """Have the device set the attribute; raise Home Assistant's errors."""
        if (setter := self.attribute.setter) is not None:
            await self.send(setter, value)


def _beside_main(coordinator: LanEdgeCoordinator, component: str) -> bool:
    """Whether the component has an entity of a capability; its firmware is not the main thing."""
    return any(
        isinstance(v.part, type) and v.platform is not Platform.UPDATE
        for v in views(coordinator.device)
        if v.component == component
    )
