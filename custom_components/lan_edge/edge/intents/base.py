"""Several things wanted of a component at once: one call for a driver that can, else its steps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ..capability import Attribute, Command

type Read = Callable[[Attribute[Any]], Any]
"""Gives an attribute's last value, or None."""


@dataclass(frozen=True, slots=True)
class Part:
    """How a single command says some of an intent.

    Its arguments are the intent's `fields`, in their order; the first of them says whether it is
    wanted at all. With a `value`, the command has no arguments: it is wanted where the one field
    has that value.
    """

    command: Command[...]
    fields: tuple[str, ...]
    value: object = None
    alias: bool = False
    """Another way to say what a part above says: understood, not used."""

    def wanted(self, intent: Intent) -> bool:
        """Whether the intent asks for it."""
        asked = getattr(intent, self.fields[0])
        return not self.alias and asked is not None and self.value in {None, asked}

    def arguments(self, intent: Intent) -> dict[str, Any]:
        """Return the command's arguments, as far as the intent has them."""
        names = [] if self.value is not None else [a.name for a in self.command.arguments]
        found = {n: getattr(intent, f) for n, f in zip(names, self.fields, strict=False)}
        return {name: value for name, value in found.items() if value is not None}

    def says(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an intent that asks for this command alone."""
        if self.value is not None:
            return {self.fields[0]: self.value}
        return dict(zip(self.fields, arguments.values(), strict=False))


type Step = tuple[Command[...], dict[str, Any]]
"""A command and its arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is wanted; None is not asked for. Subclasses are frozen dataclasses with slots.

    A driver with a handler for the class gets the whole in one call, and every single command
    that its `parts` name as well. For other drivers it is split into the commands, in the order
    of `parts`.
    """

    id: ClassVar[str]
    """Unique among intents and commands."""
    parts: ClassVar[tuple[Part, ...]]

    def steps(self, read: Read, *, on_first: bool) -> list[Step]:
        """Return the single commands that say the same, in a sensible order.

        `read` gives the state of now. `on_first`: the device takes nothing while it is off.
        """
        del read, on_first
        return list(self.single_steps())

    def single_steps(self) -> Iterator[Step]:
        """Yield the single commands in the order of `parts`."""
        for part in self.parts:
            if part.wanted(self):
                yield part.command, part.arguments(self)

    def asked(self) -> dict[str, Any]:
        """Return the fields that are asked for."""
        names: tuple[str, ...] = self.__slots__
        return {name: v for name in names if (v := getattr(self, name)) is not None}

    def overtakes(self) -> tuple[tuple[str, object], ...]:
        """Return what makes a newer intent take an older one's place: the same is asked for.

        Of absolute values the newer goes; on, off and the like must be the same.
        """
        switched = {f for part in self.parts if part.value is not None for f in part.fields}
        return tuple((n, v if n in switched else None) for n, v in self.asked().items())

    @classmethod
    def covers(cls, command: Command[...]) -> bool:
        """Whether an intent can ask for what the command does."""
        return any(part.command is command for part in cls.parts)

    @classmethod
    def of(cls, command: Command[...], arguments: Mapping[str, Any]) -> Self:
        """Return the intent that asks for what the command does, and no more."""
        part = next(part for part in cls.parts if part.command is command)
        return cls(**part.says(arguments))
