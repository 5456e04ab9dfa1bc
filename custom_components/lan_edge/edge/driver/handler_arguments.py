"""With which arguments of a command its handler is called."""

from collections.abc import Callable
from typing import Any

from ..capabilities.definition import Command
from .signatures import takes_by_name

TIME = "rate"
"""The argument that says within how many seconds a light changes."""


def demanded(command: Command[...], *, fades: bool) -> list[str]:
    """Return the arguments that a handler must take; of a light that cannot fade, no time."""
    return [a.name for a in command.arguments if fades or a.name != TIME or a.required]


def passed(function: Callable[..., Any], command: Command[...], *, fades: bool) -> list[str]:
    """Return the arguments that a handler is called with: those, and a time if it takes one."""
    expected = demanded(command, fades=fades)
    names = (argument.name for argument in command.arguments)
    return [name for name in names if name in expected or takes_by_name(function, name)]


def left_out(function: Callable[..., Any], command: Command[...]) -> frozenset[str]:
    """Return the arguments of a command that its handler is not called with."""
    every = {argument.name for argument in command.arguments}
    return frozenset(every.difference(passed(function, command, fades=False)))
