"""Checks the values of a driver's class attributes, and of its transport options."""

from collections.abc import Callable, Iterator
from dataclasses import fields
import math
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from ..capabilities.definition import Capability
from ..capabilities.schema import short
from ..discovery.matchers import Matcher
from ..transports import Options, Pace
from .confirm import Confirm
from .mistakes import Mistake

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


_FLAG = (_instance_of(bool), "True or False", "write True or False, without quotes")
_IN_QUOTES = (_instance_of(str), "text", "put it in quotes")
_SECONDS = "write the number of seconds, such as 10"

DECLARED: dict[str, tuple[_Check, str, str]] = {
    "id": (_instance_of(str), "text", 'write it in quotes, such as "my_device"'),
    "name": _IN_QUOTES,
    "help": _IN_QUOTES,
    "discovery": (
        _each(_instance_of(Matcher)),
        "a tuple of matchers",
        "put them in parentheses, with a comma after a single one: (Mdns(...),)",
    ),
    "parts": (
        _each(_is_capability),
        "a tuple of capabilities",
        "put them in parentheses, with a comma after a single one: (Switch,)",
    ),
    "options": (
        _instance_of(Options, NoneType),
        "the options of its transport",
        "call the transport's class of options, such as HttpOptions(port=8080)",
    ),
    "poll": (
        lambda v: v is None or v == -1 or _is_seconds(v),
        "a number of seconds above 0, or None",
        _SECONDS,
    ),
    "confirm": (
        _instance_of(Confirm, NoneType),
        "one of Confirm.PUSH, READ, ECHO and ANSWER",
        "write the member itself, such as Confirm.READ",
    ),
    "confirm_within": (_is_seconds, "a number of seconds above 0", _SECONDS),
    "on_first": _FLAG,
    "fades": _FLAG,
    "callback_by_address": _FLAG,
    "foreign_media": _FLAG,
    "private": (
        lambda value: _each(_instance_of(str))(value) and all(value),
        "a tuple of names",
        'put them in parentheses, with a comma after a single one: ("alias",)',
    ),
}
"""What each class attribute must be, as a check and in words, and how to get it right."""

_TYPES = {bool: "True or False", int: "a whole number", float: "a number", str: "text"}


def declaration_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    """Yield which class attributes and options do not have the type that they must have."""
    for name, (is_right, words, remedy) in DECLARED.items():
        value = getattr(driver, name)
        if isinstance(value, property) or is_right(value):
            continue
        yield Mistake(f"{name} is {short(value)}, not {words}", remedy, name)
    if isinstance(driver.options, Options):
        yield from option_mistakes(driver.options, "options")


def option_mistakes(options: Options, name: str) -> Iterator[Mistake]:
    """Yield which options, declared in the class attribute `name`, have the wrong type."""
    hints = get_type_hints(type(options))
    for field in fields(options):
        value, hint = getattr(options, field.name), hints[field.name]
        if field.name == "pace" and not isinstance(value, Pace | None):
            reason = f"the option pace is {short(value)}, not a Pace"
            yield Mistake(reason, "write pace=Pace(most=10)", name, "pace")
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if not set(kinds) <= {*_TYPES, bytes, NoneType}:
            continue
        if type(value) not in kinds and not (float in kinds and type(value) is int):
            words = next((_TYPES[kind] for kind in kinds if kind in _TYPES), "bytes")
            reason = f"the option {field.name} is {short(value)}, not {words}"
            remedy = f"write {field.name}={_example(value, kinds, field.default)}"
            yield Mistake(reason, remedy, name, field.name)


def _example(value: object, kinds: tuple[Any, ...], default: object) -> str:
    """Return how a value is probably meant: `4999` for "4999", otherwise the default."""
    if isinstance(value, str) and int in kinds and value.isdecimal():
        return value
    return repr(default)
