"""Switches: components that are only on or off, and attributes that are true or false."""

from typing import Any, override

from homeassistant.components.switch import SwitchDeviceClass, SwitchEntity
from homeassistant.const import Platform

from lan_edge import Attribute, Switch

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity, LanEdgeSetting

PARALLEL_UPDATES = 0  # the library queues the commands of each device

OUTLETS = ("outlet", "smartplug")
"""The categories of components that are outlets."""


class LanEdgeSwitch(LanEdgeEntity, SwitchEntity):
    """A component that is on or off."""

    reads = (Switch.switch,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take the device class from the component's category."""
        super().__init__(coordinator, spec)
        if self.category in OUTLETS:
            self._attr_device_class = SwitchDeviceClass.OUTLET

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on."""
        return self.read(Switch.switch)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on."""
        await self.send(Switch.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.send(Switch.off)


class LanEdgeSwitchSetting(LanEdgeSetting, SwitchEntity):
    """An attribute that is true or false."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is true."""
        return self.read(self.attribute)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set it to true."""
        await self.set_attribute(value=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Set it to false."""
        await self.set_attribute(value=False)


def _create(
    coordinator: LanEdgeCoordinator, spec: EntitySpec
) -> LanEdgeSwitch | LanEdgeSwitchSetting:
    is_setting = isinstance(spec.subject, Attribute)
    return (LanEdgeSwitchSetting if is_setting else LanEdgeSwitch)(coordinator, spec)


async_setup_entry = setup_entry_of(Platform.SWITCH, _create)
