"""What a device can do, typed: capabilities with attributes (state) and commands.

The vocabulary is SmartThings': ids in camelCase, `capability.attribute` and
`capability.command`. In Python an attribute knows the type of its value and a command the
parameters of its handler, so that a type checker sees a wrong one:

    class SwitchLevel(Capability, id="switchLevel"):
        level = Attribute(int, minimum=0, maximum=100, unit="%")

        @command(sets="level")
        def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
            "Dim to `level` within `rate` seconds."
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
import inspect
import re
from typing import Any, ClassVar, Concatenate, cast, override

from ..errors import DriverError, ReplyError
from .arguments import Argument, arguments_of, bind
from .schema import Range, Schema, schema_of, short

__all__ = [
    "Attribute",
    "Builtin",
    "Capability",
    "Command",
    "Kind",
    "camel",
    "capability",
    "command",
]


class Kind(StrEnum):
    """What an attribute's value is about; the hub decides how that looks."""

    STATE = "state"
    MEASUREMENT = "measurement"
    TOTAL = "total"
    """A counter that only grows, but for resets."""
    DIAGNOSTIC = "diagnostic"
    EVENT = "event"
    """Something that happened: each emit counts, also of the same value.

    What the first read of a connection tells may be long past: `State.looks_back` says so.
    """
    HIDDEN = "hidden"
    """For the framework or other attributes; shown nowhere by itself."""


class Builtin(StrEnum):
    """What the framework does for a command that the driver does not handle."""

    READ = "read"
    """Reads everything again."""
    PING = "ping"
    """Gets a sign of life."""


class Attribute[T]:
    """A value a device reports: its type, range, unit, and what it is about."""

    capability: type[Capability]
    name: str
    """The name in SmartThings' spelling: camelCase."""
    id: str
    """`capability.attribute`, unique among all attributes."""
    setter: Command[...] | None = None
    """The command that sets it to an absolute value, where there is one."""
    options: Attribute[tuple[str, ...]] | None = None
    """The attribute that lists the values it can have, where there is one."""
    void_below: tuple[Attribute[Any], float] | None = None
    """The attribute without which it means nothing, and the value it must have at least."""

    def __init__(
        self,
        type: type[T],  # noqa: A002  # the word for it
        *,
        name: str = "",
        minimum: float | None = None,
        maximum: float | None = None,
        unit: str | None = None,
        kind: Kind = Kind.STATE,
        device_class: str | None = None,
        words: tuple[str, str] | None = None,
        options: str = "",
        step: float | None = None,
        rare: bool = False,
        daily: bool = False,
        circular: bool = False,
        off_value: T | None = None,
        void_below: tuple[str, float] | None = None,
    ) -> None:
        """Take values of `type`, within `minimum` to `maximum`, in `unit`.

        `type` is one that `schema_of` knows, with the limits for each value in it.
        `device_class` is the hub's word for the sort of quantity. `words` are what the
        vocabulary says for False and True; of an enum, its two words for no and yes. `options`
        names the attribute of the same capability that lists the values which this one can have.
        `step` is the smallest sensible change of a number. `rare`: few people need it, and a hub
        may leave it disabled at first. `daily`: it is used every day, not set once. `name` is
        SmartThings' where a command has the same in Python.

        Three arguments say how a change of it shows. `circular`: the largest value is next to the
        smallest, so that it may get to another one either way round. `off_value` means off: many
        devices go off then, and keep the value they had. `void_below=("saturation", 5)`: it means
        nothing while that attribute of the same capability is less, so a device need not show it.
        """
        self.schema: Schema[T] = schema_of(type, Range(minimum, maximum))
        self.name = name
        self._options = options
        self.unit = unit
        self.kind = kind
        self.device_class = device_class
        self.words = words
        self.step = step
        self.rare = rare
        self.daily = daily
        self.circular = circular
        self.off_value = off_value
        self._void_below = void_below

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Learn the name that the class body gives."""
        self.capability = owner
        self.name = self.name or camel(name)
        if self._options:
            self.options = _attribute(vars(owner), self._options, self.name)
            item = self.options.schema.item
            if item is None or item.type not in {str, self.schema.type}:
                raise DriverError(f"{self.name}: {self._options} is no list of its values")
        if self._void_below is not None:
            name, least = self._void_below
            self.void_below = _attribute(vars(owner), name, self.name), least

    def parse(self, text: str) -> T:
        """Return the value that a device's `text` says; raise ReplyError.

        Numbers as Python writes them, True and False in the vocabulary's words.
        """
        value: object = text
        try:
            if self.words is not None and self.schema.type is bool:
                value = bool(self.words.index(text))
            elif self.schema.type in {int, float}:
                value = float(text) if self.schema.type is float else int(text)
            return self.schema.check(value)
        except ValueError:
            raise ReplyError(f"{short(text)} is no value of {self.id}") from None

    @override
    def __repr__(self) -> str:
        """Show the id."""
        return f"<Attribute {self.id}>"


class Command[**P]:
    """Something a device can be told; P are the parameters of its handler."""

    capability: type[Capability]
    name: str
    id: str
    """`capability.command`, unique among all commands."""

    def __init__(
        self,
        declaration: Callable[Concatenate[Any, P], None],
        sets: str | tuple[str, ...],
        *,
        optional: bool,
        slow: bool,
        redundant_when_set: bool,
        builtin: Builtin | None,
    ) -> None:
        """Take the parameters of `declaration`; the rest is what `command` says."""
        self._declaration = declaration
        self._sets = sets
        self.optional = optional
        self.slow = slow
        self.redundant_when_set = redundant_when_set
        self.builtin = builtin
        self.description = inspect.getdoc(declaration) or ""
        self.arguments: tuple[Argument, ...] = ()
        self.sets: Attribute[Any] | None = None
        self.sets_to: object = None
        self._all_set: list[Attribute[Any]] = []

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Learn the name that the class body gives, and read the declaration."""
        self.capability = owner
        self.name = camel(name)
        self.arguments = arguments_of(self._declaration)
        names = (self._sets,) if isinstance(self._sets, str) else self._sets
        for each in filter(None, names):
            self._resolve_sets(vars(owner), each)

    def _resolve_sets(self, body: Mapping[str, object], text: str) -> None:
        name, _, word = text.partition("=")
        attribute = _attribute(body, name, self.name)
        self.sets = self.sets or attribute
        self._all_set.append(attribute)
        if not word:
            attribute.setter = cast("Command[...]", self)
        elif attribute.words is not None and attribute.schema.type is bool:
            self.sets_to = bool(attribute.words.index(word))
        else:
            self.sets_to = attribute.schema.check(word)

    def effects(self, arguments: Mapping[str, Any]) -> list[tuple[Attribute[Any], Any]]:
        """Return what the attributes that it sets become, by the checked `arguments`."""
        values = arguments.values() if self.sets_to is None else [self.sets_to]
        return list(zip(self._all_set, values, strict=False))

    @property
    def absolute(self) -> bool:
        """Whether a newer call makes an older one, still waiting, pointless."""
        return self.sets is not None and self.sets_to is None

    def bind(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return the checked arguments, all of them; raise ArgumentError.

        Optional ones that are not given are None.
        """
        return bind(self.id, self.arguments, arguments) if arguments or self.arguments else {}

    @override
    def __repr__(self) -> str:
        """Show the id."""
        return f"<Command {self.id}>"


def command[**P](
    *,
    sets: str | tuple[str, ...] = "",
    optional: bool = False,
    slow: bool = False,
    redundant_when_set: bool = False,
    builtin: Builtin | None = None,
) -> Callable[[Callable[Concatenate[Any, P], None]], Command[P]]:
    """Make a command of a declaration in a capability's body.

    `sets="level"`: the first argument becomes the attribute's value; several names are for as
    many arguments. `sets="switch=on"`: the attribute becomes that word. `optional`: a driver
    may leave it unhandled. `slow`: it takes its time, as a shade that opens; that it is under way
    is all its result says. `redundant_when_set`: as a part of an intent it is left out where the
    attribute has its value already. `builtin`: what the framework does where no driver handles it.
    """

    def declare(declaration: Callable[Concatenate[Any, P], None]) -> Command[P]:
        return Command(
            declaration,
            sets,
            optional=optional,
            slow=slow,
            redundant_when_set=redundant_when_set,
            builtin=builtin,
        )

    return declare


class Capability:
    """A named set of attributes and commands; subclasses declare them in their body."""

    id: ClassVar[str]
    attributes: ClassVar[tuple[Attribute[Any], ...]] = ()
    commands: ClassVar[tuple[Command[...], ...]] = ()

    @override
    def __init_subclass__(cls, *, id: str | None = None) -> None:
        """Give the parts their ids and make the capability known by its own.

        `id` is the class name in camelCase unless given; one of a driver's own has a
        namespace: `acme.nightMode`.
        """
        cls.id = id or camel(cls.__name__)
        if not re.fullmatch(r"([a-z]\w*\.)?[a-z]\w*", cls.id):
            raise DriverError(f"capability {cls.__qualname__}: the id {cls.id!r} is not camelCase")
        parts: list[Any] = list(vars(cls).values())
        attributes: list[Any] = [p for p in parts if isinstance(p, Attribute)]
        commands: list[Any] = [p for p in parts if isinstance(p, Command)]
        cls.attributes, cls.commands = tuple(attributes), tuple(commands)
        for part in (p for p in parts if isinstance(p, Attribute | Command)):
            part.id = f"{cls.id}.{part.name}"
        _KNOWN[cls.id] = cls


_KNOWN: dict[str, type[Capability]] = {}


def capability(id: str) -> type[Capability] | None:  # noqa: A002
    """Return the capability with that id, or None."""
    return _KNOWN.get(id)


def camel(name: str) -> str:
    """Return a Python name as SmartThings spells it: set_level and SetLevel: setLevel."""
    head, *tail = name.split("_")
    return head[:1].lower() + head[1:] + "".join(part.title() for part in tail)


def _attribute(body: Mapping[str, object], name: str, user: str) -> Attribute[Any]:
    if not isinstance(body.get(name), Attribute):
        raise DriverError(f"{user} names {name!r}, which is no attribute of its capability")
    return cast("Attribute[Any]", body[name])
