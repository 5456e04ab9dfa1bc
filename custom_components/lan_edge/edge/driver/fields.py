"""The fields of a driver's dataclasses (settings and memory), and reading their values."""

from annotationlib import Format, ForwardRef, get_annotations
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
import sys
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

_HINTS = "__lan_edge_hints__"


def annotated_type(driver: type, name: str) -> type[Any] | None:
    """Return the type with which a class body annotates `name`; None if it does not."""
    annotation: Any = get_annotations(driver, format=Format.FORWARDREF).get(name)
    if isinstance(annotation, str):  # with quotes, or by `from __future__ import annotations`
        annotation = _named(annotation, driver)
    return None if annotation in {None, Any} else cast("type[Any]", annotation)


def _named(annotation: str, driver: type) -> Any:
    """Return what an annotation that is text stands for; the text itself if that is not known."""
    names = {**vars(sys.modules.get(driver.__module__, driver)), **vars(driver)}
    reference = ForwardRef(annotation)
    return reference.evaluate(globals=names, format=Format.FORWARDREF)


def is_frozen(kind: type[Any]) -> bool:
    """Return whether a dataclass is frozen."""
    return bool(kind.__dataclass_params__.frozen)


def typed_fields(kind: type[Any]) -> Iterator[tuple[Field[Any], Any]]:
    """Yield the fields of a dataclass, each with its evaluated annotation."""
    hints: dict[str, Any] | None = vars(kind).get(_HINTS)
    if hints is None:
        hints = get_type_hints(kind, include_extras=True)
        # kept with the class: what its annotations name is gone once its file has been replaced
        setattr(kind, _HINTS, hints)
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
    """Return whether a value may have a type, as far as that is certain without looking into it.

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
