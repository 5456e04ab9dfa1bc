"""Reading what a device sends, without casts: each function takes anything and returns one type.

What is not there, or of another type, raises ReplyError, which names the place.
"""

from collections.abc import Mapping, Sequence
import math
from typing import Any, cast

from ..errors import ReplyError

type Json = dict[str, Any]
"""A JSON object."""


def object_at(message: object, *path: str) -> Json:
    """Return the JSON object at `path` within a message: `object_at(reply, "system", "info")`."""
    value = message
    for at, key in enumerate(path):
        value = cast("Json", value).get(key) if isinstance(value, dict) else None
        if value is None:
            raise ReplyError(f"there is no {'.'.join(path[: at + 1])}")
    if not isinstance(value, dict):
        raise ReplyError(f"{_place(path)} is not an object")
    return cast("Json", value)


def optional_object(message: object, *path: str) -> Json:
    """Return the JSON object at `path` within a message; an empty one if there is none."""
    value = message
    for key in path:
        value = cast("Json", value).get(key) if isinstance(value, dict) else None
    return cast("Json", value) if isinstance(value, dict) else {}


def list_at(message: object, *path: str) -> list[Any]:
    """Return the JSON list at `path` within a message."""
    parent = object_at(message, *path[:-1]) if path else message
    value = cast("Json", parent).get(path[-1]) if path else message
    if not isinstance(value, list):
        raise ReplyError(f"{_place(path)} is not a list")
    return value


def objects_at(message: object, *path: str) -> list[Json]:
    """Return the JSON objects in the list at `path`; whatever else is in it is left out."""
    return [cast("Json", item) for item in list_at(message, *path) if isinstance(item, dict)]


def text_at(message: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return the text under `key`; `default` if there is none, as for null."""
    value = message.get(key)
    return value if isinstance(value, str) else default


def number(
    value: object,
    name: str = "the value",
    minimum: float = -math.inf,
    maximum: float = math.inf,
) -> float:
    """Return a finite number, or the one that a text says, within limits; raise ReplyError."""
    try:
        result = float(cast("float", value)) if type(value) in {int, float, str} else math.nan
    except ValueError, OverflowError:
        result = math.nan
    if not math.isfinite(result):
        raise ReplyError(f"{name} is {value!r:.40}, not a number")
    if not minimum <= result <= maximum:
        raise ReplyError(f"{name} is {value!r:.40}, not within {minimum:g} and {maximum:g}")
    return result


def word_of[W](words: Mapping[Any, W] | Sequence[W], value: object, name: str = "the value") -> W:
    """Return the word for a device's value: by key in a mapping, by number in a sequence."""
    if isinstance(words, Mapping):
        if isinstance(value, str | int) and not isinstance(value, bool) and value in words:
            return words[value]
    elif type(value) is int and 0 <= value < len(words):
        return words[value]
    raise ReplyError(f"{name} is {value!r:.40}")


def _place(path: tuple[str, ...]) -> str:
    return ".".join(path) or "the message"
