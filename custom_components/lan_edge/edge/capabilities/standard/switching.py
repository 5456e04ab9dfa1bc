"""Switches, levels and modes."""

from typing import Annotated

from ..declaration import command
from ..definition import Attribute, Capability
from ..fading import fading
from ..kinds import Kind
from ..schema import Percent, Range, Seconds

__all__ = [
    "Mode",
    "StatelessSwitchLevelStep",
    "Switch",
    "SwitchLevel",
]

StepSize = Annotated[int, Range(-100, 100)]
"""A change in percent; a negative one decreases the value."""


class Switch(Capability):
    """A switch that is on or off."""

    switch = Attribute(bool, words=("off", "on"))

    @command(sets="switch=on", redundant_when_set=True)
    def on(self) -> None:
        """Turn on."""

    @command(sets="switch=off")
    def off(self) -> None:
        """Turn off."""


class SwitchLevel(Capability):
    """A level in percent, such as the brightness of a lamp."""

    level = Attribute(int, minimum=0, maximum=100, unit="%", off_value=0)

    @fading(int)
    @command(sets="level")
    def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
        """Set the level to `level` %, reaching it within `rate` seconds."""


class StatelessSwitchLevelStep(Capability):
    """Changing a level relative to its current value."""

    @command()
    def step_level(self, step_size: StepSize) -> None:
        """Raise the level by `step_size` %, or lower it if that is negative."""


class Mode(Capability):
    """An operating mode; each device has its own names for its modes."""

    mode = Attribute(str, options="supported_modes")
    supported_modes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="mode")
    def set_mode(self, mode: str) -> None:
        """Select the mode named `mode`."""
