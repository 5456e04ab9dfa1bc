"""Humidifiers: switch, mode and the measured humidity of one component."""

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
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity
from .errors import InvalidActionError

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeHumidifier(LanEdgeEntity, HumidifierEntity):
    """A humidifier; no capability has a humidity to aim at."""

    _attr_device_class = HumidifierDeviceClass.HUMIDIFIER

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the component can do."""
        super().__init__(coordinator, view)
        self._attr_translation_key = view.translation_key
        self._attr_available_modes = [str(mode) for mode in HumidifierModeValue]
        if HumidifierMode.set_humidifier_mode in self.can:
            self._attr_supported_features = Feature.MODES

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on."""
        return self.read(Switch.switch)

    @property
    @override
    def mode(self) -> str | None:
        """How much it gives."""
        mode = self.read(HumidifierMode.humidifier_mode)
        return None if mode is None else str(mode)

    @property
    @override
    def current_humidity(self) -> float | None:
        """The humidity of the room."""
        return self.read(RelativeHumidityMeasurement.humidity)

    @override
    async def async_set_mode(self, mode: str) -> None:
        """Have it give more or less."""
        # Home Assistant has not checked it: the command does
        wanted = cast("HumidifierModeValue", mode)
        await self.send(HumidifierMode.set_humidifier_mode, wanted)

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        """Say that it has none to aim at: Home Assistant offers it for all humidifiers."""
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
