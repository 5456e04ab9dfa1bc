"""Lights: switch, level and colour of one component are one lamp."""

from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_HS_COLOR,
    ATTR_TRANSITION,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import ColorControl, ColorTemperature, Switch, SwitchLevel
from .entity import LanEdgeEntity
from .mapping import View

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

LEVELS = (1, 100)
"""The levels of a lamp that is on, in percent."""
KELVIN = (2000, 6535)
"""The range of a lamp that does not tell its own."""
DEGREES = 3.6
"""One percent of hue, as SmartThings counts it."""
MODES = {ColorControl: ColorMode.HS, ColorTemperature: ColorMode.COLOR_TEMP}


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
    """A lamp that can be dimmed, and coloured where it knows colours."""

    _attr_supported_features = LightEntityFeature.TRANSITION

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the lamp's component can do."""
        super().__init__(coordinator, view)
        modes = {mode for capability, mode in MODES.items() if capability in view.shows}
        self._attr_supported_color_modes = modes or {ColorMode.BRIGHTNESS}
        self.reads = tuple(a for capability in view.shows for a in capability.attributes)

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

    @property
    @override
    def color_mode(self) -> ColorMode:
        """What the light is made by: a colour, unless it has no saturation."""
        modes = self._attr_supported_color_modes or set()
        if modes == {ColorMode.HS, ColorMode.COLOR_TEMP}:
            colored = self.read(ColorControl.saturation)
            return ColorMode.HS if colored else ColorMode.COLOR_TEMP
        return ColorMode(next(iter(modes)))

    @property
    @override
    def hs_color(self) -> tuple[float, float] | None:
        """Hue in degrees and saturation in percent."""
        hue, saturation = self.read(ColorControl.hue), self.read(ColorControl.saturation)
        return None if hue is None or saturation is None else (hue * DEGREES, saturation)

    @property
    @override
    def color_temp_kelvin(self) -> int | None:
        """The colour temperature."""
        return self.read(ColorTemperature.color_temperature)

    @property
    @override
    def min_color_temp_kelvin(self) -> int:
        """The warmest white it can make."""
        return (self.read(ColorTemperature.color_temperature_range) or KELVIN)[0]

    @property
    @override
    def max_color_temp_kelvin(self) -> int:
        """The coldest white it can make."""
        return (self.read(ColorTemperature.color_temperature_range) or KELVIN)[1]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set colour and level, where they are asked for, and turn it on."""
        if (hs := kwargs.get(ATTR_HS_COLOR)) is not None:
            await self.send(ColorControl.set_color, hs[0] / DEGREES, hs[1])
        if (kelvin := kwargs.get(ATTR_COLOR_TEMP_KELVIN)) is not None:
            await self.send(ColorTemperature.set_color_temperature, round(kelvin))
        if (level := self._wanted_level(kwargs)) is not None:
            await self.send(SwitchLevel.set_level, level, kwargs.get(ATTR_TRANSITION))
        if not (kwargs and self.is_on):
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
