"""The values in an example answer that is JSON, by their paths."""

from collections.abc import Iterator
import re
from typing import Any, NamedTuple, cast

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
_OWN_ID = "...Id"
"""Stands for any field of such a name, as `shadeId` or `zone_id`."""
_IDENTIFYING = ("id", "uid", "uuid", "mac", "serial", "key", _OWN_ID, "name", "type")
"""Fields that may tell the items of a list apart, the best first, in lower case."""
_ID_ENDING = re.compile(r".*(?:[a-z0-9]I[dD]|_id|_ID)")
_NAMING = ("name", "label", "title", "alias")
"""Fields that say what an item of a list is called."""


def json_fields(value: Any) -> Iterator[AnswerField]:
    """Yield the single values in JSON.

    Of a list of objects, those by an identifying field come first; those by an index at the end,
    since the order may be another next time.
    """
    by_index: list[AnswerField] = []
    yield from _Walk(by_index, "").fields(value, "", 0)
    yield from by_index


class _Walk(NamedTuple):
    """A walk through JSON, or through an item of a list in it."""

    late: list[AnswerField]
    """What comes at the end."""
    called: str
    """What the item is called."""

    def fields(self, value: Any, path: str, depth: int) -> Iterator[AnswerField]:
        if depth > _MAX_DEPTH or len(path) > MAX_PATH:
            return
        if isinstance(value, dict):
            for key, each in cast("dict[str, Any]", value).items():
                yield from self.fields(each, joined_path(path, key), depth + 1)
        elif isinstance(value, list):
            yield from self._items(value, path, depth + 1)
        elif path:
            reading = ValueReading(path=path)
            yield AnswerField(FieldKind.PATH, path, value, reading, called=self.called)
        else:
            yield AnswerField(FieldKind.WHOLE, "", value, ValueReading())

    def _items(self, values: list[Any], path: str, depth: int) -> Iterator[AnswerField]:
        values = values[:_MAX_ITEMS]
        field = _identifying_field(values)
        for at, each in enumerate(values):
            walk = _Walk(self.late, _name_of(each) or self.called)
            indexed = walk.fields(each, f"{path}[{at}]", depth)
            if field:
                is_there = f"{path}[{field}={_written(each[field])}]"
                yield from walk.fields(each, is_there, depth)
                self.late.extend(indexed)
            else:
                yield from indexed


def _name_of(item: Any) -> str:
    """Return what an item of a list is called; empty: nothing says so."""
    if not isinstance(item, dict):
        return ""
    known = {key.lower(): each for key, each in cast("dict[str, Any]", item).items()}
    names = (known.get(key) for key in _NAMING)
    return next((each for each in names if isinstance(each, str) and each), "")


def _identifying_field(values: list[Any]) -> str:
    """Return the field by which the objects in a list can be told apart; empty: there is none."""
    first = values[0] if values and isinstance(values[0], dict) else {}
    for field in sorted(filter(_rank_of, cast("dict[str, Any]", first)), key=_rank_of):
        try:
            ids = [as_text(each[field]) for each in values]
        except TypeError, LookupError, ReplyError:
            continue
        if len(values) > 1 and len(set(ids)) == len(values) and all(ids):
            return field
    return ""


def _rank_of(key: str) -> int:
    """Return the rank of a field as one that tells items apart, 1 for the best; 0: it is none.

    One such as `shadeId` is better than a name, which an owner may change.
    """
    known = _OWN_ID if _ID_ENDING.fullmatch(key) else key.lower()
    return _IDENTIFYING.index(known) + 1 if known in _IDENTIFYING else 0


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
