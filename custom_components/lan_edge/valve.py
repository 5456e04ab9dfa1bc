"""Valves without a position."""

from typing import override

from homeassistant.components.valve import ValveDeviceClass, ValveEntity, ValveEntityFeature
from homeassistant.const import Platform

from lan_edge import Valve

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

CLASSES = {"watervalve": ValveDeviceClass.WATER, "gasvalve": ValveDeviceClass.GAS}
"""The device class by the category of the component."""
FEATURES = {Valve.open: ValveEntityFeature.OPEN, Valve.close: ValveEntityFeature.CLOSE}


class LanEdgeValve(LanEdgeEntity, ValveEntity):
    """A valve that is open or closed."""

    _attr_reports_position = False
    reads = (Valve.valve,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support the commands that the driver handles."""
        super().__init__(coordinator, spec)
        features = ValveEntityFeature(0)
        for command, feature in FEATURES.items():
            if command in self.commands:
                features |= feature
        self._attr_supported_features = features
        self._attr_device_class = CLASSES.get(self.category)

    @property
    @override
    def is_closed(self) -> bool | None:
        """Return whether it is closed."""
        is_open = self.read(Valve.valve)
        return None if is_open is None else not is_open

    @override
    async def async_open_valve(self) -> None:
        """Open it."""
        await self.send(Valve.open)

    @override
    async def async_close_valve(self) -> None:
        """Close it."""
        await self.send(Valve.close)


async_setup_entry = setup_entry_of(Platform.VALVE, LanEdgeValve)
