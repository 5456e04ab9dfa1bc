"""Commands that choose from what the device lists: a source, a mode, a preset."""

from collections.abc import Iterator
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.intents.base import BoundCommand
from ..errors import ArgumentError
from ..network.text import printable
from .state import State

SHOWN = 40
"""The most characters of a value in the error."""


def check_listed(state: State, bound: BoundCommand, component: str) -> None:
    """Raise ArgumentError for a choice that is not among those that the device lists.

    What is chosen at present may be chosen again. Without a list, everything may be.
    """
    for options, attribute, value in _chosen(bound):
        listed = [str(getattr(e, "id", e)) for e in state.get(options, component) or ()]
        is_present = attribute is not None and state.get(attribute, component) == value
        if listed and str(value) not in listed and not is_present:
            known = ", ".join(listed)
            raise ArgumentError(t"{_short(value)!r} is not one of {known}")


def _short(value: object) -> str:
    return printable(str(value)[:SHOWN])


def _chosen(
    bound: BoundCommand,
) -> Iterator[tuple[Attribute[Any], Attribute[Any] | None, object]]:
    """Yield each choice, after the attribute that lists the possible ones and the one it sets."""
    command, arguments = bound
    for attribute, value in command.effects(arguments):
        if attribute.options is not None:
            yield attribute.options, attribute, value
    if command.among is not None:
        yield command.among, None, next(iter(arguments.values()))
