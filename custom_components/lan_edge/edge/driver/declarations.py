"""Checks the values of a driver's class attributes, and of its transport options."""

from collections.abc import Callable, Iterator
from dataclasses import fields
import math
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from ..capabilities.definition import Capability
from ..capabilities.schema import short
from ..discovery.matchers import Matcher
from ..transports import Options
from .confirm import Confirm

type _Check = Callable[[Any], bool]


def _is_seconds(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value > 0


def _is_capability(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Capability)


def _each(is_right: _Check) -> _Check:
    return lambda value: isinstance(value, tuple) and all(map(is_right, value))


def _instance_of(*kinds: type) -> _Check:
    return lambda value: isinstance(value, kinds)


DECLARED: dict[str, tuple[_Check, str]] = {
    "id": (_instance_of(str), "text"),
    "name": (_instance_of(str), "text"),
    "help": (_instance_of(str), "text"),
    "discovery": (
        _each(_instance_of(Matcher)),
        "a tuple of matchers, with a comma after a single one: (Mdns(...),)",
    ),
    "parts": (
        _each(_is_capability),
        "a tuple of capabilities, with a comma after a single one: (Switch,)",
    ),
    "options": (_instance_of(Options, NoneType), "the options of its transport"),
    "poll": (
        lambda v: v is None or v == -1 or _is_seconds(v),
        "a number of seconds above 0, or None",
    ),
    "confirm": (_instance_of(Confirm, NoneType), "one of Confirm.PUSH, READ, ECHO and ANSWER"),
    "confirm_within": (_is_seconds, "a number of seconds above 0"),
    "on_first": (_instance_of(bool), "True or False"),
    "callback_by_address": (_instance_of(bool), "True or False"),
    "foreign_media": (_instance_of(bool), "True or False"),
    "private": (
        lambda value: _each(_instance_of(str))(value) and all(value),
        'a tuple of names, with a comma after a single one: ("alias",)',
    ),
}
"""What each class attribute must be, as a check and in words."""

_TYPES = {bool: "True or False", int: "a whole number", float: "a number", str: "text"}


def declaration_problems(driver: type[Any]) -> Iterator[str]:
    """Yield which class attributes and options do not have the type that they must have."""
    for name, (is_right, words) in DECLARED.items():
        value = getattr(driver, name)
        if isinstance(value, property):
            continue
        if not is_right(value):
            yield f"{name} is {short(value)}, not {words}"
    if isinstance(driver.options, Options):
        yield from _option_problems(driver.options)


def _option_problems(options: Options) -> Iterator[str]:
    hints = get_type_hints(type(options))
    for field in fields(options):
        value, hint = getattr(options, field.name), hints[field.name]
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if not set(kinds) <= {*_TYPES, bytes, NoneType}:
            continue
        if type(value) not in kinds and not (float in kinds and type(value) is int):
            words = next((_TYPES[kind] for kind in kinds if kind in _TYPES), "bytes")
            yield f"the option {field.name} is {short(value)}, not {words}"
