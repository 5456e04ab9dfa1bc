"""Typed definitions of what devices can do: capabilities with attributes (state) and commands.

The vocabulary is SmartThings': ids in camelCase, `capability.attribute` and
`capability.command`. In Python, an attribute knows the type of its value and a command the
parameters of its handler, so type checkers find mistakes:

    class SwitchLevel(Capability, id="switchLevel"):
        level = Attribute(int, minimum=0, maximum=100, unit="%")

        @command(sets="level")
        def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
            "Dim to `level` within `rate` seconds."
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
import inspect
from string.templatelib import Template
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Self, cast, overload, override

from ..errors import DriverError, ReplyError
from ..sentences import said
from .arguments import Argument, arguments_of, bind
from .kinds import Builtin, Kind
from .schema import Range, Schema, schema_of, short
from .spelling import camel, is_capability_id

__all__ = ["Attribute", "Capability", "Command", "capability"]

APART = "lan_edge_file_"
"""With what the names of modules begin whose capabilities count only once their file is in use."""


class Attribute[T]:
    """A value that a device reports: its type, range, unit and meaning."""

    capability: type[Capability]
    """The capability that declares it."""
    name: str
    """The name in SmartThings' spelling: camelCase."""
    id: str
    """`capability.attribute`, unique among all attributes."""
    setter: Command[...] | None = None
    """The command that sets it to a given value, if there is one."""
    options: Attribute[tuple[str, ...]] | None = None
    """The attribute that lists its possible values, if there is one."""
    meaningless_below: tuple[Attribute[Any], float] | None = None
    """The attribute on which its meaning depends, and the least value which that must have."""

    def __init__(
        self,
        type: type[T],  # noqa: A002  # the natural name
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
        preset: str | None = None,
        circular: bool = False,
        off_value: T | None = None,
        meaningless_below: tuple[str, float] | None = None,
        label: str = "",
        noun: Template | None = None,
    ) -> None:
        """Take values of `type`, within `minimum` to `maximum`, in `unit`.

        `type` is one that `schema_of` supports; the limits apply to each value in it. `kind` says
        what the value means. `device_class` is the hub's name for the kind of quantity. `words` are
        the vocabulary's words for False and True; of an enum, those of its values that mean no and
        yes. `options` names the attribute of the same capability that lists the possible values.
        `step` is the smallest sensible change of a number. `rare`: few users need it, so a hub may
        disable it at first. `daily`: users change it every day, rather than once. `preset` is
        the preset of a thermostat that is active while a bool is True, such as "away". `name` is
        SmartThings' name, where a command has the same name in Python. `label` is what users see of
        an attribute of a driver's own; by default, its name as words. `noun` is what users call it
        in a sentence, if that is not its name.

        Three arguments tell the framework how to recognize a change. `circular`: the largest value
        is next to the smallest, so a value may be reached in either direction. `off_value`: at this
        value, many devices turn off and keep reporting the value before.
        `meaningless_below=("saturation", 5)`: the value means nothing while that attribute of the
        same capability is less, so a device need not report it.
        """
        if preset is not None and type is not bool:
            raise DriverError(f"the preset {preset} is not a bool")
        self.schema: Schema[T] = schema_of(type, Range(minimum, maximum))
        """The values that it accepts."""
        self.name = name
        self._options = options
        self.unit = unit
        self.kind = kind
        self.device_class = device_class
        self.words = words
        self.step = step
        self.rare = rare
        self.daily = daily
        self.preset = preset
        self.circular = circular
        self.off_value = off_value
        self.label = label
        self.noun: str | None = None if noun is None else said(noun)
        self._meaningless_below = meaningless_below

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Take the name from the class body; one that is only named in another stays as it is."""
        if hasattr(self, "capability"):
            return
        self.capability = owner
        self.name = self.name or camel(name)
        if self._options:
            self.options = _attribute(vars(owner), self._options, self.name)
            item = self.options.schema.item
            if item is None or item.type not in {str, self.schema.type}:
                raise DriverError(f"{self.name}: {self._options} is not a list of its values")
        if self._meaningless_below is not None:
            name, least = self._meaningless_below
            self.meaningless_below = _attribute(vars(owner), name, self.name), least

    @property
    def range(self) -> Attribute[Any] | None:
        """The attribute that tells its least and its highest value, if there is one."""
        name = f"{self.name}Range"
        return next((each for each in self.capability.attributes if each.name == name), None)

    def parse(self, text: str) -> T:
        """Return the value of a device's `text`; raise ReplyError if it has none.

        Numbers are written as in Python, True and False as the vocabulary's words.
        """
        kind: Any = self.schema.type
        try:
            if kind is bool and self.words is not None:
                return self.schema.check(bool(self.words.index(text)))
            return self.schema.check(kind(text) if kind in {int, float} else text)
        except ValueError:
            raise ReplyError(t"{short(text)} is not a valid value of {self.id}") from None

    @override
    def __repr__(self) -> str:
        return f"<Attribute {self.id}>"

    if TYPE_CHECKING:  # what `device[Switch]` has by this name: the value

        @overload
        def __get__(self, instance: None, owner: object) -> Self: ...
        @overload
        def __get__(self, instance: Capability, owner: object) -> T | None: ...
        @overload
        def __get__(self, instance: object, owner: object) -> Self: ...
        def __get__(self, instance: object, owner: object) -> Self | T | None: ...


class Command[**P]:
    """Something a device can do; P are the parameters of its handler."""

    capability: type[Capability]
    """The capability that declares it."""
    name: str
    """The name in SmartThings' spelling: camelCase."""
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
        among: str = "",
        label: str = "",
    ) -> None:
        """Take the parameters of `declaration`; use `command` to make one.

        `optional`, `slow`, `redundant_when_set`, `builtin`, `among` and `label` are described at
        `command`.
        """
        self._declaration = declaration
        self._sets = sets
        self.optional = optional
        self.slow = slow
        self.redundant_when_set = redundant_when_set
        self.builtin = builtin
        self.label = label
        self._among = among
        self.among: Attribute[Any] | None = None
        """The attribute that lists what its first argument may refer to, if there is one."""
        self.chooses = False
        """Whether it takes one of the values that the device lists in an attribute."""
        self.description: str = inspect.getdoc(declaration) or ""
        """The declaration's docstring."""
        self.arguments: tuple[Argument, ...] = ()
        """Its arguments, in order."""
        self.sets: Attribute[Any] | None = None
        """The attribute that it changes, the first if it changes several."""
        self.sets_to: object = None
        """The new value of that attribute; None: the first argument."""
        self._attributes: list[Attribute[Any]] = []

    def __set_name__(self, owner: type[Capability], name: str) -> None:
        """Take the name from the class body, and the arguments from the declaration.

        One that is only named in another class stays as it is.
        """
        if hasattr(self, "capability"):
            return
        self.capability = owner
        self.name = camel(name)
        self.arguments = arguments_of(self._declaration)
        names = (self._sets,) if isinstance(self._sets, str) else self._sets
        for each in filter(None, names):
            self._resolve_sets(vars(owner), each)
        if self._among:
            self.among = _attribute(vars(owner), self._among, self.name)
        self.chooses = bool(self.among) or any(a.options for a in self._attributes)

    def _resolve_sets(self, body: Mapping[str, object], text: str) -> None:
        name, _, word = text.partition("=")
        attribute = _attribute(body, name, self.name)
        self.sets = self.sets or attribute
        self._attributes.append(attribute)
        if not word:
            attribute.setter = cast("Command[...]", self)
        elif attribute.words is not None and attribute.schema.type is bool:
            self.sets_to = bool(attribute.words.index(word))
        else:
            self.sets_to = attribute.schema.check(word)

    def effects(self, arguments: Mapping[str, Any]) -> list[tuple[Attribute[Any], Any]]:
        """Return the attributes that it sets, with their new values, for checked `arguments`."""
        values = arguments.values() if self.sets_to is None else [self.sets_to]
        return list(zip(self._attributes, values, strict=False))

    @property
    def is_replaceable(self) -> bool:
        """Whether a newer call replaces an older one that still waits."""
        return self.sets is not None and self.sets_to is None

    def bind(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return all arguments, checked; raise ArgumentError.

        An optional argument that is not given is None.
        """
        return bind(self.id, self.arguments, arguments) if arguments or self.arguments else {}

    @override
    def __repr__(self) -> str:
        return f"<Command {self.id}>"

    if TYPE_CHECKING:  # what `device[Switch]` has by this name: how to carry it out

        @overload
        def __get__(self, instance: None, owner: object) -> Self: ...
        @overload
        def __get__(
            self, instance: Capability, owner: object
        ) -> Callable[P, Coroutine[Any, Any, None]]: ...
        @overload
        def __get__(self, instance: object, owner: object) -> Self: ...
        def __get__(
            self, instance: object, owner: object
        ) -> Self | Callable[P, Coroutine[Any, Any, None]]: ...


class Capability:
    """A named set of attributes and commands; a subclass declares them in its body."""

    id: ClassVar[str]
    """Unique among all capabilities; stored with the profiles of users' devices."""
    attributes: ClassVar[tuple[Attribute[Any], ...]] = ()
    """The attributes that it declares, in order."""
    commands: ClassVar[tuple[Command[...], ...]] = ()
    """The commands that it declares, in order."""

    @override
    def __init_subclass__(cls, *, id: str | None = None) -> None:
        """Set the ids of the attributes and commands, and register the capability by its own id.

        `id` defaults to the class name in camelCase. The id of a driver's own capability has a
        namespace: `class NightMode(Capability, id="acme.nightMode")`. Raises DriverError for
        another spelling.
        """
        cls.id = id or camel(cls.__name__)
        if not is_capability_id(cls.id):
            raise DriverError(f"capability {cls.__qualname__}: the id {cls.id!r} is not camelCase")
        if "." not in cls.id and not cls.__module__.startswith(f"{__package__}."):
            reason = f"capability {cls.__qualname__}: the id {cls.id!r} has no namespace"
            if cls.id in _BY_ID:
                reason = f"{cls.__qualname__} has the id {cls.id!r} of a standard capability"
            remedy = f'write the maker or the family before it, such as id="acme.{cls.id}"'
            raise DriverError(reason, remedy)
        members = [m for m in vars(cls).values() if isinstance(m, Attribute | Command)]
        cls.attributes = tuple(m for m in members if isinstance(m, Attribute))
        cls.commands = tuple(m for m in members if isinstance(m, Command))
        for member in members:
            member.id = f"{cls.id}.{member.name}"
        if not cls.__module__.startswith(APART):
            _BY_ID[cls.id] = cls


_BY_ID: dict[str, type[Capability]] = {}
_IN_FILES: dict[str, type[Capability]] = {}
"""Those of driver files that are in use; they precede others of the same id."""


def capability(id: str) -> type[Capability] | None:  # noqa: A002
    """Return the capability with that id, or None."""
    return _IN_FILES.get(id) or _BY_ID.get(id)


def add_capabilities(capabilities: Iterable[type[Capability]]) -> None:
    """Register the capabilities of drivers that are part of the library or of a program."""
    _BY_ID.update({each.id: each for each in capabilities})


def use_capabilities(capabilities: Iterable[type[Capability]]) -> None:
    """Register the capabilities of a driver file."""
    _IN_FILES.update({each.id: each for each in capabilities})


def drop_capabilities(capabilities: Iterable[type[Capability]]) -> None:
    """Undo `use_capabilities`, as far as no other file has registered the same ids since."""
    for each in capabilities:
        if _IN_FILES.get(each.id) is each:
            del _IN_FILES[each.id]


def _attribute(body: Mapping[str, object], name: str, member: str) -> Attribute[Any]:
    if not isinstance(body.get(name), Attribute):
        raise DriverError(f"{member} names {name!r}, which is not an attribute of its capability")
    return cast("Attribute[Any]", body[name])
