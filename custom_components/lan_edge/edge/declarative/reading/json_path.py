"""Paths in JSON: `relay.on`, `meters[0].w`, `meters[id=3].w`, `["odd key"].x`."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from ...capabilities.schema import short
from ...errors import ReplyError
from ...sentences import said
from .path_steps import Condition, Index, Name, Step, json_steps
from .received import MISSING, Raw, as_text


def json_path(text: str) -> Callable[[Any], Raw]:
    """Return a function that returns the value at a path; raise DescriptionError for a bad path.

    The function returns MISSING or None if a part of the path is missing or null; it raises
    ReplyError if one is neither a list nor an object.
    """
    steps = json_steps(text)
    keys = [_key(step) for step, _ in steps]

    def select(message: Any) -> Raw:
        value: Any = message
        for key, kind in keys:
            if type(value) is not kind:
                break
            try:
                value = value[key]  # type: ignore[index]  # that is its kind
            except LookupError:
                return MISSING
        else:  # as usual, and this is all it takes
            return value
        return _followed(steps, message)

    return select


def _key(step: Step) -> tuple[Any, type | None]:
    """Return what a step takes out of which type; that type is None if it is not simply a key."""
    match step:
        case Name(name):
            return name, dict
        case Index(at):
            return at, list
        case Condition():
            return None, None


def _followed(steps: list[tuple[Step, str]], value: Any) -> Raw:
    """Follow a path step by step, whatever there is."""
    place = "the message"
    for step, reached in steps:
        if value is None or value is MISSING:
            return value
        value, place = _taken(step, value, place), reached
    return value


def _taken(step: Step, value: Any, place: str) -> Raw:
    match step, value:
        case Name(name), dict():
            return cast("dict[str, Any]", value).get(name, MISSING)
        case Name(name), list() if name.removeprefix("-").isdecimal():
            return _at(value, int(name))
        case Index(at), list():
            return _at(value, at)
        case Condition(field, wanted), list() | dict():
            return _matching(value, field, wanted)
        case Name(), []:  # PHP's empty object
            return MISSING
        case _:
            raise _other(place, value, step)


def _other(name: str, value: Any, step: Step) -> ReplyError:
    """Return the error for a value in which a step leads nowhere."""
    if isinstance(step, Name):
        return ReplyError(said(t"{name} is {short(value)}, not an object"))
    return ReplyError(said(t"{name} is {short(value)}, not a list"))


def _at(values: list[Any], at: int) -> Raw:
    return values[at] if -len(values) <= at < len(values) else MISSING


def _matching(values: list[Any] | dict[str, Any], field: str, wanted: str) -> Raw:
    for each in values.values() if isinstance(values, dict) else values:
        if isinstance(each, dict) and field in each:
            with suppress(ReplyError):
                if as_text(each[field]) == wanted:
                    return cast("Raw", each)
    return MISSING
