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

from annotationlib import Format
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
import inspect
import math
import re
from typing import Annotated, Any, ClassVar, Concatenate, cast, get_args, get_origin, override

from .errors import ArgumentError, DriverError, ReplyError

MAX_TEXT = 1024
"""The longest text value, in characters, unless its attribute says otherwise."""


MAX_NUMBER = 1e15
"""Numbers beyond this are no measurement of any device, unless its attribute says otherwise."""

MAX_ITEMS = 64
"""The longest list of values, such as a device's modes."""


class Kind(StrEnum):
    """What an attribute's value is about; the hub decides how that looks."""

    STATE = "state"
    MEASUREMENT = "measurement"
    TOTAL = "total"
    """A counter that only grows, but for resets."""
    DIAGNOSTIC = "diagnostic"
    EVENT = "event"
    """Something that happened: each emit counts, also of the same value."""
    HIDDEN = "hidden"
    """For the framework or other attributes; shown nowhere by itself."""


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number, or of a text's length; None is no limit."""

    minimum: float | None = None
    maximum: float | None = None


Percent = Annotated[int, Range(0, 100)]
Seconds = Annotated[float, Range(0, 3600)]


@dataclass(frozen=True, slots=True)
class Schema[T]:
    """The values something takes: a type, and limits where it has them.

    Of a list, `type` is tuple, `item` what each value is, and `size` how many there must be.
    """

    type: type[T]
    limits: Range = Range()
    item: Schema[Any] | None = None
    size: int | None = None

    def check(self, value: object) -> T:
        """Return `value` as a T; raise ValueError that says what is wrong with it."""
        if self.item is not None:
            return self._list(self.item, value)
        if self.type is float and type(value) is int and abs(value) <= MAX_NUMBER:
            value = float(value)
        if issubclass(self.type, Enum) and not isinstance(value, self.type):
            return self._member(value)
        if type(value) is not self.type and (
            isinstance(value, bool) or not isinstance(value, self.type)
        ):
            msg = f"{_short(value)} is not of type {self.type.__name__}"
            raise ValueError(msg)
        self._check_limits(value)
        checked: T = cast("Any", value)
        return checked

    def _list(self, item: Schema[Any], value: object) -> T:
        if not isinstance(value, list | tuple):
            msg = f"{_short(value)} is not a list"
            raise ValueError(msg)  # noqa: TRY004  # one error for whatever is wrong with a value
        values = cast("list[object]", value)
        if len(values) > MAX_ITEMS or self.size not in {None, len(values)}:
            msg = f"{_short(values)} has {len(values)} values, not {self.size or MAX_ITEMS}"
            raise ValueError(msg)
        checked: T = cast("Any", tuple(item.check(v) for v in values))
        return checked

    def _member(self, value: object) -> T:
        try:
            return self.type(value)  # type: ignore[call-arg]  # an Enum looks up by value
        except ValueError:
            choices = ", ".join(str(m.value) for m in cast("type[Enum]", self.type))
            msg = f"{_short(value)} is not one of {choices}"
            raise ValueError(msg) from None

    def _check_limits(self, value: object) -> None:
        if isinstance(value, float) and not math.isfinite(value):
            msg = f"{value} is not a number"
            raise ValueError(msg)
        low, high = self.limits.minimum, self.limits.maximum
        size: float = 0
        default: float = MAX_NUMBER
        if isinstance(value, str):
            size, default = len(value), MAX_TEXT
        elif isinstance(value, int | float):
            size = value
        else:
            return
        low, high = -default if low is None else low, default if high is None else high
        if not low <= size <= high:
            msg = f"{_short(value)} is not within {low} to {high}"
            raise ValueError(msg)


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
    ) -> None:
        """Take values of `type`, within `minimum` to `maximum`, in `unit`.

        `device_class` is the hub's word for the sort of quantity. `words` are what the
        vocabulary says for False and True. `tuple[str, ...]` is a list, with the limits for
        each value. `options` names the attribute of the same capability that lists the values
        which this one can have. `name` is SmartThings' where a command has the same in Python.
        """
        self.schema: Schema[T] = _schema(type, Range(minimum, maximum))
        self.name = name
        self._options = options
        self.unit = unit
        self.kind = kind
        self.device_class = device_class
        self.words = words

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Learn the name that the class body gives."""
        self.capability = owner
        self.name = self.name or camel(name)
        if self._options:
            self.options = _attribute(vars(owner), self._options, self.name)

    def parse(self, text: str) -> T:
        """Return the value that a device's `text` says; raise ReplyError.

        Numbers as Python writes them, True and False in the vocabulary's words.
        """
        value: object = text
        try:
            if self.words is not None:
                value = bool(self.words.index(text))
            elif self.schema.type in {int, float}:
                value = float(text) if self.schema.type is float else int(text)
            return self.schema.check(value)
        except ValueError:
            msg = f"{_short(text)} is no value of {self.id}"
            raise ReplyError(msg) from None

    @override
    def __repr__(self) -> str:
        """Show the id."""
        return f"<Attribute {self.id}>"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command."""

    name: str
    schema: Schema[Any]
    required: bool


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
    ) -> None:
        """Take the parameters of `declaration`; `sets` names what it sets."""
        self._declaration = declaration
        self._sets = sets
        self.optional = optional
        self.description = inspect.getdoc(declaration) or ""
        self.arguments: tuple[Argument, ...] = ()
        self.sets: Attribute[Any] | None = None
        self.sets_to: object = None
        self._all_set: list[Attribute[Any]] = []

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Learn the name that the class body gives, and read the declaration."""
        self.capability = owner
        self.name = camel(name)
        parameters = inspect.signature(
            self._declaration, annotation_format=Format.VALUE
        ).parameters.values()
        self.arguments = tuple(_argument(p) for p in list(parameters)[1:])
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
        elif attribute.words is not None:
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
        unknown = set(arguments) - {a.name for a in self.arguments}
        if unknown:
            msg = f"{self.id} has no argument {', '.join(sorted(unknown))}"
            raise ArgumentError(msg)
        return {a.name: self._bind_one(a, arguments.get(a.name)) for a in self.arguments}

    def _bind_one(self, argument: Argument, value: object) -> object:
        if value is None:
            if argument.required:
                msg = f"{self.id} needs the argument {argument.name}"
                raise ArgumentError(msg)
            return None
        try:
            return argument.schema.check(value)
        except ValueError as err:
            msg = f"{self.id}, argument {argument.name}: {err}"
            raise ArgumentError(msg) from None

    @override
    def __repr__(self) -> str:
        """Show the id."""
        return f"<Command {self.id}>"


def command[**P](
    *, sets: str | tuple[str, ...] = "", optional: bool = False
) -> Callable[[Callable[Concatenate[Any, P], None]], Command[P]]:
    """Make a command of a declaration in a capability's body.

    `sets="level"`: the first argument becomes the attribute's value; several names are for as
    many arguments. `sets="switch=on"`: the attribute becomes that word. `optional`: a driver
    may leave it unhandled.
    """

    def declare(declaration: Callable[Concatenate[Any, P], None]) -> Command[P]:
        return Command(declaration, sets, optional=optional)

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
            msg = f"capability {cls.__qualname__}: the id {cls.id!r} is not camelCase"
            raise DriverError(msg)
        parts: list[Any] = list(vars(cls).values())
        attributes: list[Any] = [p for p in parts if isinstance(p, Attribute)]
        commands: list[Any] = [p for p in parts if isinstance(p, Command)]
        cls.attributes, cls.commands = tuple(attributes), tuple(commands)
        for attribute in cls.attributes:
            attribute.id = f"{cls.id}.{attribute.name}"
        for each in cls.commands:
            each.id = f"{cls.id}.{each.name}"
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
        msg = f"{user} names {name!r}, which is no attribute of its capability"
        raise DriverError(msg)
    return cast("Attribute[Any]", body[name])


def _schema[T](kind: type[T], limits: Range) -> Schema[T]:
    """Return the schema of a type; `tuple[str, ...]` and `tuple[int, int]` are lists."""
    parts = get_args(kind)
    if not parts:
        return Schema(kind, limits)
    size = None if parts[-1] is ... else len(parts)
    return Schema(cast("Any", tuple), limits, Schema(parts[0], limits), size)


def _argument(parameter: inspect.Parameter) -> Argument:
    limits = Range()
    annotation, required = parameter.annotation, parameter.default is parameter.empty
    for member in get_args(annotation):
        if get_origin(member) is Annotated:
            annotation = member
    choices = [a for a in get_args(annotation) if a is not type(None)]
    if get_origin(annotation) is Annotated:
        annotation, limits = choices
    elif choices:
        annotation = choices[0]
    return Argument(parameter.name, Schema(annotation, limits), required)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004
