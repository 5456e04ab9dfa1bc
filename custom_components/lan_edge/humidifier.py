"""Humidifiers: switch, mode and measured humidity of a component."""

from typing import Any, cast, override

from homeassistant.components.humidifier import (
    HumidifierDeviceClass,
    HumidifierEntity,
    HumidifierEntityFeature as Feature,
)
from homeassistant.const import Platform

from lan_edge import (
    HumidifierMode,
    HumidifierModeValue,
    RelativeHumidityMeasurement,
    Switch,
)

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity
from .errors import InvalidActionError

PARALLEL_UPDATES = 0  # the library queues the commands of each device


class LanEdgeHumidifier(LanEdgeEntity, HumidifierEntity):
    """A humidifier; there is no capability for a target humidity."""

    _attr_device_class = HumidifierDeviceClass.HUMIDIFIER

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support modes if the driver handles them."""
        super().__init__(coordinator, spec)
        self._attr_translation_key = spec.translation_key
        if HumidifierMode.set_humidifier_mode in self.commands:
            self._attr_supported_features = Feature.MODES

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on."""
        return self.read(Switch.switch)

    @property
    @override
    def available_modes(self) -> list[str]:
        """Return the modes that the device has: all, unless it says which."""
        supported = self.read(HumidifierMode.supported_humidifier_modes)
        return [str(mode) for mode in supported or HumidifierModeValue]

    @property
    @override
    def mode(self) -> str | None:
        """Return the mode."""
        mode = self.read(HumidifierMode.humidifier_mode)
        return None if mode is None else str(mode)

    @property
    @override
    def current_humidity(self) -> float | None:
        """Return the humidity of the room in percent."""
        return self.read(RelativeHumidityMeasurement.humidity)

    @override
    async def async_set_mode(self, mode: str) -> None:
        """Set the mode."""
        # Home Assistant does not check the mode; the command does.
        await self.send(HumidifierMode.set_humidifier_mode, cast("HumidifierModeValue", mode))

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        """Raise an error: Home Assistant offers this action for all humidifiers."""
        raise InvalidActionError(translation_key="no_target_humidity")

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on."""
        await self.send(Switch.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.send(Switch.off)


async_setup_entry = setup_entry_of(Platform.HUMIDIFIER, LanEdgeHumidifier)
