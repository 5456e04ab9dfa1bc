"""Commands that a light carries out within a time, if it can take one.

Only type checkers see a difference: the handler of a light that cannot need not take the time.
"""

from typing import Any, Protocol, cast

from .definition import Command


class FadingCommand[V, **P](Command[P]):
    """A command that sets a value of the type V within a time."""


class _Fading[V](Protocol):
    def __call__[**P](self, command: Command[P], /) -> FadingCommand[V, P]: ...


def fading[V](value: type[V]) -> _Fading[V]:
    """Make a command one that sets a value of this type within a time."""
    del value
    return _itself


def _itself[**P](command: Command[P]) -> FadingCommand[Any, P]:
    return cast("FadingCommand[Any, P]", command)
