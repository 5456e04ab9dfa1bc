"""Lights: switch, level, color and modes of a component."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_EFFECT,
    ATTR_HS_COLOR,
    ATTR_TRANSITION,
    EFFECT_OFF,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.util.color import brightness_to_value, value_to_brightness

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Command,
    LightIntent,
    Mode,
    Switch,
    SwitchLevel,
)

from .coordinator import LanEdgeCoordinator
from .entities.choices import listed
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity
from .errors import InvalidActionError

PARALLEL_UPDATES = 0  # the library queues the commands of each device

LEVELS = (1, 100)
"""The levels of a light that is on, in percent."""
DEFAULT_KELVIN = (2000, 6535)
"""The range of color temperatures of a light that does not report its own."""
DEGREES_PER_PERCENT = 3.6
"""One percent of hue, the unit of SmartThings, in degrees."""
COLORS = (ATTR_HS_COLOR, ATTR_COLOR_TEMP_KELVIN)
COLOR_MODES: dict[Command[...], ColorMode] = {
    ColorControl.set_color: ColorMode.HS,
    ColorTemperature.set_color_temperature: ColorMode.COLOR_TEMP,
}


class LanEdgeLight(LanEdgeEntity, LightEntity):
    """A light; its modes are the effects.

    Home Assistant has no color mode without brightness: a light with color but without a level
    reports no brightness, and a requested brightness is ignored.
    """

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support what the driver handles."""
        super().__init__(coordinator, spec)
        self._has_level = SwitchLevel.set_level in self.commands
        default = ColorMode.BRIGHTNESS if self._has_level else ColorMode.ONOFF
        modes = {COLOR_MODES[c] for c in COLOR_MODES if c in self.commands} or {default}
        self._attr_supported_color_modes = self._color_modes = modes
        self._only_mode = next(iter(modes)) if len(modes) == 1 else None
        if self._has_level and coordinator.device.driver.fades:  # only a level has a transition
            self._attr_supported_features = LightEntityFeature.TRANSITION
        if Mode.set_mode in self.commands:
            self._attr_supported_features |= LightEntityFeature.EFFECT

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on."""
        return self.read(Switch.switch)

    @property
    @override
    def brightness(self) -> int | None:
        """Return the brightness, 1 to 255; 0 if the device reports level 0."""
        level = self.read(SwitchLevel.level)
        return None if level is None else brightness_of(level)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return the brightness where Home Assistant leaves it out: in an unknown color mode."""
        is_left_out = self.color_mode is ColorMode.UNKNOWN and self._has_level and self.is_on
        return {ATTR_BRIGHTNESS: self.brightness} if is_left_out else None

    @property
    @override
    def color_mode(self) -> ColorMode:
        """Return HS if the color has saturation, otherwise COLOR_TEMP; UNKNOWN without a value.

        A lamp that runs a scene may report neither. One that has a single mode is always in it,
        unless the scene has replaced it.
        """
        if self._only_mode is not None and not (self._only_mode in VALUES and self._has_effect):
            return self._only_mode
        modes = [ColorMode.HS, ColorMode.COLOR_TEMP]
        if not self.read(ColorControl.saturation):
            modes.reverse()
        known = (m for m in modes if m in self._color_modes and VALUES[m](self) is not None)
        return next(known, ColorMode.UNKNOWN)

    @property
    def _has_effect(self) -> bool:
        return self.read(Mode.mode) not in {None, ""}

    @property
    @override
    def hs_color(self) -> tuple[float, float] | None:
        """Return hue in degrees and saturation in percent; white has no hue."""
        hue, saturation = self.read(ColorControl.hue), self.read(ColorControl.saturation)
        if saturation is None or (hue is None and saturation):
            return None
        return ((hue or 0) * DEGREES_PER_PERCENT, saturation)

    @property
    @override
    def color_temp_kelvin(self) -> int | None:
        """Return the color temperature."""
        return self.read(ColorTemperature.color_temperature)

    @property
    def _kelvin_range(self) -> tuple[int, int]:
        return self.read(ColorTemperature.color_temperature_range) or DEFAULT_KELVIN

    @property
    @override
    def min_color_temp_kelvin(self) -> int:
        """Return the warmest color temperature."""
        return min(self._kelvin_range)

    @property
    @override
    def max_color_temp_kelvin(self) -> int:
        """Return the coldest color temperature."""
        return max(self._kelvin_range)

    @property
    @override
    def effect_list(self) -> list[str]:
        """Return the modes that the device lists."""
        modes = self.read(Mode.supported_modes)
        return list(modes or ())

    @property
    @override
    def effect(self) -> str | None:
        """Return the current mode: off if there is none, None for one that is not listed."""
        mode = self.read(Mode.mode)
        return EFFECT_OFF if mode == "" else listed(mode, self.effect_list)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on, and make all given changes at once.

        An effect replaces the color, so a color that is given with it is ignored: a scene of Home
        Assistant stores both.
        """
        if not kwargs:  # the most common case, and the fastest
            await self.send(Switch.on)
            return
        effect = self._checked_effect(kwargs.get(ATTR_EFFECT))
        if effect is not None:
            kwargs = {k: v for k, v in kwargs.items() if k not in COLORS}
        brightness = kwargs.get(ATTR_BRIGHTNESS) if self._has_level else None
        hue, saturation = kwargs.get(ATTR_HS_COLOR, (None, None))
        await self._perform(
            LightIntent(
                on=True,
                level=None if brightness is None else level_of(brightness),
                hue=None if hue is None else hue / DEGREES_PER_PERCENT,
                saturation=saturation,
                temperature=self._in_range(kwargs.get(ATTR_COLOR_TEMP_KELVIN)),
                effect=effect,
                transition=kwargs.get(ATTR_TRANSITION),
            )
        )

    async def _perform(self, intent: LightIntent) -> None:
        """Carry out an intent; send a mere on or off as a command, which is never dropped."""
        if set(intent.asked()) == {"on"}:
            await self.send(Switch.on if intent.on else Switch.off)
        else:
            await self.perform(intent)

    def _checked_effect(self, effect: str | None) -> str | None:
        """Return an effect of the light, or None for no effect; raise InvalidActionError."""
        known = self.effect_list
        if effect is None or effect in known:
            return effect
        if effect == EFFECT_OFF:  # from a scene, which also has the color that ends an effect
            return None
        raise InvalidActionError(translation_key="no_effect", effect=effect, known=", ".join(known))

    def _in_range(self, kelvin: int | None) -> int | None:
        """Return the nearest color temperature that the light supports."""
        if kelvin is None:
            return None
        return min(max(kelvin, self.min_color_temp_kelvin), self.max_color_temp_kelvin)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        if not kwargs:  # the most common case, and the fastest
            await self.send(Switch.off)
            return
        await self._perform(LightIntent(on=False, transition=kwargs.get(ATTR_TRANSITION)))


VALUES: dict[ColorMode, Callable[[LanEdgeLight], object]] = {
    ColorMode.HS: lambda light: light.hs_color,
    ColorMode.COLOR_TEMP: lambda light: light.color_temp_kelvin,
}
"""The value that a color mode must have."""


def brightness_of(level: int) -> int:
    """Return the brightness, 1 to 255, of a level in percent; 0 for 0."""
    return value_to_brightness(LEVELS, level) if level else 0


def level_of(brightness: int) -> int:
    """Return the level in percent of a brightness; 0 only for 0."""
    return max(round(brightness_to_value(LEVELS, brightness)), LEVELS[0]) if brightness else 0


async_setup_entry = setup_entry_of(Platform.LIGHT, LanEdgeLight)
