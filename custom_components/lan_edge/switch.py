"""Switches: the switch capability where nothing folds it into something richer, and settings."""

from typing import Any, override

from homeassistant.components.switch import SwitchDeviceClass, SwitchEntity
from homeassistant.const import Platform

from lan_edge import Attribute, Switch

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entities.setting import LanEdgeSetting
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

OUTLETS = ("outlet", "smartplug")


class LanEdgeSwitch(LanEdgeEntity, SwitchEntity):
    """Something that is on or off."""

    reads = (Switch.switch,)

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Be an outlet where the component is one."""
        super().__init__(coordinator, view)
        if self.category in OUTLETS:
            self._attr_device_class = SwitchDeviceClass.OUTLET

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on."""
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
    """A yes or no that can be set."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is yes."""
        return self.read(self.attribute)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set it to yes."""
        await self.set_to(value=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Set it to no."""
        await self.set_to(value=False)


def _switch(coordinator: LanEdgeCoordinator, view: View) -> SwitchEntity:
    is_setting = isinstance(view.part, Attribute)
    return (LanEdgeSwitchSetting if is_setting else LanEdgeSwitch)(coordinator, view)


async_setup_entry = setup_entry_of(Platform.SWITCH, _switch)
