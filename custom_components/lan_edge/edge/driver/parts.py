"""Devices that consist of parts, which are known only by what the device reports.

A part says what it reads and, in methods of its own, what is sent to change it. The framework makes
the profile of the parts, reports each value, and finds the part that is commanded. One method of
the driver, `change`, carries out all commands: it gets what is asked for by its attributes.
"""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, NamedTuple, Self, override

from ..capabilities.definition import Attribute, Capability
from ..capabilities.intents import FanIntent, Intent, LightIntent
from ..capabilities.profile import MAIN, Component, Profile
from ..errors import RefusedError, ReplyError
from ..transports import Transport
from .changing import Values, add_handlers
from .context import DriverContext
from .driver import Driver
from .message_values import value_at


class PartReading(NamedTuple):
    """An attribute, and what returns its value: None if it is unknown.

    `read` may raise ReplyError: then the value is refused, as by `Driver.reject`.
    """

    attribute: Attribute[Any]
    """What is read."""
    read: Callable[[], Any]
    """Returns its value now."""
    is_told: bool = True
    """Whether the device tells it; otherwise it stays as it is, as by `Driver.unchanged`."""

    @staticmethod
    def field(
        attribute: Attribute[Any],
        message: object,
        key: str,
        convert: Callable[[Any], Any] | None = None,
        *,
        unchanged: bool = False,
    ) -> PartReading:
        """Return the reading of the field `key` of a message, as `Driver.emit_field` has it."""
        is_told = not unchanged or (isinstance(message, Mapping) and key in message)
        return PartReading(attribute, partial(value_at, message, key, convert), is_told)

    @staticmethod
    def known(attribute: Attribute[Any], value: Any) -> PartReading:
        """Return the reading of what is known anyway, such as a range."""
        return PartReading(attribute, lambda: value)


@dataclass(frozen=True)
class Part:
    """A component of a device, or what a component can do besides: several parts may be one.

    Then it is available while all of them are.

    A subclass is a frozen dataclass with what the device reports of it.
    """

    component: str = MAIN
    """The id of the component."""
    name: str = ""
    """The name of the component."""
    child: bool = field(default=False, kw_only=True)
    """Whether the component is presented as a device of its own."""
    category: str = field(default="", kw_only=True)
    """What the component is, where that matters: light, outlet, fan."""

    @abstractmethod
    def readings(self) -> Iterable[PartReading]:
        """Return what it reads; it has the capabilities of these attributes."""

    @property
    def is_available(self) -> bool:
        """Whether it is available while the device itself is."""
        return True

    @property
    def capabilities(self) -> tuple[type[Capability], ...]:
        """What it can do."""
        return tuple(dict.fromkeys(each.attribute.capability for each in self.readings()))


class _Meanwhile(NamedTuple):
    """What is shown of an attribute until the device reports what it has become."""

    value: Any
    until: Any
    ends: float
    """When it ends at the latest, by the clock of the event loop."""


class PartsDriver[IO: Transport](Driver[IO]):
    """Base of the driver of a device that consists of parts.

    `show_parts` reports them. With `change`, commands need no handlers; a handler of one that has
    its own calls `self.part(Outlet)` for the part that is commanded.
    """

    together: ClassVar[tuple[type[Intent], ...]] = (LightIntent, FanIntent)
    """Those of which `change` gets all at once; the others come as one command after another."""

    @override
    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self._meanwhile: dict[tuple[str, Attribute[Any]], _Meanwhile] = {}

    @override
    def __init_subclass__(cls) -> None:
        """Have `change`, if a subclass has it, carry out what has no handler."""
        if cls.change is not PartsDriver[IO].change:
            add_handlers(cls, cls.together)
        super().__init_subclass__()

    async def change(self, values: Values) -> None:
        """Carry out what is asked of the component that is commanded, `self.component`.

        That is one command or an intent, by the attributes that it sets: one that turns a lamp on
        at 40 % is `{Switch.switch: True, SwitchLevel.level: 40}`. It may also be off, or at 0 %.
        """

    @abstractmethod
    def consists_of(self) -> Iterable[Part]:
        """Return the parts that the device has, by what it has reported so far."""

    def show_parts(self, parts: Iterable[Part]) -> None:
        """Make the profile of parts, and report whether each is available, and what it reads.

        A part that reads nothing is left out. A component that is missing only because of what the
        device's owner has set, or described, is removed; any other stays, as by `set_profile`.
        """
        shown = _shown(parts)
        components = self.with_described(components_of(shown))
        self.set_profile(Profile(**components))
        self._remove_taken_away(components)
        for component in dict.fromkeys(part.component for part, _ in shown):
            own = (part.is_available for part, _ in shown if part.component == component)
            self.set_available(component, all(own))
        for part, readings in shown:
            for reading in readings:
                self.show_reading(reading, part.component)

    def _remove_taken_away(self, shown: Collection[str]) -> None:
        """Remove what is missing because of the owner: the device itself has it, or never had."""
        known = self.known_components
        if missing := known.keys() - shown:
            own = _names_of(self.by_itself().consists_of())
            self.remove_components(*(n for n in missing if n in own or known[n].described))

    def by_itself(self) -> PartsDriver[IO]:
        """Return a driver of the same device, as if its owner had set and described nothing."""
        return self._with_settings(self.Settings() if self.Settings is not None else None)

    def _with_settings(self, settings: Any) -> Self:
        other = copy(self)
        other.settings = settings
        return other

    @override
    async def settings_changed(self, old: Any) -> None:
        """Show the parts as they are with the new settings; remove what only the old ones had."""
        if parts := tuple(self.consists_of()):
            self.show_parts(parts)
            had = _names_of(self._with_settings(old).consists_of())
            has = self.with_described(components_of(_shown(parts)))
            self.remove_components(*(had - has.keys()))

    def with_described(self, components: Mapping[str, Component]) -> dict[str, Component]:
        """Return components with what a description adds to them."""
        return dict(components)

    def show_reading(self, reading: PartReading, component: str) -> None:
        """Report the value that a part reads; refuse one that cannot be used."""
        if not reading.is_told:
            self.unchanged(reading.attribute, component)
            return
        try:
            self.emit(reading.attribute, self._value_of(reading, component), component)
        except ReplyError as err:
            self.reject(reading.attribute, str(err), component)

    def show_meanwhile[T](
        self, attribute: Attribute[T], value: T, *, until: T, within: float
    ) -> None:
        """Show a value of the component that is commanded until the device reports `until`.

        For what moves, and reports only where it is: a garage door is shown as opening until it is
        open. Whatever else it reports meanwhile is not shown, for at most `within` seconds.
        """
        ends = asyncio.get_running_loop().time() + within
        self._meanwhile[self.component, attribute] = _Meanwhile(value, until, ends)
        self.after(within, self._show_again)

    async def _show_again(self) -> None:
        self.show_parts(self.consists_of())

    def _value_of(self, reading: PartReading, component: str) -> Any:
        """Return what a part reads, or what is shown meanwhile."""
        value, key = reading.read(), (component, reading.attribute)
        if (meanwhile := self._meanwhile.get(key)) is None:
            return value
        if value != meanwhile.until and asyncio.get_running_loop().time() < meanwhile.ends:
            return meanwhile.value
        del self._meanwhile[key]
        return value

    def part[P: Part](self, kind: type[P]) -> P:
        """Return the part of this kind of the component that is commanded.

        Raises RefusedError if the device does not report it now.
        """
        for part in self.consists_of():
            if part.component == self.component and isinstance(part, kind):
                return part
        raise RefusedError(t"the device does not report that now")

    def parts_for[P: Part](
        self, kind: type[P], values: Values, components: Iterable[str] = ()
    ) -> list[tuple[P, Values]]:
        """Return the parts of some components, each with what it is asked for.

        By default, of the component that is commanded. An attribute is asked of the part that reads
        it, the first if several do. Raises RefusedError for one that the device does not report
        now.
        """
        left = {each: dict(values) for each in components or (self.component,)}
        found = list[tuple[P, Values]]()
        for part in self.consists_of():
            if (wanted := left.get(part.component)) and isinstance(part, kind):
                reads = {each.attribute for each in part.readings()}
                own = {name: wanted.pop(name) for name in [*wanted] if name in reads}
                found += [(part, own)] if own else []
        if any(left.values()):
            raise RefusedError(t"the device does not report that now")
        return found


def _shown(parts: Iterable[Part]) -> list[tuple[Part, tuple[PartReading, ...]]]:
    """Return the parts that read something, each with that."""
    every = ((part, tuple(part.readings())) for part in parts)
    return [(part, readings) for part, readings in every if readings]


def _names_of(parts: Iterable[Part]) -> set[str]:
    """Return the components of parts that read something."""
    return {part.component for part, _ in _shown(parts)}


def components_of(
    parts: Iterable[tuple[Part, Iterable[PartReading]]],
) -> dict[str, Component]:
    """Return the components that parts make, each with what it reads."""
    components: dict[str, Component] = {}
    for part, readings in parts:
        old = components.get(part.component, Component(()))
        own = (reading.attribute.capability for reading in readings)
        components[part.component] = Component(
            tuple(dict.fromkeys((*old.capabilities, *own))),
            old.name or part.name,
            old.child or part.child,
            old.category or part.category,
        )
    return components
