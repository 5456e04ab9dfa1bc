"""Shapes of the fields of dataclasses: a text sets by the same names what a driver can set."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import voluptuous as vol

from ...driver.hints import kinds_of
from ...network.tls import Trust
from .compound import Each, FieldSet, Named
from .shapes import Flag, Number, OneOf, Shape, Text

MAX_OPTION = 2000
"""The longest text of an option, in characters."""
MAX_PEM = 20_000
_WHOLE_NUMBER, _ANY = Number(0, 1e9, whole=True, fillable=True), Number(0, 1e9, fillable=True)
_LIMITED: Mapping[str, Shape] = {
    "port": Number(1, 65535, whole=True, fillable=True),
    "timeout": Number(0.1, 300, fillable=True),
    "limit": Number(1, 16 * 1024 * 1024, whole=True, fillable=True),
    "connections": Number(1, 16, whole=True, fillable=True),
}
"""Options with narrower limits than their types: by the first a device is reached, and the others
bound what it may cost."""
_OF_TYPE: Mapping[Any, Shape] = {
    bool: Flag(),
    int: _WHOLE_NUMBER,
    float: _ANY,
    str: Text(MAX_OPTION),
    bytes: Text(MAX_OPTION),
    Trust: OneOf({each.value: each.value for each in Trust}),
}


def shape_of(hint: Any) -> Shape | None:
    """Return what a text can have for a type; None if it can have nothing, as for a function."""
    shapes = [shape for kind in kinds_of(hint) if (shape := _shape_of_kind(kind)) is not None]
    return shapes[0] if shapes else None


def _shape_of_kind(kind: Any) -> Shape | None:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _OF_TYPE:
        return _OF_TYPE[kind]
    if origin is Literal:
        return OneOf({word: word for word in arguments})
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Named(Text(MAX_OPTION, loose=True), most=64)
    if isinstance(origin, type) and issubclass(origin, Collection):
        item = shape_of(arguments[0])
        return Each(item, 64) if item is not None else None
    if isinstance(kind, type) and is_dataclass(kind):
        return record_of(kind)
    return None


def shapes_of(
    kind: type[Any], without: Collection[str] = (), words: Mapping[str, str] | None = None
) -> dict[Any, Shape]:
    """Return the fields of a dataclass that a text can have, with markers, for a `FieldSet`."""
    hints = get_type_hints(kind)
    made: dict[Any, Shape] = {}
    for each in fields(kind):
        is_possible = each.init and each.name not in without
        shape = shape_of(hints[each.name]) if is_possible else None
        if shape in {_WHOLE_NUMBER, _ANY}:  # the port of a matcher is a text
            shape = _LIMITED.get(each.name, shape)
        if shape is not None:
            is_required = each.default is MISSING and each.default_factory is MISSING
            marker = vol.Required if is_required else vol.Optional
            made[marker(each.name, description=(words or {}).get(each.name))] = shape
    return made


def record_of(kind: type[Any], without: Iterable[str] = ()) -> FieldSet:
    """Return the shape of a mapping of which a dataclass can be made."""
    return FieldSet(shapes_of(kind, tuple(without)))
