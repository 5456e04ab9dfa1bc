"""Parts of a document by their types: what is of another type counts as missing."""

from typing import Any, cast

MAX_NUMBER = 1e15
"""The greatest number that a description takes."""


def object_in(values: Any, *keys: str) -> dict[str, Any]:
    """Return the object that keys lead to; an empty one if there is none."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return cast("dict[str, Any]", values) if isinstance(values, dict) else {}


def list_in(values: Any, key: str) -> list[Any]:
    """Return the list at a key; an empty one if there is none."""
    found = values.get(key) if isinstance(values, dict) else None
    return found if isinstance(found, list) else []


def text_in(values: Any, key: str) -> str:
    """Return the text at a key; an empty one if there is none."""
    found = values.get(key) if isinstance(values, dict) else None
    return found if isinstance(found, str) else ""


def number_in(values: Any, key: str) -> float | None:
    """Return the number at a key; None if there is none."""
    found = values.get(key) if isinstance(values, dict) else None
    return found if is_scalar(found) and not isinstance(found, bool | str) else None


def is_scalar(value: Any) -> bool:
    """Return whether a value is a text, a number of use, or true or false."""
    return isinstance(value, str) or (isinstance(value, int | float) and abs(value) <= MAX_NUMBER)


def one_line(text: str, most: int = 200) -> str:
    """Return the first lines of a text as one, of at most that many characters."""
    words = " ".join(text[: 4 * most].split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
