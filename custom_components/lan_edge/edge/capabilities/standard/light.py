"""The colour of light, and how warm its white is."""

from typing import Annotated

from ..definition import Attribute, Capability, Kind, command
from ..schema import Range
from .switching import StepSize

__all__ = [
    "ColorControl",
    "ColorTemperature",
    "Hue",
    "Kelvin",
    "Saturation",
    "StatelessColorTemperatureStep",
]

Hue = Annotated[float, Range(0, 100)]
"""A part of the colour circle, in percent of it: 33.3 is green."""
Saturation = Annotated[float, Range(0, 100)]
"""How full a colour is, in percent: 0 is white."""
PALE = 5
"""The saturation in percent below which a hue cannot be told."""
Kelvin = Annotated[int, Range(1, 30000)]
"""A colour temperature: 2700 is warm white, 6500 daylight."""


class ColorControl(Capability):
    """A colour by hue and saturation; saturation 0 is white, of whatever colour temperature.

    A driver handles `set_color`; hue or saturation alone only where the device can do that.
    """

    hue = Attribute(
        float, minimum=0, maximum=100, circular=True, meaningless_below=("saturation", PALE)
    )
    saturation = Attribute(float, minimum=0, maximum=100)

    @command(sets=("hue", "saturation"))
    def set_color(self, hue: Hue, saturation: Saturation) -> None:
        """Go to a colour."""

    @command(sets="hue", optional=True)
    def set_hue(self, hue: Hue) -> None:
        """Go to a hue, with the saturation of now."""

    @command(sets="saturation", optional=True)
    def set_saturation(self, saturation: Saturation) -> None:
        """Go to a saturation, with the hue of now."""


class ColorTemperature(Capability):
    """How warm or cold white light is, in kelvins."""

    color_temperature = Attribute(int, minimum=1, maximum=30000, unit="K")
    color_temperature_range = Attribute(
        tuple[int, int], minimum=1, maximum=30000, unit="K", kind=Kind.HIDDEN
    )
    """The least and the most that the device can."""

    @command(sets="color_temperature")
    def set_color_temperature(self, temperature: Kelvin) -> None:
        """Go to white of `temperature` kelvins."""


class StatelessColorTemperatureStep(Capability):
    """A colour temperature that can be changed by steps, from whatever it is."""

    @command()
    def step_color_temperature_by_percent(self, step_size: StepSize) -> None:
        """Go `step_size` % of the range colder, or warmer where it is below 0."""
