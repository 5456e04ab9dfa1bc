"""The values in an example answer that is JSON, by their paths."""

from collections.abc import Iterator
import re
from typing import Any, cast

from ...errors import ReplyError
from ..reading.path_steps import MAX_PATH
from ..reading.received import as_text
from ..reading.value_reading import ValueReading
from .answer_field import AnswerField, FieldKind

_MAX_DEPTH = 12
_MAX_ITEMS = 32
"""The most items of a list that are looked at."""
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w -]*\w|[A-Za-z_]")
_PLAIN_VALUE = re.compile(r"[\w.:-]+")
_IDENTIFYING = ("id", "uid", "uuid", "mac", "serial", "key", "name", "type")
"""Fields that may tell the items of a list apart, the best first."""


def json_fields(value: Any) -> Iterator[AnswerField]:
    """Yield the single values in JSON.

    Of a list of objects, those by an identifying field come first; those by an index at the end,
    since the order may be another next time.
    """
    by_index: list[AnswerField] = []
    yield from _fields(value, "", 0, by_index)
    yield from by_index


def _fields(value: Any, path: str, depth: int, late: list[AnswerField]) -> Iterator[AnswerField]:
    if depth > _MAX_DEPTH or len(path) > MAX_PATH:
        return
    if isinstance(value, dict):
        for key, each in cast("dict[str, Any]", value).items():
            yield from _fields(each, joined_path(path, key), depth + 1, late)
    elif isinstance(value, list):
        yield from _items(value, path, depth + 1, late)
    elif path:
        yield AnswerField(FieldKind.PATH, path, value, ValueReading(path=path))
    else:
        yield AnswerField(FieldKind.WHOLE, "", value, ValueReading())


def _items(
    values: list[Any], path: str, depth: int, late: list[AnswerField]
) -> Iterator[AnswerField]:
    values = values[:_MAX_ITEMS]
    field = _identifying_field(values)
    for at, each in enumerate(values):
        indexed = _fields(each, f"{path}[{at}]", depth, late)
        if field:
            yield from _fields(each, f"{path}[{field}={_written(each[field])}]", depth, late)
            late += indexed
        else:
            yield from indexed


def _identifying_field(values: list[Any]) -> str:
    """Return the field by which the objects in a list can be told apart; empty: there is none."""
    for field in _IDENTIFYING:
        try:
            ids = [as_text(each[field]) for each in values]
        except TypeError, LookupError, ReplyError:
            continue
        if len(values) > 1 and len(set(ids)) == len(values) and all(ids):
            return field
    return ""


def joined_path(path: str, key: str) -> str:
    """Return the path of a field of the object at a path."""
    if _PLAIN_NAME.fullmatch(key) is None:
        return f"{path}[{_quoted(key)}]"
    return f"{path}.{key}" if path else key


def _written(value: object) -> str:
    text = as_text(value)
    return text if _PLAIN_VALUE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
