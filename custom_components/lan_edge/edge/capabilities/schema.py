"""The values that something accepts: a type and its limits, read from an annotation.

    level: Annotated[int, Range(0, 100)]
    modes: tuple[Mode, ...]
    track: Track                          # a frozen dataclass of such fields

Without limits of its own a text has at most 1024 characters, bytes at most 2 MiB, a list at most
64 items, and a number is within 1e15 either way. A text is one that UTF-8 can encode.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
import math
from types import MappingProxyType
from typing import (
    Annotated,
    Any,
    TypeAliasType,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from ..errors import DriverError
from ..network.text import is_encodable
from ..sentences import Said, said
from .brief_repr import BriefRepr

__all__ = [
    "Percent",
    "Range",
    "Schema",
    "Seconds",
    "schema_of",
]

MAX_TEXT = 1024
"""The longest text value, in characters, unless its schema says otherwise."""

MAX_BYTES = 2 * 1024 * 1024
"""The longest value of bytes, such as a still image, unless its schema says otherwise."""

MAX_NUMBER = 1e15
"""The largest number, positive or negative, unless its schema says otherwise."""

MAX_ITEMS = 64
"""The longest list of values, such as the modes of a device."""

_REPR = BriefRepr(
    maxlevel=1, maxdict=20, maxlist=20, maxtuple=20, maxstring=60, maxlong=60, maxother=60
)
"""Looks at the beginning of a value only: a device may send one of a MiB."""
_LENGTHS: Mapping[type, float] = {str: MAX_TEXT, bytes: MAX_BYTES}
_SCALARS = frozenset((bool, int, float, str, bytes))
SUPPORTED = (
    "use bool, int, float, str, bytes, an enum, a frozen dataclass of those, or tuple[int, ...]"
)
_NO_FIELDS: Mapping[str, Schema[Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Range:
    """The limits of a number, or of the length of a text or of bytes.

    `minimum` and `maximum` are included. None: only the general limit for all values of the type.
    """

    minimum: float | None = None
    maximum: float | None = None


ANY = Range()

Percent = Annotated[int, Range(0, 100)]
"""A percentage, as a whole number."""
Seconds = Annotated[float, Range(0, 3600)]
"""A duration in seconds."""


@dataclass(frozen=True, slots=True)
class Schema[T]:
    """The values that something accepts: those of a `type`, within its `limits`.

    For a list, `type` is tuple, `item` the schema of each value, and `size` their number if it is
    fixed. For a dataclass, `fields` are the schemas of its fields. With `nullable`, None is
    accepted too.
    """

    type: type[T]
    limits: Range = ANY
    item: Schema[Any] | None = None
    size: int | None = None
    fields: Mapping[str, Schema[Any]] = field(default=_NO_FIELDS, hash=False)
    nullable: bool = False

    def check(self, value: object) -> T:
        """Return `value` as a T; raise a ValueError that says what is wrong."""
        if type(value) is self.type and self.type in _SCALARS:
            self._check_limits(value)
            return value
        if value is None and self.nullable:
            return cast("T", None)
        if self.item is not None:
            return self._list(self.item, value)
        if self.type is float and type(value) is int and abs(value) <= MAX_NUMBER:
            value = float(value)
        if issubclass(self.type, Enum) and not isinstance(value, self.type):
            return self._member(value)
        if type(value) is not self.type and (
            isinstance(value, bool) or not isinstance(value, self.type)
        ):
            raise ValueError(self._not_of_type(value))
        if self.fields:
            return self._object(value)
        self._check_limits(value)
        return value

    def _list(self, item: Schema[Any], value: object) -> T:
        if not isinstance(value, list | tuple):
            reason = said(t"{short(value)} is not a list")
            raise ValueError(reason)  # noqa: TRY004  # always the same error
        values = cast("list[object]", value)
        count = len(values)
        if self.size not in {None, count}:
            raise ValueError(said(t"{short(values)} has {count} values, not {self.size}"))
        if count > MAX_ITEMS:
            raise ValueError(said(t"{short(values)} has {count} values, more than {MAX_ITEMS}"))
        return cast("T", tuple(item.check(v) for v in values))

    def _object(self, value: object) -> T:
        checked: dict[str, Any] = {}
        for name, schema in self.fields.items():
            try:
                checked[name] = schema.check(getattr(value, name))
            except ValueError as err:
                raise ValueError(said(t"{name}: {err}")) from None
        return self.type(**checked)

    def _member(self, value: object) -> T:
        try:
            return self.type(value)  # type: ignore[call-arg]  # an Enum looks up by value
        except ValueError:
            known = ", ".join(str(m.value) for m in cast("type[Enum]", self.type))
            raise ValueError(said(t"{short(value)} is not one of {known}")) from None

    def _check_limits(self, value: Any) -> None:
        kind = self.type
        if kind is bool:
            return
        if kind is float and not math.isfinite(value):
            raise ValueError(self._not_of_type(value))
        if (default := _LENGTHS.get(kind)) is not None:
            size: float = len(value)
        elif kind is int or kind is float:
            size, default = value, MAX_NUMBER
        else:
            return
        low = -default if self.limits.minimum is None else self.limits.minimum
        high = default if self.limits.maximum is None else self.limits.maximum
        if not low <= size <= high:
            if kind in _LENGTHS:
                raise ValueError(_not_as_long(value, max(low, 0), high))
            limits = beyond(value, low, high)
            raise ValueError(said(t"{short(value)} is {limits}"))
        if kind is str and not is_encodable(value):
            raise ValueError(said(t"{short(value)} is not valid text"))

    def _not_of_type(self, value: object) -> Said:
        kind: Any = self.type
        if kind is bool:
            return said(t"{short(value)} is not true or false")
        if kind is int:
            return said(t"{short(value)} is not a whole number")
        if kind is float:
            return said(t"{short(value)} is not a number")
        if kind is str:
            return said(t"{short(value)} is not text")
        name = kind.__name__
        return said(t"{short(value)} is not of type {name}")


def schema_of(annotation: object, limits: Range = ANY) -> Schema[Any]:
    """Return the schema of an annotation; raise DriverError if it is not supported.

    Supported are bool, int, float, str, bytes, enums, frozen dataclasses of such fields, tuples of
    one such type, `Annotated[X, Range(...)]` and `X | None`. `limits` apply to each number, text or
    bytes in it without limits of its own.
    """
    if isinstance(annotation, TypeAliasType):
        return schema_of(annotation.__value__, limits)
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        own_limits = next((a for a in arguments if isinstance(a, Range)), limits)
        return schema_of(arguments[0], own_limits)
    if type(None) in arguments:
        return _nullable(annotation, limits)
    if get_origin(annotation) is tuple:
        return _tuple(annotation, limits)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _dataclass(annotation, limits)
    if isinstance(annotation, type) and (annotation in _SCALARS or issubclass(annotation, Enum)):
        return Schema(annotation, limits)
    if isinstance(annotation, str):
        reason = f"{annotation!r} in quotes is not a supported type of value"
        raise DriverError(reason, f"write {annotation} without quotes")
    is_class = isinstance(annotation, type) and get_origin(annotation) is None
    name = getattr(annotation, "__name__", annotation) if is_class else annotation
    raise DriverError(f"{name} is not a supported type of value", SUPPORTED)


def beyond(number: float, low: float, high: float) -> Said:
    """Return in words how a number misses its range, with the limits that it has."""
    if number < low and high >= MAX_NUMBER:
        return said(t"less than {low:.15g}")
    if number > high and low <= -MAX_NUMBER:
        return said(t"more than {high:.15g}")
    return said(t"outside the range {low:.15g} to {high:.15g}")


def _not_as_long(value: str | bytes, least: float, most: float) -> Said:
    """Return in words how a text or bytes miss their length."""
    size = len(value)
    if isinstance(value, bytes):
        return said(t"{short(value)} has {size} bytes, not {least:.15g} to {most:.15g}")
    return said(t"{short(value)} has {size} characters, not {least:.15g} to {most:.15g}")


def short(value: object) -> str:
    """Return the repr of `value`, for a message: at most 60 characters, and at once."""
    text = _REPR.repr(value[:60] if isinstance(value, bytes) else value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004


def _nullable(annotation: object, limits: Range) -> Schema[Any]:
    members = [m for m in get_args(annotation) if m is not type(None)]
    if len(members) != 1:
        raise DriverError(f"{annotation} is more than one type")
    one = schema_of(members[0], limits)
    return Schema(one.type, one.limits, one.item, one.size, one.fields, nullable=True)


def _tuple(annotation: object, limits: Range) -> Schema[Any]:
    arguments = get_args(annotation)
    items = [a for a in arguments if a is not ...]
    if any(item != items[0] for item in items):
        raise DriverError(f"{annotation} has values of more than one type")
    size = None if arguments[-1] is ... else len(arguments)
    return Schema(tuple, limits, schema_of(items[0], limits), size)


def _dataclass(kind: type[Any], limits: Range) -> Schema[Any]:
    if not kind.__dataclass_params__.frozen:
        raise DriverError(f"the dataclass {kind.__qualname__} is not frozen")
    hints = get_type_hints(kind, include_extras=True)
    return Schema(kind, fields={f.name: schema_of(hints[f.name], limits) for f in fields(kind)})
