"""Several changes of a component at once: one call of a driver that can, else single commands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ..definition import Attribute, Command

type Reader = Callable[[Attribute[Any]], Any]
"""Returns the last value of an attribute, or None."""

type BoundCommand = tuple[Command[...], dict[str, Any]]
"""A command and its arguments."""


@dataclass(frozen=True, slots=True)
class IntentPart:
    """How a single `command` expresses part of an intent.

    The command's arguments are the intent's `fields`, in order; the command is requested if the
    first of them is not None. With a `value`, the command has no arguments and is requested if the
    only field has that value.
    """

    command: Command[...]
    fields: tuple[str, ...]
    value: object = None
    alias: bool = False
    """Whether it expresses the same as an earlier part: it is understood, but never sent."""

    def is_requested(self, intent: Intent) -> bool:
        """Return whether the intent requests the command."""
        value = getattr(intent, self.fields[0])
        return not self.alias and value is not None and self.value in {None, value}

    def arguments(self, intent: Intent) -> dict[str, Any]:
        """Return those of the command's arguments that the intent has."""
        names = [] if self.value is not None else [a.name for a in self.command.arguments]
        values = {n: getattr(intent, f) for n, f in zip(names, self.fields, strict=False)}
        return {name: value for name, value in values.items() if value is not None}

    def fields_for(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an intent that requests only this command."""
        if self.value is not None:
            return {self.fields[0]: self.value}
        return dict(zip(self.fields, arguments.values(), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The requested changes, a field each; None: no change. A frozen dataclass with slots.

    A driver's handler for the class receives all of them in one call; it also receives the single
    commands that `parts` name. For other drivers, the intent is split into those commands, in the
    order of `parts`.
    """

    id: ClassVar[str]
    """Unique among intents and commands."""
    parts: ClassVar[tuple[IntentPart, ...]]
    """Its single commands, in the order in which they are sent."""

    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands that express the same, in a sensible order.

        `read` gives the current state. `on_first`: the device accepts no other command while
        it is off.
        """
        del read, on_first
        return list(self.single_commands())

    def single_commands(self) -> Iterator[BoundCommand]:
        """Yield the requested commands in the order of `parts`."""
        for part in self.parts:
            if part.is_requested(self):
                yield part.command, part.arguments(self)

    def asked(self) -> dict[str, Any]:
        """Return the fields that are not None."""
        names: tuple[str, ...] = self.__slots__
        return {name: v for name in names if (v := getattr(self, name)) is not None}

    def coalescing_key(self) -> tuple[tuple[str, object], ...]:
        """Return the key that a newer intent must have to replace this one while it waits.

        Both request the same fields, and the same value of those that have commands without
        arguments, such as on and off.
        """
        with_value = {f for part in self.parts if part.value is not None for f in part.fields}
        return tuple((n, v if n in with_value else None) for n, v in self.asked().items())

    @classmethod
    def covers(cls, command: Command[...]) -> bool:
        """Return whether an intent of this class can request the command."""
        return any(part.command is command for part in cls.parts)

    @classmethod
    def from_command(cls, command: Command[...], arguments: Mapping[str, Any]) -> Self:
        """Return the intent that requests only this command."""
        part = next(part for part in cls.parts if part.command is command)
        return cls(**part.fields_for(arguments))
