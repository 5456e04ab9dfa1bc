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
SEPARATOR = ";"
"""Between values that mean the same."""


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
    """Return the conversion for values that mean on and off; empty: those that usually do.

    Several values that mean the same are separated by `;`.
    """
    on_words, off_words = _words_in(on), _words_in(off)
    if on_words and off_words:
        return {"map": dict.fromkeys(on_words, True) | dict.fromkeys(off_words, False)}
    if on_words:
        return {"template": _is_one_of(on_words)}
    return {"template": _is_one_of(off_words, is_not=True)} if off_words else {}


def _words_in(text: str) -> list[str]:
    return [word for each in text.split(SEPARATOR) if (word := each.strip())]


def _is_one_of(words: list[str], *, is_not: bool = False) -> str:
    if len(words) > 1:
        return f"(value | string) {'not in' if is_not else 'in'} {words!r}"
    return f"(value | string) {'!=' if is_not else '=='} {words[0]!r}"
