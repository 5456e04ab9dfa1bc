"""Parts whose properties are a table: what each means, where it is told, and what sets it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, override

from ..capabilities.definition import Attribute
from ..capabilities.standard import Switch
from ..errors import RefusedError, ReplyError
from .changing import Values
from .codings import Coding
from .message_values import Json, value_in
from .parts import Part, PartReading


@dataclass(frozen=True, slots=True)
class Property:
    """A row of such a table."""

    attribute: Attribute[Any]
    """What the property is."""
    at: str
    """Where it is told: a path such as `temperature.room`; empty: the whole message says it."""
    coding: Coding = Coding()  # noqa: RUF009  # it is immutable
    """How the device codes its values."""
    setter: Any = None
    """What sets it, in the driver's own terms."""
    lists: Mapping[Attribute[Any], Any] = field(default_factory=dict[Attribute[Any], Any])
    """What belongs to it and never changes, such as its range."""
    off: Any = None
    """What it is while its part is switched off, whatever is told; None: what is told."""
    stays: bool = False
    """Whether it stays as it is while it is not told, though something is."""


@dataclass(frozen=True)
class PropertiesPart(Part):
    """A part by its table, and by what the device tells of it."""

    table: tuple[Property, ...] = ()
    """The properties that it may have."""
    told: Json = field(default_factory=dict[str, Any])
    """What the device tells of it."""

    def told_at(self, own: Property) -> Any:
        """Return what is told of a property, in the device's code; None: it is not told."""
        return value_in(self.told, own.at) if own.at else self.told

    def row(self, attribute: Attribute[Any]) -> Property:
        """Return the row of an attribute, the first if there are several.

        Raises RefusedError if it has none.
        """
        for each in self.table:
            if each.attribute is attribute:
                return each
        raise RefusedError(t"it has no {attribute.id}")

    def encoded(self, values: Values) -> list[tuple[Property, Any]]:
        """Return the rows of what is asked for, each with its code; raise RefusedError."""
        return [(own := self.row(name), own.coding.write(v)) for name, v in values.items()]

    @override
    def readings(self) -> Iterator[PartReading]:
        for each in self.table:
            yield from (PartReading.known(name, value) for name, value in each.lists.items())
            code = self.told_at(each)
            is_told = code is not None or not (each.stays and self.told)
            yield PartReading(each.attribute, partial(self.read, each), is_told)

    @property
    def is_off(self) -> bool:
        """Whether the device tells that its switch is off."""
        switches = (each for each in self.table if each.attribute is Switch.switch)
        with suppress(ReplyError):
            return any(self.read(each) is False for each in switches)
        return False

    def read(self, own: Property) -> Any:
        """Return what a property is; None if it is not known. May raise ReplyError."""
        if own.off is not None and self.is_off:
            return own.off
        code = self.told_at(own)
        return None if code is None else own.coding.read(code)
