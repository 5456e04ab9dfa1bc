"""Lights: switch, level, colour and modes of one component are one lamp."""

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
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity
from .errors import InvalidActionError

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

LEVELS = (1, 100)
"""The levels of a lamp that is on, in percent."""
KELVIN = (2000, 6535)
"""The range of a lamp that does not tell its own."""
DEGREES = 3.6
"""One percent of hue, as SmartThings counts it."""
COLORS = (ATTR_HS_COLOR, ATTR_COLOR_TEMP_KELVIN)
MODES: dict[Command[...], ColorMode] = {
    ColorControl.set_color: ColorMode.HS,
    ColorTemperature.set_color_temperature: ColorMode.COLOR_TEMP,
}


class LanEdgeLight(LanEdgeEntity, LightEntity):
    """A lamp, dimmed and coloured as far as it can be; its modes are its effects.

    Home Assistant knows no colours without brightness: a lamp that has but colours shows none,
    and what is asked of it is left out.
    """

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the lamp's component can do."""
        super().__init__(coordinator, view)
        self._dims = SwitchLevel.set_level in self.can
        plain = ColorMode.BRIGHTNESS if self._dims else ColorMode.ONOFF
        modes = {MODES[c] for c in MODES if c in self.can} or {plain}
        self._attr_supported_color_modes = modes
        self._only_mode = next(iter(modes)) if len(modes) == 1 else None
        if self._dims:  # only a level can take its time
            self._attr_supported_features = LightEntityFeature.TRANSITION
        if Mode.set_mode in self.can:
            self._attr_supported_features |= LightEntityFeature.EFFECT

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
        return None if level is None else brightness_of(level)

    @property
    @override
    def color_mode(self) -> ColorMode:
        """What the light is made by: a colour, unless it has no saturation."""
        if self._only_mode is not None:
            return self._only_mode
        return ColorMode.HS if self.read(ColorControl.saturation) else ColorMode.COLOR_TEMP

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
    def _kelvins(self) -> tuple[int, int]:
        found = self.read(ColorTemperature.color_temperature_range)
        return found or KELVIN

    @property
    @override
    def min_color_temp_kelvin(self) -> int:
        """The warmest white it can make."""
        return min(self._kelvins)

    @property
    @override
    def max_color_temp_kelvin(self) -> int:
        """The coldest white it can make."""
        return max(self._kelvins)

    @property
    @override
    def effect_list(self) -> list[str]:
        """The modes that the device names."""
        named = self.read(Mode.supported_modes)
        return list(named or ())

    @property
    @override
    def effect(self) -> str | None:
        """The mode it is in; off if it is in none, None if it did not tell."""
        mode = self.read(Mode.mode)
        return EFFECT_OFF if mode == "" else mode

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on, with all that is asked for in one go.

        An effect has colours of its own: those that are asked for with it are left out. A
        scene of Home Assistant remembers both.
        """
        if not kwargs:  # the usual case
            await self.send(Switch.on)
            return
        effect = self._known(kwargs.get(ATTR_EFFECT))
        if effect is not None:
            kwargs = {k: v for k, v in kwargs.items() if k not in COLORS}
        brightness = kwargs.get(ATTR_BRIGHTNESS) if self._dims else None
        hue, saturation = kwargs.get(ATTR_HS_COLOR, (None, None))
        await self._go(
            LightIntent(
                on=True,
                level=None if brightness is None else level_of(brightness),
                hue=None if hue is None else hue / DEGREES,
                saturation=saturation,
                temperature=self._temperature(kwargs.get(ATTR_COLOR_TEMP_KELVIN)),
                effect=effect,
                transition=kwargs.get(ATTR_TRANSITION),
            )
        )

    async def _go(self, wanted: LightIntent) -> None:
        """Ask for all in one; on or off alone as a command: none of those is ever left out."""
        if set(wanted.asked()) == {"on"}:
            await self.send(Switch.on if wanted.on else Switch.off)
        else:
            await self.perform(wanted)

    def _known(self, effect: str | None) -> str | None:
        """Return an effect that the lamp has, None for no effect; raise InvalidActionError."""
        known = self.effect_list
        if effect is None or effect in known:
            return effect
        if effect == EFFECT_OFF:  # of a scene of Home Assistant: a colour, or white, ends it
            return None
        raise InvalidActionError(translation_key="no_effect", effect=effect, known=", ".join(known))

    def _temperature(self, kelvin: int | None) -> int | None:
        """Return the nearest colour temperature that the lamp can."""
        if kelvin is None:
            return None
        return min(max(kelvin, self.min_color_temp_kelvin), self.max_color_temp_kelvin)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        if not kwargs:  # the usual case
            await self.send(Switch.off)
            return
        await self._go(LightIntent(on=False, transition=kwargs.get(ATTR_TRANSITION)))


def brightness_of(level: int) -> int:
    """Return the brightness, 1 to 255, of a level in percent; 0 is 0."""
    return value_to_brightness(LEVELS, level) if level else 0


def level_of(brightness: int) -> int:
    """Return the level for a brightness; what shines at all has a level above 0."""
    return max(round(brightness_to_value(LEVELS, brightness)), LEVELS[0]) if brightness else 0


async_setup_entry = setup_entry_of(Platform.LIGHT, LanEdgeLight)
