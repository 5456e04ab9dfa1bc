"""Values made from a schema: right ones, at each limit and in between, and wrong ones."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from math import inf, nan
from typing import Any

from lan_edge.capabilities.schema import MAX_BYTES, MAX_ITEMS, MAX_NUMBER, MAX_TEXT, Schema

PNG = b"\x89PNG\r\n\x1a\n"
BEYOND: Any = object()
"""Something that no device can mean."""


def limits(schema: Schema[Any], default: float) -> tuple[float, float]:
    """Return the least and the most of a number, or of a length."""
    low, high = schema.limits.minimum, schema.limits.maximum
    return (-default if low is None else low, default if high is None else high)


def right(schema: Schema[Any]) -> list[Any]:
    """Return every word of an enum, each limit of a number, lengths, and something in between."""
    if schema.item is not None:
        return _lists(schema, right(schema.item))
    if schema.fields:
        return [_built(schema, 0), _built(schema, -1)]
    if issubclass(schema.type, Enum):
        return [*schema.type]
    return [True, False, True] if schema.type is bool else _sized(schema)


def _lists(schema: Schema[Any], items: list[Any]) -> list[Any]:
    if schema.size is not None:
        return [(min(items),) * schema.size, (min(items), max(items))]
    return [(), tuple(items[:1]), tuple(items[:MAX_ITEMS])]


def _sized(schema: Schema[Any]) -> list[Any]:
    kind = schema.type
    if kind is bytes:
        return [PNG, PNG + b"\0" * 100]
    low, high = limits(schema, MAX_TEXT if kind is str else MAX_NUMBER)
    if kind is str:
        shortest = max(int(low), 0)
        return ["x" * max(shortest, 1), "ä" * int(high), "Some words", "x" * shortest]
    return [kind(low), kind(high), kind((low + high) // 2), kind(low + (high - low) // 3)]


def _built(schema: Schema[Any], which: int) -> Any:
    """Return a dataclass of the first, or the last, value of each field."""
    values = {
        name: None if each.nullable and which == 0 else right(each)[which]
        for name, each in schema.fields.items()
    }
    return schema.type(**values)


def wrong(schema: Schema[Any]) -> Iterator[Any]:
    """Yield values beyond each limit, of other types, and words that are none."""
    yield from (BEYOND, {"a": 1})
    kind = schema.type
    if schema.item is not None:
        yield from ("text", 5)
        good = right(schema)[-1]
        yield (*good, BEYOND)
        if schema.size is None:
            yield (good[:1] or (BEYOND,)) * (MAX_ITEMS + 1)
        else:
            yield from (good[:-1], (*good, good[-1]))
    elif schema.fields:
        yield "text"
        good = right(schema)[-1]
        yield from (replace(good, **{name: BEYOND}) for name in schema.fields)
    elif kind is bool:
        yield from (0, 1, "on", "true", 1.0)
    elif issubclass(kind, Enum):
        yield from ("no such word", "", 3, True)
    elif kind in {int, float}:
        low, high = limits(schema, MAX_NUMBER)
        yield from (kind(low - 1), kind(high + 1), nan, inf, -inf, str(high), True, (low,))
        if kind is int:
            yield (low + high) / 2 + 0.5
    else:
        yield from (3, True, ("x",), "x" if kind is bytes else b"x")
        default = MAX_BYTES if kind is bytes else MAX_TEXT
        low, high = limits(schema, default)
        letter: Any = b"x" if kind is bytes else "x"
        yield letter * (int(high) + 1)
        if low > 0:
            yield letter * (int(low) - 1)
