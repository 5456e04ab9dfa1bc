"""Buttons: physical ones that users push, and ones that the hub pushes."""

from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind

__all__ = [
    "Button",
    "ButtonValue",
    "Momentary",
]


class ButtonValue(StrEnum):
    """What was done to a button."""

    PUSHED = "pushed"
    HELD = "held"
    DOUBLE = "double"
    PUSHED_2X = "pushed_2x"
    PUSHED_3X = "pushed_3x"
    PUSHED_4X = "pushed_4x"
    PUSHED_5X = "pushed_5x"
    PUSHED_6X = "pushed_6x"
    DOWN = "down"
    DOWN_2X = "down_2x"
    DOWN_3X = "down_3x"
    DOWN_4X = "down_4x"
    DOWN_5X = "down_5x"
    DOWN_6X = "down_6x"
    DOWN_HOLD = "down_hold"
    UP = "up"
    UP_2X = "up_2x"
    UP_3X = "up_3x"
    UP_4X = "up_4x"
    UP_5X = "up_5x"
    UP_6X = "up_6x"
    UP_HOLD = "up_hold"
    SWIPE_UP = "swipe_up"
    SWIPE_DOWN = "swipe_down"
    SWIPE_LEFT = "swipe_left"
    SWIPE_RIGHT = "swipe_right"


class Button(Capability):
    """A physical button. A device with several has a component for each."""

    button = Attribute(
        ButtonValue, kind=Kind.EVENT, device_class="button", options="supported_button_values"
    )
    supported_button_values = Attribute(tuple[ButtonValue, ...], kind=Kind.HIDDEN)
    number_of_buttons = Attribute(int, minimum=0, kind=Kind.HIDDEN)


class Momentary(Capability):
    """A push button that is pushed by a command."""

    @command()
    def push(self) -> None:
        """Push the button."""
