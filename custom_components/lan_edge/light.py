"""Lights: switch and level of one component are one lamp."""

from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_TRANSITION,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import LanEdgeConfigEntry
from .edge import Switch, SwitchLevel
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

LEVELS = (1, 100)
"""The levels of a lamp that is on, in percent."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's lights."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.LIGHT, lambda view: LanEdgeLight(coordinator, view), async_add_entities
    )


class LanEdgeLight(LanEdgeEntity, LightEntity):
    """A lamp that can be dimmed."""

    reads = (Switch.switch, SwitchLevel.level)
    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}  # noqa: RUF012  # HA's cached attribute
    _attr_supported_features = LightEntityFeature.TRANSITION

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it shines."""
        return self.read(Switch.switch)

    @property
    @override
    def brightness(self) -> int | None:
        """The brightness, 1 to 255; 0 where the device says level 0."""
        level = self.read(SwitchLevel.level)
        return value_to_brightness(LEVELS, level) if level else level

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set the level, where brightness or transition ask for one, and turn it on."""
        if (level := self._wanted_level(kwargs)) is not None:
            await self.send(SwitchLevel.set_level, level, kwargs.get(ATTR_TRANSITION))
            if self.is_on:
                return
        await self.send(Switch.on)

    def _wanted_level(self, wanted: dict[str, Any]) -> int | None:
        if (brightness := wanted.get(ATTR_BRIGHTNESS)) is not None:
            return max(round(brightness_to_value(LEVELS, brightness)), LEVELS[0])
        if ATTR_TRANSITION in wanted:  # only a level knows of one: go to the last
            return self.read(SwitchLevel.level) or LEVELS[1]
        return None

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.send(Switch.off)
