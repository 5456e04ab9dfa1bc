"""Commands as they are typed: `switch.on`, `level.set 40`, `outlet_1.switch.off`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
import json
import shlex
from typing import Any

from ..capabilities.arguments import Argument
from ..capabilities.definition import Command
from ..capabilities.profile import MAIN, Profile
from ..capabilities.schema import Schema
from ..errors import UnsupportedError
from .exits import CallError

_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command with its arguments, for a component."""

    component: str
    command: Command[...]
    arguments: dict[str, Any]


MAX_COMPARED = 100
"""Characters of a typed name that are compared with those that are known."""


def names(profile: Profile) -> dict[str, tuple[str, Command[...]]]:
    """Return the commands of a profile by the names that can be typed for them.

    A command is called by its id, `switchLevel.setLevel`, and the one that sets an attribute also
    by that, `level.set`. A command of a description's own has the name that the text gives it,
    `restart`. What belongs to another component than main begins with its id.
    """
    found: dict[str, tuple[str, Command[...]]] = {}
    for component, part in profile.components.items():
        prefix = "" if component == MAIN else f"{component}."
        for command in part.commands:
            for name in _names(command):
                found.setdefault(prefix + name, (component, command))
    return found


def listed(profile: Profile) -> list[tuple[str, Command[...]]]:
    """Return the commands of a profile, each once, by the shortest names."""
    shortest: dict[tuple[str, str], tuple[str, Command[...]]] = {}
    for name, (component, command) in names(profile).items():
        shortest.setdefault((component, command.id), (name, command))
    return list(shortest.values())


def _names(command: Command[...]) -> Iterator[str]:
    if command.sets is not None and command.sets.setter is command:
        yield f"{command.sets.name}.set"
    if command.id.count(".") > 1:
        yield command.id.rpartition(".")[2]
    yield command.id


def usage(name: str, command: Command[...]) -> str:
    """Return how a command is typed: `level.set LEVEL [RATE]`."""
    shown = (a.name.upper() if a.required else f"[{a.name.upper()}]" for a in command.arguments)
    return " ".join((name, *shown))


def parse_line(line: str, profile: Profile) -> TypedCommand:
    """Return the command of a line; raise CallError or UnsupportedError."""
    try:
        name, *values = shlex.split(line)
    except ValueError as err:
        raise CallError(f"{line!r} cannot be read: {str(err).lower()}") from None
    return parse(name, values, profile)


def parse(name: str, values: Sequence[str], profile: Profile) -> TypedCommand:
    """Return the command of a name and the texts of its arguments, in order or as `name=value`."""
    known = {each.lower(): command for each, command in names(profile).items()}
    if (found := known.get(name.lower())) is None:
        has = ", ".join(_nearest_first(name, names(profile)))
        raise UnsupportedError(f"the device has no command {name!r}: it has {has}")
    component, command = found
    return TypedCommand(component, command, _arguments(command, values))


def _nearest_first(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names, first those most like `name`: a long list is cut at its end."""
    start = name[:MAX_COMPARED]
    return sorted(known, key=lambda each: SequenceMatcher(None, each, start).ratio(), reverse=True)


def _arguments(command: Command[...], values: Sequence[str]) -> dict[str, Any]:
    by_name = {argument.name: argument for argument in command.arguments}
    left, given = list(command.arguments), dict[str, Any]()
    for text in values:
        name, equals, value = text.partition("=")
        argument = by_name.get(name) if equals else None
        if argument is None:
            argument, value = next((a for a in left), None), text
            _check_name(command, name if equals else "", argument)
        if argument is None:
            raise CallError(f"too many arguments: {usage(command.id, command)}")
        if argument.name in given:
            raise CallError(f"{argument.name} is given twice")
        given[argument.name] = _value(command, argument, value)
        left = [each for each in left if each.name not in given]
    return given


def _check_name(command: Command[...], name: str, meant: Argument | None) -> None:
    """Raise CallError for a name that no argument has, unless it is part of a text."""
    if not name.isidentifier() or (meant is not None and meant.schema.type is str):
        return
    names = ", ".join(each.name for each in command.arguments)
    has = f"the arguments of {command.id} are {names}" if names else f"{command.id} takes none"
    raise CallError(f"there is no argument {name}: {has}")


def _value(command: Command[...], argument: Argument, text: str) -> object:
    try:
        return parse_value(text, argument.schema)
    except ValueError:
        raise CallError(f"{command.id}: {text!r} cannot be its {argument.name.upper()}") from None


def parse_value(text: str, schema: Schema[Any]) -> object:
    """Return the value that a text means for a schema, which is still to check it.

    Raises ValueError if it means none. What is neither text, a number nor yes or no is JSON.
    """
    kind = schema.type
    if kind is bool:
        return _truth(text)
    if kind in {int, float}:
        return kind(text)
    if kind is str or issubclass(kind, Enum):
        return text
    if schema.item is not None and not text.startswith("["):
        return tuple(parse_value(each.strip(), schema.item) for each in text.split(","))
    return json.loads(text)


def _truth(text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(text)
    return text.lower() in _TRUE
