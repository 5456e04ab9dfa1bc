"""Picked values as a description has them: where they are, and what they mean."""

from dataclasses import fields
from typing import Any

from ..reading.value_reading import ValueReading

_FIELD_NAMES = {
    "source": "from",
    "bytes_at": "bytes",
    "bytes_type": "type",
    "bytes_length": "length",
}
_DEFAULT = ValueReading()


def place_values(reading: ValueReading) -> dict[str, Any]:
    """Return the fields of a text that say where a value is; not what is done to it."""
    made = dict[str, Any]()
    for each in fields(reading):
        value = getattr(reading, each.name)
        if each.name != "conversion" and value != getattr(_DEFAULT, each.name):
            made[_FIELD_NAMES.get(each.name, each.name)] = value
    if "type" in made:
        made["type"] = str(made["type"])
    return made


def truth_values(on: str, off: str) -> dict[str, Any]:
    """Return the conversion for values that mean on and off; empty: those that usually do."""
    if on and off:
        return {"map": {on: True, off: False}}
    if on:
        return {"template": f"(value | string) == {on!r}"}
    return {"template": f"(value | string) != {off!r}"} if off else {}
