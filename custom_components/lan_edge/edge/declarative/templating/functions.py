"""The filters and tests that templates may use; none of them takes long or makes much."""

from collections.abc import Callable, Iterable, Mapping
import math
from typing import Any, cast

import orjson

from ...errors import ReplyError
from ...sentences import said
from ..reading.fitted import number_of
from ..reading.received import as_text

MAX_TEMPLATE_TEXT = 16 * 1024
"""The longest text in a template, in characters."""
MAX_PRECISION = 15
"""The most digits to which a number is rounded."""
type Function = Callable[..., Any]
_NO_DEFAULT: Any = object()
"""Stands for a default that is not given; no template can write it."""


def bounded_text(length: int) -> None:
    """Raise ReplyError for a text of too many characters, before it is made."""
    if length > MAX_TEMPLATE_TEXT:
        words = t"the text would have {length} characters, more than {MAX_TEMPLATE_TEXT}"
        raise ReplyError(said(words))


def _int(value: Any, default: Any = _NO_DEFAULT, base: int = 10) -> Any:
    try:
        number = int(value, base) if isinstance(value, str) and base != 10 else None  # noqa: PLR2004
        return math.trunc(number_of(value)) if number is None else number
    except ReplyError, ValueError:
        if default is _NO_DEFAULT:
            raise
        return default


def _float(value: Any, default: Any = _NO_DEFAULT) -> Any:
    try:
        return float(number_of(value))
    except ReplyError:
        if default is _NO_DEFAULT:
            raise
        return default


def _round(value: Any, precision: int = 0, method: str = "common") -> float | int:
    number = number_of(value)
    if abs(precision) > MAX_PRECISION:
        raise ReplyError(said(t"round takes at most {MAX_PRECISION} digits, not {precision}"))
    match method:
        case "common":
            return round(number, precision) if precision else round(number)
        case "ceil" | "floor":
            turned = math.ceil if method == "ceil" else math.floor
            factor = 10.0**precision
            return turned(number * factor) / factor if precision else turned(number)
        case _:
            raise ReplyError(said(t"round has no method {method!r}"))


def _replace(value: Any, old: str, new: str) -> str:
    text = as_text(value)
    bounded_text(len(text) + text.count(old) * max(len(new) - len(old), 0))
    return text.replace(old, new)


def _join(values: Iterable[Any], separator: str = "") -> str:
    texts = [as_text(value) for value in values]
    bounded_text(sum(map(len, texts)) + len(texts) * len(separator))
    return separator.join(texts)


def _default(value: Any, default: Any = "", boolean: Any = False) -> Any:
    return default if value is None or (boolean and not value) else value


def _sum(values: Iterable[Any]) -> float | int:
    return sum(number_of(value) for value in values)


def _sized(value: Any) -> int:
    return len(cast("list[Any]", value))


def _first(values: Any) -> Any:
    return values[0] if values else None


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value  # it was parsed already
    bounded_text(len(value))
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        raise ReplyError(said(t"it is not JSON")) from None


def _last(values: Any) -> Any:
    return values[-1] if values else None


FILTERS: Mapping[str, Function] = {
    "abs": lambda value: abs(number_of(value)),
    "bitwise_and": lambda value, other: int(value) & int(other),
    "bitwise_or": lambda value, other: int(value) | int(other),
    "capitalize": lambda value: as_text(value).capitalize(),
    "count": _sized,
    "d": _default,
    "default": _default,
    "first": _first,
    "float": _float,
    "from_json": _from_json,
    "int": _int,
    "join": _join,
    "last": _last,
    "length": _sized,
    "lower": lambda value: as_text(value).lower(),
    "max": lambda values: max(values, default=None),
    "min": lambda values: min(values, default=None),
    "replace": _replace,
    "round": _round,
    "split": lambda value, separator=None: as_text(value).split(separator),
    "string": as_text,
    "sum": _sum,
    "title": lambda value: as_text(value).title(),
    "trim": lambda value: as_text(value).strip(),
    "upper": lambda value: as_text(value).upper(),
}

TESTS: Mapping[str, Function] = {
    "boolean": lambda value: isinstance(value, bool),
    "defined": lambda value: value is not None,
    "divisibleby": lambda value, by: number_of(value) % number_of(by) == 0,
    "even": lambda value: number_of(value) % 2 == 0,
    "false": lambda value: value is False,
    "none": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float),
    "odd": lambda value: number_of(value) % 2 == 1,
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
}
