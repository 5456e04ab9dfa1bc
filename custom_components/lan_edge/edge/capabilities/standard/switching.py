"""On and off, levels, and ways to work."""

from typing import Annotated

from ..definition import Attribute, Capability, Kind, command
from ..schema import Percent, Range, Seconds

__all__ = [
    "Mode",
    "StatelessSwitchLevelStep",
    "Switch",
    "SwitchLevel",
]

StepSize = Annotated[int, Range(-100, 100)]
"""A change in percent: below 0 it is less."""


class Switch(Capability):
    """On or off."""

    switch = Attribute(bool, words=("off", "on"))

    @command(sets="switch=on", redundant_when_set=True)
    def on(self) -> None:
        """Turn on."""

    @command(sets="switch=off")
    def off(self) -> None:
        """Turn off."""


class SwitchLevel(Capability):
    """A level in percent, such as a lamp's brightness."""

    level = Attribute(int, minimum=0, maximum=100, unit="%", off_value=0)

    @command(sets="level")
    def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
        """Go to `level` %, within `rate` seconds."""


class StatelessSwitchLevelStep(Capability):
    """A level that can be changed by steps, from whatever it is."""

    @command()
    def step_level(self, step_size: StepSize) -> None:
        """Go up by `step_size` %, or down where it is below 0."""


class Mode(Capability):
    """One of several ways to work; a device has names of its own for these."""

    mode = Attribute(str, options="supported_modes")
    supported_modes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="mode")
    def set_mode(self, mode: str) -> None:
        """Work in the way named `mode`."""
