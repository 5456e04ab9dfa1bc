"""Values as an attribute takes them: what is unambiguous is made of its type, and nothing else."""

from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
import math
from typing import Any, cast

from ...capabilities.schema import Schema, short
from ...errors import ReplyError
from ...sentences import said
from .received import MISSING, THE_VALUE, Raw, as_text

_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
MAX_NUMBER_TEXT = 40
"""The longest text that is read as a number, in characters."""


def fitted(value: Raw, schema: Schema[Any], name: str = THE_VALUE) -> Any:
    """Return a value as `schema` takes it, None if it is null or missing; raise ReplyError.

    1, 0 and words such as *on* become true or false, text becomes a number, a number becomes text,
    and words become members of an enum whatever their case. A fraction is rounded for an attribute
    of whole numbers.
    """
    if value is None or value is MISSING:
        return None
    try:
        return schema.check(_made(value, schema, name))
    except ValueError as err:
        raise ReplyError(said(t"{name}: {err}")) from None


def truth_of(value: Raw, name: str = THE_VALUE) -> bool:
    """Return what means true or false as that; raise ReplyError for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | str):
        text = as_text(value).strip().lower()
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
    raise ReplyError(said(t"{name} is {short(value)}, not true or false"))


def number_of(value: Raw, name: str = THE_VALUE) -> int | float:
    """Return a number, also one that is a text; raise ReplyError."""
    number = value
    if isinstance(value, str) and value.isascii() and len(value) <= MAX_NUMBER_TEXT:
        for kind in (int, float):
            with suppress(ValueError):
                number = kind(value)
                break
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ReplyError(said(t"{name} is {short(value)}, not a number"))
    return number


def _made(value: Any, schema: Schema[Any], name: str) -> Any:
    kind = schema.type
    if kind is bool:
        return truth_of(value, name)
    if kind is int or kind is float:
        number = number_of(value, name)
        # half of it up, as people round
        return number if kind is float or isinstance(number, int) else math.floor(number + 0.5)
    if kind is str:
        return as_text(value, name)
    if issubclass(kind, Enum):
        return _member(value, kind, name)
    return _composed(value, schema, name)


def _composed(value: Any, schema: Schema[Any], name: str) -> Any:
    if schema.item is not None:
        return _list(value, schema.item, name)
    if schema.fields and isinstance(value, Mapping):
        return _object(cast("Mapping[str, Any]", value), schema, name)
    return value


def _list(value: Any, item: Schema[Any], name: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ReplyError(said(t"{name} is {short(value)}, not a list"))
    return [fitted(each, item, name) for each in cast("list[Any]", value)]


def _member(value: Any, kind: type[Enum], name: str) -> Any:
    text = as_text(value, name).strip()
    for member in kind:
        if as_text(member.value) == text:
            return member
    alike = [member for member in kind if as_text(member.value).lower() == text.lower()]
    return alike[0] if len(alike) == 1 else text


def _object(value: Mapping[str, Any], schema: Schema[Any], name: str) -> Any:
    if lacking := schema.fields.keys() - value.keys():
        missing = ", ".join(sorted(lacking))
        raise ReplyError(said(t"{name} has no {missing}"))
    return schema.type(
        **{key: fitted(value[key], each, f"{name}.{key}") for key, each in schema.fields.items()}
    )
