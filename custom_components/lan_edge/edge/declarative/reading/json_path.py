"""Paths in JSON: `relay.on`, `meters[0].w`, `meters[id=3].w`, `["odd key"].x`."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from ...capabilities.schema import short
from ...errors import ReplyError
from ..said import said
from .path_steps import Condition, Index, Name, Step, json_steps
from .received import MISSING, Raw, as_text


def json_path(text: str) -> Callable[[Any], Raw]:
    """Return a function that returns the value at a path; raise DescriptionError for a bad path.

    The function returns MISSING or None if a part of the path is missing or null; it raises
    ReplyError if one is neither a list nor an object.
    """
    steps = json_steps(text)
    names = [step.name if isinstance(step, Name) else None for step, _ in steps]
    named_steps = list(zip(names, steps, strict=True))

    def select(value: Any) -> Raw:
        place = "the message"
        for name, (step, reached) in named_steps:
            if name is not None and type(value) is dict:  # as usual, and this is all it takes
                value = cast("dict[str, Any]", value).get(name, MISSING)
            elif value is None or value is MISSING:
                return value
            else:
                value = _taken(step, value, place)
            place = reached
        return value

    return select


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
