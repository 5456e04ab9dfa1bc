"""Commands that only toggle: the device is sent the same for the opposite command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...capabilities.definition import Attribute
from ...capabilities.standard import ShadeState
from .members import CommandMember, ReadMember

_TOGGLED: Mapping[Any, Any] = {
    True: False,
    "open": "closed",
    "locked": "unlocked",
}
"""What is toggled: an attribute with a third value to be set is none, such as a siren's."""
_UNDER_WAY: Mapping[Any, Any] = {
    ShadeState.OPEN: ShadeState.OPENING,
    ShadeState.CLOSED: ShadeState.CLOSING,
}
"""What shows that a device is on the way to what is wanted; doors have equal words."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """What a command sets that is sent only where that does not show already."""

    attribute: Attribute[Any]
    wanted: Any

    def is_shown_by(self, now: Any) -> bool:
        """Return whether the device is what is wanted, or on the way there."""
        return now in (self.wanted, _UNDER_WAY.get(self.wanted, self.wanted))


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a device is to become that was told to toggle; it may show that later."""

    toggle: Toggle
    ends: float
    """When it is taken for not done, by the clock of the event loop."""


def toggle_of(
    member: CommandMember, others: Iterable[CommandMember], reads: Iterable[ReadMember]
) -> Toggle | None:
    """Return what a command sets if the opposite one sends the same.

    None: it does not toggle, or it is not known what the device is.
    """
    command, component = member.command, member.component
    attribute, wanted = command.sets, command.sets_to
    if attribute is None or wanted is None:
        return None
    is_toggled = any(
        each.component == component
        and each.command.sets is attribute
        and _are_opposite(wanted, each.command.sets_to)
        and each.sendings == member.sendings
        for each in others
    )
    is_read = any(each.component == component and each.attribute is attribute for each in reads)
    return Toggle(attribute, wanted) if is_toggled and is_read else None


def _are_opposite(one: Any, other: Any) -> bool:
    return (one in _TOGGLED and _TOGGLED[one] == other) or (
        other in _TOGGLED and _TOGGLED[other] == one
    )
