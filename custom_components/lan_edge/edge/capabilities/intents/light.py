"""What people want of a lamp in one go: on, how bright, in which colour, how soon."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from ..standard import ColorControl, ColorTemperature, Mode, Switch, SwitchLevel
from .base import BoundCommand, Intent, IntentPart, Reader

FULL = 100
"""The level of a lamp that does not say how bright it is when it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightIntent(Intent):
    """What is wanted of a lamp; None is not asked for. Hue and saturation come together.

    The colour goes before the effect, that before the level, and that before on, so that a lamp
    comes up as it is wanted; with `on_first`, on goes first.
    """

    on: bool | None = None
    level: int | None = None
    """0 to 100 %."""
    hue: float | None = None
    """0 to 100 % of the circle."""
    saturation: float | None = None
    """0 to 100 %; 0 is white."""
    temperature: int | None = None
    """White of so many kelvins."""
    effect: str | None = None
    """One of the lamp's modes, such as a scene; it brings its own colours and its own speed."""
    transition: float | None = None
    """Seconds that all of it may take; None: as the device has it."""

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
        """Return the single commands; only a level knows of a transition, so it gets the last."""
        if self.on is False:
            return [(Switch.off, {})]
        commands = list(self._fading(read).single_commands())
        if on_first:
            commands.sort(key=lambda each: each[0] is not Switch.on)
        return commands

    def _fading(self, read: Reader) -> Self:
        """Return what is asked with a level to fade to, where all but the transition is there."""
        unasked = self.level is None and self.effect is None
        if self.transition is None or self.on is None or not unasked:
            return self
        level: int = read(SwitchLevel.level) or FULL
        return replace(self, level=level)
