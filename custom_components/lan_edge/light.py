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
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import LanEdgeCoordinator
from .edge import ColorControl, ColorTemperature, LightIntent, Switch, SwitchLevel
from .entity import LanEdgeEntity
from .mapping import View
from .platform_setup import setup_entry_of

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

LEVELS = (1, 100)
"""The levels of a lamp that is on, in percent."""
KELVIN = (2000, 6535)
"""The range of a lamp that does not tell its own."""
DEGREES = 3.6
"""One percent of hue, as SmartThings counts it."""
MODES = {ColorControl: ColorMode.HS, ColorTemperature: ColorMode.COLOR_TEMP}


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
        """Turn it on, with all that is asked for in one go."""
        hue, saturation = kwargs.get(ATTR_HS_COLOR, (None, None))
        await self.perform(
            LightIntent(
                on=True,
                level=_level(kwargs.get(ATTR_BRIGHTNESS)),
                hue=None if hue is None else hue / DEGREES,
                saturation=saturation,
                temperature=kwargs.get(ATTR_COLOR_TEMP_KELVIN),
                transition=kwargs.get(ATTR_TRANSITION),
            )
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.perform(LightIntent(on=False, transition=kwargs.get(ATTR_TRANSITION)))


def _level(brightness: int | None) -> int | None:
    """Return the level for a brightness of 1 to 255; the least is no off."""
    if brightness is None:
        return None
    return max(round(brightness_to_value(LEVELS, brightness)), LEVELS[0])


async_setup_entry = setup_entry_of(Platform.LIGHT, LanEdgeLight)
