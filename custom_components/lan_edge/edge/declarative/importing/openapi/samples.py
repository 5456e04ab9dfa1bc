"""Examples of JSON as the single values in them, where a document has no schema."""

from collections.abc import Iterator
from typing import Any

from .schema_value import SchemaValue, ValueType
from .values import is_scalar

_MAX_KEYS = 10
_MAX_SAMPLED = 16


def values_of_sample(sample: Any, keys: tuple[str | int, ...] = ()) -> Iterator[SchemaValue]:
    """Yield the values in an example; of a list of objects, those of the first."""
    if len(keys) > _MAX_KEYS:
        return
    if isinstance(sample, dict):
        for name, each in sample.items():
            yield from values_of_sample(each, (*keys, str(name)))
    elif isinstance(sample, list):
        is_plain = all(map(is_scalar, sample))
        for at, each in enumerate(sample[: _MAX_SAMPLED if is_plain else 1]):
            yield from values_of_sample(each, (*keys, at))
    elif is_scalar(sample):
        yield SchemaValue(keys=keys, type=_type_of(sample), example=sample)


def _type_of(sample: str | float) -> ValueType:
    if isinstance(sample, bool):
        return ValueType.TRUTH
    return ValueType.TEXT if isinstance(sample, str) else ValueType.NUMBER
