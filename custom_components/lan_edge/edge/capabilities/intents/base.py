"""Several things wanted of a component at once: one call for a driver that can, else commands."""

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
    """How a single command expresses part of an intent.

    The command's arguments are the intent's `fields`, in order; it is wanted if the first of them
    is not None. With a `value`, the command has no arguments: it is wanted if the one field has
    that value.
    """

    command: Command[...]
    fields: tuple[str, ...]
    value: object = None
    alias: bool = False
    """Another way to express the same as a part before it: understood, but never sent."""

    def is_wanted(self, intent: Intent) -> bool:
        """Return whether the intent asks for it."""
        wanted = getattr(intent, self.fields[0])
        return not self.alias and wanted is not None and self.value in {None, wanted}

    def arguments(self, intent: Intent) -> dict[str, Any]:
        """Return the command's arguments, as far as the intent has them."""
        names = [] if self.value is not None else [a.name for a in self.command.arguments]
        values = {n: getattr(intent, f) for n, f in zip(names, self.fields, strict=False)}
        return {name: value for name, value in values.items() if value is not None}

    def fields_for(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an intent that asks for this command and nothing else."""
        if self.value is not None:
            return {self.fields[0]: self.value}
        return dict(zip(self.fields, arguments.values(), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is wanted; None is not asked for. Subclasses are frozen dataclasses with slots.

    A driver with a handler for the class gets everything in one call, and every single command
    that `parts` name as well. For other drivers it is split into those commands, in the order of
    `parts`.
    """

    id: ClassVar[str]
    """Unique among intents and commands."""
    parts: ClassVar[tuple[IntentPart, ...]]

    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands that express the same, in an order that makes sense.

        `read` gives the current state. `on_first`: the device takes nothing while it is off.
        """
        del read, on_first
        return list(self.single_commands())

    def single_commands(self) -> Iterator[BoundCommand]:
        """Yield the single commands in the order of `parts`."""
        for part in self.parts:
            if part.is_wanted(self):
                yield part.command, part.arguments(self)

    def asked(self) -> dict[str, Any]:
        """Return the fields that are asked for."""
        names: tuple[str, ...] = self.__slots__
        return {name: v for name in names if (v := getattr(self, name)) is not None}

    def coalescing_key(self) -> tuple[tuple[str, object], ...]:
        """Return what a newer intent must share to take the place of this one while it waits.

        The same fields must be asked for; of on, off and the like, with the same value.
        """
        switched = {f for part in self.parts if part.value is not None for f in part.fields}
        return tuple((n, v if n in switched else None) for n, v in self.asked().items())

    @classmethod
    def covers(cls, command: Command[...]) -> bool:
        """Return whether an intent can ask for what the command does."""
        return any(part.command is command for part in cls.parts)

    @classmethod
    def of(cls, command: Command[...], arguments: Mapping[str, Any]) -> Self:
        """Return the intent that asks for what the command does and nothing else."""
        part = next(part for part in cls.parts if part.command is command)
        return cls(**part.fields_for(arguments))
