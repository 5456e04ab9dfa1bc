"""What people want of a lamp in one go: on, how bright, in which colour, how soon."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from ..capabilities import ColorControl, ColorTemperature, Mode, Switch, SwitchLevel
from .base import Intent, Part, Read, Step

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
    parts: ClassVar[tuple[Part, ...]] = (
        Part(ColorControl.set_color, ("hue", "saturation")),
        Part(ColorTemperature.set_color_temperature, ("temperature",)),
        Part(Mode.set_mode, ("effect",)),
        Part(SwitchLevel.set_level, ("level", "transition")),
        Part(Switch.on, ("on",), True),
        Part(Switch.off, ("on",), False),
    )

    @override
    def steps(self, read: Read, *, on_first: bool) -> list[Step]:
        """Return the single commands; only a level knows of a transition, so it gets the last."""
        if self.on is False:
            return [(Switch.off, {})]
        steps = list(self._fading(read).single_steps())
        if on_first:
            steps.sort(key=lambda step: step[0] is not Switch.on)
        return steps

    def _fading(self, read: Read) -> Self:
        """Return what is asked with a level to fade to, where all but the transition is there."""
        unasked = self.level is None and self.effect is None
        if self.transition is None or self.on is None or not unasked:
            return self
        level: int = read(SwitchLevel.level) or FULL
        return replace(self, level=level)
