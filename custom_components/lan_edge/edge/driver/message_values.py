"""Functions that read a device's messages without casts: each returns a value of one type.

A value that is missing or of another type raises ReplyError, with its path or name. Null is
missing; it never becomes the text "None".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
import math
import re
from string.templatelib import Template
from typing import Any, cast

from ..capabilities.schema import beyond, short
from ..errors import ReplyError

type Json = dict[str, Any]
"""A JSON object."""
_LINE_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|\S+', re.DOTALL)
_ESCAPED_CHARACTER = re.compile(r"\\(.)", re.DOTALL)


def object_at(message: object, *path: str) -> Json:
    """Return the JSON object at `path` within a message: `object_at(reply, "system", "info")`."""
    value = message
    for at, key in enumerate(path):
        value = cast("Json", value).get(key) if isinstance(value, dict) else None
        if value is None:
            name = ".".join(path[: at + 1])
            raise ReplyError(t"{name} is missing")
    if not isinstance(value, dict):
        raise ReplyError(t"{_place(path)} is not an object")
    return cast("Json", value)


def optional_object(message: object, *path: str) -> Json:
    """Return the JSON object at `path` within a message, or an empty one."""
    value = message
    for key in path:
        value = cast("Json", value).get(key) if isinstance(value, dict) else None
    return cast("Json", value) if isinstance(value, dict) else {}


def list_at(message: object, *path: str) -> list[Any]:
    """Return the JSON list at `path` within a message."""
    parent = object_at(message, *path[:-1]) if path else message
    value = cast("Json", parent).get(path[-1]) if path else message
    if not isinstance(value, list):
        raise ReplyError(t"{_place(path)} is not a list")
    return value


def objects_at(message: object, *path: str) -> list[Json]:
    """Return the JSON objects in the list at `path`, without its other values."""
    return [cast("Json", item) for item in list_at(message, *path) if isinstance(item, dict)]


def text_at(message: object, key: str, default: str = "") -> str:
    """Return the text under `key`, or `default` if there is no text."""
    value = _field(message, key)
    return value if isinstance(value, str) else default


def int_at(message: object, key: str, default: int = 0) -> int:
    """Return the whole number under `key`, or `default` if there is none."""
    value = _field(message, key)
    return value if type(value) is int else default


def id_at(message: object, *path: str) -> str:
    """Return the id at `path` within a message, as text: a text that is not empty, or a number."""
    value = _field(object_at(message, *path[:-1]), path[-1])
    if type(value) is int or (isinstance(value, str) and value):
        return str(value)
    raise ReplyError(t"{_place(path)} is {short(value):.40}, not an id")


def value_at[T](message: object, key: str, convert: Callable[[Any], T] | None = None) -> T | None:
    """Return the value under `key`, converted; None if it is missing or null.

    Raises ReplyError if it cannot be converted.
    """
    value = _field(message, key)
    try:
        return cast("T | None", value) if value is None or convert is None else convert(value)
    except TypeError, ValueError, ArithmeticError, LookupError, AttributeError:
        raise ReplyError(t"{key} is {short(value):.40}, which is not expected") from None


def value_in(message: object, path: str) -> Any:
    """Return the value at a path such as `temperature.room`; None if there is none.

    In a list, a part of the path is an index: `data.light.0.value`.
    """
    value: Any = message
    for key in path.split("."):
        if isinstance(value, list):
            items = cast("Sequence[Any]", value)
            value = items[int(key)] if key.isdecimal() and int(key) < len(items) else None
        else:
            value = cast("Json", value).get(key) if isinstance(value, dict) else None
    return value


def number(
    value: object,
    name: Template | str = t"the value",
    minimum: float = -math.inf,
    maximum: float = math.inf,
) -> float:
    """Return a finite number within the limits, also from a text; raise ReplyError."""
    try:
        result = float(cast("float", value)) if type(value) in {int, float, str} else math.nan
    except ValueError, OverflowError:
        result = math.nan
    if not math.isfinite(result):
        raise ReplyError(t"{name} is {short(value):.40}, not a number")
    if not minimum <= result <= maximum:
        limits = beyond(result, minimum, maximum)
        raise ReplyError(t"{name} is {short(value):.40}, {limits}")
    return result


def scaled(unit: float, digits: int = 3) -> Callable[[object], float]:
    """Return what makes a value of a number of units: `scaled(0.1)` of tenths."""
    return lambda value: round(number(value) * unit, digits)


def word_of[W](
    words: Mapping[Any, W] | Sequence[W], value: object, name: Template | str = t"the value"
) -> W:
    """Return the word for a device's value: by key in a mapping, by index in a sequence.

    True is not the key 1, nor the other way round.
    """
    if isinstance(words, Mapping):
        if isinstance(value, str | int) and value in words and _is_flag_in(words, value):
            return words[value]
    elif type(value) is int and 0 <= value < len(words):
        return words[value]
    raise ReplyError(t"{name} is {short(value):.40}, which is not a known value")


def pairs_in(lines: Iterable[str], separator: str = ":") -> dict[str, str]:
    """Return the lines `name: value` as values by name; of several with one name, the last.

    Blanks around both are not part of them. Lines without the separator are left out.
    """
    parts = (line.partition(separator) for line in lines)
    return {name.strip(): value.strip() for name, sign, value in parts if sign}


def words_in(line: str) -> list[str]:
    r"""Return the words of a line, separated by blanks; `"a word with \"blanks\""` is one.

    A backslash in such a word stands before a character that is meant as it is.
    """
    words = _LINE_WORD.finditer(line)
    return [w[0] if w[1] is None else _ESCAPED_CHARACTER.sub(r"\1", w[1]) for w in words]


def _is_flag_in(words: Mapping[Any, Any], value: str | int) -> bool:
    """Return whether both a value and its key in a mapping are a bool, or neither is."""
    return isinstance(value, bool) is any(isinstance(k, bool) for k in words if k == value)


def _field(message: object, key: str) -> object:
    return cast("Mapping[str, object]", message).get(key) if isinstance(message, Mapping) else None


def _place(path: tuple[str, ...]) -> Template | str:
    return ".".join(path) or t"the message"
