"""The colour and the colour temperature of light."""

from typing import Annotated

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
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
"""A hue, in percent of the colour circle: 0 is red, 33.3 green, 66.7 blue."""
Saturation = Annotated[float, Range(0, 100)]
"""The saturation of a colour, in percent: 0 is white."""
PALE = 5
"""The saturation in percent below which a hue cannot be seen."""
Kelvin = Annotated[int, Range(1, 30000)]
"""A colour temperature in kelvins: 2700 is warm white, 6500 is daylight."""


class ColorControl(Capability):
    """A colour, as hue and saturation in percent; saturation 0 is white of any temperature.

    A driver must handle `set_color`; `set_hue` and `set_saturation` only if the device can set one
    without the other.
    """

    hue = Attribute(
        float, minimum=0, maximum=100, circular=True, meaningless_below=("saturation", PALE)
    )
    saturation = Attribute(float, minimum=0, maximum=100)

    @command(sets=("hue", "saturation"))
    def set_color(self, hue: Hue, saturation: Saturation) -> None:
        """Set the colour."""

    @command(sets="hue", optional=True)
    def set_hue(self, hue: Hue) -> None:
        """Set the hue and keep the saturation."""

    @command(sets="saturation", optional=True)
    def set_saturation(self, saturation: Saturation) -> None:
        """Set the saturation and keep the hue."""


class ColorTemperature(Capability):
    """The colour temperature of white light, in kelvins."""

    color_temperature = Attribute(int, minimum=1, maximum=30000, unit="K")
    color_temperature_range = Attribute(
        tuple[int, int], minimum=1, maximum=30000, unit="K", kind=Kind.HIDDEN
    )
    """The lowest and the highest colour temperature that the device supports."""

    @command(sets="color_temperature")
    def set_color_temperature(self, temperature: Kelvin) -> None:
        """Set the light to white of `temperature` kelvins."""


class StatelessColorTemperatureStep(Capability):
    """Changing the colour temperature relative to its current value."""

    @command()
    def step_color_temperature_by_percent(self, step_size: StepSize) -> None:
        """Make the light colder by `step_size` % of the range, or warmer if it is negative."""
