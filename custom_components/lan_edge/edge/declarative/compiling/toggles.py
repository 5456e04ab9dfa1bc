"""Commands that only toggle: the device is sent the same for the opposite command."""

import asyncio
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...capabilities.definition import Attribute
from ...capabilities.standard import ShadeState
from ...errors import RefusedError
from ...sentences import said
from .members import CommandMember, ReadMember

_TOGGLED: Mapping[Any, Any] = {
    True: False,
    "open": "closed",
    "locked": "unlocked",
    "playing": "paused",
}
"""What is toggled; other words that one command has in common, such as a siren's, are not."""
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


class _Pressed(NamedTuple):
    """What a device was told to become, and until when it may show that."""

    toggle: Toggle
    ends: float


class Toggles:
    """What a device was told to toggle, and does not show yet."""

    def __init__(self) -> None:
        """Start without any."""
        self._pressed: dict[tuple[str, Attribute[Any]], _Pressed] = {}

    @property
    def are_waiting(self) -> bool:
        """Whether anything was told to toggle that may show it later."""
        return bool(self._pressed)

    def is_done(self, toggle: Toggle, component: str, now: Any) -> bool:
        """Return whether a component that shows `now` is what is wanted, or is about to be.

        Raises RefusedError if that is unknown.
        """
        if now is None:
            raise RefusedError(said(t"it can only toggle that, and what it is now is unknown"))
        pressed = self._pressed.get((component, toggle.attribute))
        if pressed is not None and asyncio.get_running_loop().time() < pressed.ends:
            now = pressed.toggle.wanted  # it may show that later
        return toggle.is_shown_by(now)

    @contextmanager
    def pressing(self, toggle: Toggle, component: str, within: float) -> Generator[None]:
        """Note that it is told to toggle: it shows that `within` seconds, or has not done it.

        It has done it even if the answer is lost, but not if it refuses.
        """
        key = component, toggle.attribute
        self._pressed[key] = _Pressed(toggle, asyncio.get_running_loop().time() + within)
        try:
            yield
        except RefusedError:
            self._pressed.pop(key, None)
            raise

    def shows(self, attribute: Attribute[Any], component: str, value: Any) -> None:
        """Note what a component shows: it has done what it was told if it is that, or will not."""
        pressed = self._pressed.get((component, attribute))
        if pressed is None:
            return
        if pressed.toggle.is_shown_by(value) or asyncio.get_running_loop().time() >= pressed.ends:
            del self._pressed[component, attribute]


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
