"""The fields of a driver's dataclasses (settings and memory), and reading their values."""

from annotationlib import Format, get_annotations
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import (
    Annotated,
    Any,
    TypeAliasType,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_protocol,
)

from ..capabilities.schema import Schema


def annotated_type(driver: type, name: str) -> type[Any] | None:
    """Return the type with which a class body annotates `name`; None if it does not."""
    annotation = get_annotations(driver, format=Format.FORWARDREF).get(name)
    return None if annotation in {None, Any} else cast("type[Any]", annotation)


def is_frozen(kind: type[Any]) -> bool:
    """Return whether a dataclass is frozen."""
    return bool(kind.__dataclass_params__.frozen)


def typed_fields(kind: type[Any]) -> Iterator[tuple[Field[Any], Any]]:
    """Yield the fields of a dataclass, each with its evaluated annotation."""
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield field, hints[field.name]


def has_default(field: Field[Any]) -> bool:
    """Return whether a field of a dataclass has a default."""
    return field.default is not MISSING or field.default_factory is not MISSING


def is_plain_dataclass(kind: object) -> bool:
    """Return whether `kind` is a dataclass whose fields all have defaults."""
    return isinstance(kind, type) and is_dataclass(kind) and all(map(has_default, fields(kind)))


def checked_values(
    schemas: Mapping[str, Schema[Any]], data: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values in `data` that fit their schemas, and the errors of the others, by key.

    Keys without a schema are ignored.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, schema in schemas.items():
        if key not in data:
            continue
        try:
            values[key] = schema.check(data[key])
        except ValueError as err:
            errors[key] = str(err)
    return values, errors


def may_be(annotation: Any, value: object) -> bool:
    """Return whether a value may have a type, as far as that can be told without looking into it.

    Parameters of a type, such as those of `dict[str, int]`, are not checked.
    """
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    kind: Any = get_origin(annotation) or annotation
    if kind is Annotated or kind in {Union, UnionType}:
        kinds = get_args(annotation)
        return any(may_be(each, value) for each in (kinds[:1] if kind is Annotated else kinds))
    if kind in {int, float}:  # bool is a subclass of int, but not meant
        return isinstance(value, int | kind) and not isinstance(value, bool)
    is_class = isinstance(kind, type) and kind is not Any and not is_protocol(kind)
    return isinstance(value, kind) if is_class else kind is not None or value is None
