"""`@command`: makes a command of a method's signature in the body of a capability."""

from collections.abc import Callable
from typing import Any, Concatenate

from .definition import Command
from .kinds import Builtin

__all__ = ["command"]


def command[**P](
    *,
    sets: str | tuple[str, ...] = "",
    optional: bool = False,
    slow: bool = False,
    redundant_when_set: bool = False,
    builtin: Builtin | None = None,
    among: str = "",
    label: str = "",
) -> Callable[[Callable[Concatenate[Any, P], None]], Command[P]]:
    """Make a command of a declaration in a capability's body.

    `sets="level"`: the first argument becomes the attribute's value; a tuple of names takes as many
    arguments. `sets="switch=on"`: the attribute takes the value of that word. `optional`: a driver
    need not handle it. `slow`: it takes a while, like opening a shade, so success means only that
    it has begun. `redundant_when_set`: as part of an intent, it is left out if the attribute has
    that value already. `builtin`: what the framework does if the driver does not handle it.
    `among="presets"`: the first argument must be the id of one that this attribute lists.
    `label`: what users see of a button of a driver's own; by default, its name as words.
    """

    def declare(declaration: Callable[Concatenate[Any, P], None]) -> Command[P]:
        return Command(
            declaration,
            sets,
            optional=optional,
            slow=slow,
            redundant_when_set=redundant_when_set,
            builtin=builtin,
            among=among,
            label=label,
        )

    return declare
