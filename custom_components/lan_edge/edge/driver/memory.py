"""The memory of a driver: data about a device, in the fields of a dataclass.

    @dataclass
    class HubMemory:
        session: int = 0                              # lost at a restart
        counter: Annotated[int, Stored()] = 0         # stored

A driver assigns to the fields: `self.memory.counter += 1`. The `fields` of a matcher are filled in
when the device is added, and are stored as well.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from ..capabilities.schema import Schema, schema_of
from ..errors import DriverError
from .fields import checked_values, is_frozen, is_plain_dataclass, may_be, typed_fields
from .mistakes import FieldError


@dataclass(frozen=True, slots=True)
class Stored:
    """Marks a field of a driver's memory that is stored.

    Its type is bool, int, float, str or an Enum, each with or without None, or a tuple of these.
    """


def check_memory(kind: type[Any] | None, filled: Iterable[str]) -> None:
    """Raise DriverError if `kind` cannot be a memory, or lacks one of the `filled` fields."""
    if kind is None:
        if names := sorted(filled):
            raise DriverError(
                f"memory: matchers fill {', '.join(names)}, but the driver has no memory"
            )
        return
    if not is_plain_dataclass(kind) or is_frozen(kind):
        raise DriverError(f"memory: {kind} is not a dataclass whose fields all have a default")
    if missing := set(filled) - {field.name for field, _ in typed_fields(kind)}:
        raise DriverError(f"memory: it has no {', '.join(sorted(missing))}, which matchers fill")
    stored_schemas(kind)


def stored_schemas(kind: type[Any]) -> Mapping[str, Schema[Any]]:
    """Return the schemas of the stored fields; raise DriverError if one cannot be stored."""
    schemas: dict[str, Schema[Any]] = {}
    for field, annotation in typed_fields(kind):
        extras = get_args(annotation) if get_origin(annotation) is Annotated else ()
        if any(isinstance(extra, Stored) for extra in extras):
            try:
                schemas[field.name] = schema = schema_of(annotation)
            except DriverError as err:
                raise FieldError(f"memory: {field.name}: {err}", field.name) from None
            if not _is_json(schema):
                raise FieldError(f"memory: {field.name} cannot be stored", field.name)
    return schemas


def _is_json(schema: Schema[Any]) -> bool:
    """Return whether the values can be written as JSON."""
    if schema.item is not None:
        return _is_json(schema.item)
    return schema.type is not bytes and not is_dataclass(schema.type)


def read_memory(
    kind: type[Any] | None,
    stored: Mapping[str, Any],
    before: Any = None,
    renew: Callable[[Any], Any] = lambda value: value,
) -> Any:
    """Return a memory with the values of `before`, and otherwise with the `stored` ones.

    `before` is the memory of the driver that was used until now, such as the parent of a
    sub-driver; `renew` is called for each value of it that is not stored. Values that do not fit
    are left at their defaults.
    """
    if kind is None:
        return None
    if type(before) is kind:
        return before
    memory = kind()
    schemas = stored_schemas(kind)
    for field, annotation in typed_fields(kind):
        if hasattr(before, field.name):
            value = getattr(before, field.name)
            if field.name in schemas:
                fill_memory(memory, {field.name: _as_json(value)})
            elif may_be(annotation, value := renew(value)):
                setattr(memory, field.name, value)
        elif field.name not in schemas and isinstance(stored.get(field.name), str):
            setattr(memory, field.name, stored[field.name])  # filled by a matcher, as text
    fill_memory(memory, {k: v for k, v in stored.items() if not hasattr(before, k)})
    return memory


def fill_memory(memory: Any, stored: Mapping[str, Any]) -> None:
    """Set the stored fields of a memory; values that do not fit are ignored."""
    values, _ = checked_values(stored_schemas(type(memory)), stored)
    for name, value in values.items():
        setattr(memory, name, value)


def stored_values(memory: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of the fields `names`, as JSON data."""
    return {name: _as_json(getattr(memory, name)) for name in names}


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    return value.value if isinstance(value, Enum) else value
