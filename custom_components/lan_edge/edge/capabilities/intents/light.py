"""Several changes of a light at once: power, level, colour, effect and transition."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from ..standard import ColorControl, ColorTemperature, Mode, Switch, SwitchLevel
from .base import BoundCommand, Intent, IntentPart, Reader

FULL = 100
"""The level to fade to when the lamp does not report one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightIntent(Intent):
    """The requested changes of a light; None: no change. Hue and saturation come together.

    The colour is sent first, then the effect, the level and "on", so that a lamp turns on in its
    new state; with `on_first`, "on" is sent first.
    """

    on: bool | None = None
    """On or off."""
    level: int | None = None
    """0 to 100 %."""
    hue: float | None = None
    """0 to 100 % of the colour circle."""
    saturation: float | None = None
    """0 to 100 %; 0 is white."""
    temperature: int | None = None
    """The colour temperature of white, in kelvins."""
    effect: str | None = None
    """One of the light's modes, such as a scene, with its own colours and speed."""
    transition: float | None = None
    """Seconds for all of the changes; None: the device's default."""

    id: ClassVar[str] = "lightIntent"
    parts: ClassVar[tuple[IntentPart, ...]] = (
        IntentPart(ColorControl.set_color, ("hue", "saturation")),
        IntentPart(ColorTemperature.set_color_temperature, ("temperature",)),
        IntentPart(Mode.set_mode, ("effect",)),
        IntentPart(SwitchLevel.set_level, ("level", "transition")),
        IntentPart(Switch.on, ("on",), True),
        IntentPart(Switch.off, ("on",), False),
    )

    @override
    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands; only the level's takes a transition."""
        if self.on is False:
            return [(Switch.off, {})]
        commands = list(self._with_fade(read).single_commands())
        if on_first:
            commands.sort(key=lambda each: each[0] is not Switch.on)
        return commands

    def _with_fade(self, read: Reader) -> Self:
        """Return the intent with a level to fade to, if a transition needs one to take effect."""
        has_level = self.level is not None or self.effect is not None
        if self.transition is None or self.on is None or has_level:
            return self
        level: int = read(SwitchLevel.level) or FULL
        return replace(self, level=level)
