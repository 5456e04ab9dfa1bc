"""Valves: open or closed."""

from typing import override

from homeassistant.components.valve import ValveDeviceClass, ValveEntity, ValveEntityFeature
from homeassistant.const import Platform

from lan_edge import Valve

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

CLASSES = {"watervalve": ValveDeviceClass.WATER, "gasvalve": ValveDeviceClass.GAS}
"""What flows through, by the category of its component."""
FEATURES = {Valve.open: ValveEntityFeature.OPEN, Valve.close: ValveEntityFeature.CLOSE}


class LanEdgeValve(LanEdgeEntity, ValveEntity):
    """A valve without a position."""

    _attr_reports_position = False
    reads = (Valve.valve,)

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the valve can do."""
        super().__init__(coordinator, view)
        features = ValveEntityFeature(0)
        for command, feature in FEATURES.items():
            if coordinator.device.handles(command):
                features |= feature
        self._attr_supported_features = features
        self._attr_device_class = CLASSES.get(self.category)

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether nothing flows."""
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
