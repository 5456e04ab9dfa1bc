"""Checks the values of a driver's class attributes, and of its transport options."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
import math
from types import NoneType, UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints, is_protocol

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
    "sleeps": (
        lambda v: v is None or _is_seconds(v),
        "a number of seconds above 0, or None",
        _SECONDS,
    ),
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

_TYPES = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "text",
    bytes: "bytes",
}
_CALLS = {
    int: "4999, without quotes",
    str: '"...", in quotes',
    bytes: 'b"..."',
    Pace: "Pace(most=10)",
}
"""How values of some types are written."""


def declaration_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    """Yield which class attributes and options do not have the type that they must have."""
    for name, (is_right, words, remedy) in DECLARED.items():
        value = getattr(driver, name)
        if isinstance(value, property) or is_right(value):
            continue
        yield Mistake(f"{name} is {short(value)}, not {words}", remedy, name)
    if isinstance(driver.options, Options):
        yield from option_mistakes(driver.options, "options")
    for matcher in driver.discovery if isinstance(driver.discovery, tuple) else ():
        if isinstance(matcher, Matcher):
            yield from _field_mistakes(matcher, "the argument", "discovery")


def option_mistakes(options: Options, name: str) -> Iterator[Mistake]:
    """Yield which options, declared in the class attribute `name`, have the wrong type."""
    yield from _field_mistakes(options, "the option", name)


def _field_mistakes(data: Options | Matcher, what: str, name: str) -> Iterator[Mistake]:
    """Yield which fields of a dataclass have the wrong type, as far as it is a simple one."""
    hints = get_type_hints(type(data))
    for field in fields(data):
        value, hint = getattr(data, field.name), hints[field.name]
        kinds = tuple(_kinds_of(hint))
        if any(map(_is_call, kinds)) and not _fits_call(value, kinds):
            reason = f"{what} {field.name} is {short(value)}, not a class or function"
            yield Mistake(reason, _class_itself(field, value), name, field.name)
            continue
        are_classes = all(isinstance(kind, type) and not is_protocol(kind) for kind in kinds)
        if not are_classes or _is_one_of(value, kinds):
            continue
        kind = next(kind for kind in kinds if kind is not NoneType)
        words = _TYPES.get(kind, f"a {kind.__name__}")
        reason = f"{what} {field.name} is {short(value)}, not {words}"
        yield Mistake(reason, f"write {_example(field, value, kind)}", name, field.name)


def _kinds_of(hint: Any) -> Iterator[Any]:
    """Yield the types of which one is enough."""
    if isinstance(hint, TypeAliasType):
        yield from _kinds_of(hint.__value__)
    elif isinstance(hint, UnionType | Union):
        for each in get_args(hint):
            yield from _kinds_of(each)
    else:
        yield hint


def _is_call(kind: Any) -> bool:
    """Return whether a type stands for what can be called: a function, or a class."""
    is_protocol_of_call = isinstance(kind, type) and is_protocol(kind) and "__call__" in vars(kind)
    return is_protocol_of_call or get_origin(kind) is Callable


def _fits_call(value: object, kinds: tuple[Any, ...]) -> bool:
    """Return whether a value can be called, or is of one of the other types."""
    classes = tuple(kind for kind in kinds if isinstance(kind, type) and not is_protocol(kind))
    return callable(value) or isinstance(value, classes)


def _class_itself(field: Field[Any], value: object) -> str:
    """Return how an instance that stands for its class is probably meant."""
    kind = type(value)
    if kind.__module__ == "builtins":
        return f"write {field.name}= and the name of a function"
    own = f"write {field.name}={kind.__name__}"
    return f"{own}, or {field.name}=partial({kind.__name__}, ...) with arguments"


def _is_one_of(value: object, kinds: tuple[type[Any], ...]) -> bool:
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds) or (float in kinds and isinstance(value, int))


def _example(field: Field[Any], value: object, kind: type[Any]) -> str:
    """Return how a value is probably meant: `port=4999` for "4999", otherwise the default."""
    if isinstance(value, str) and kind is int and value.isdecimal():
        return f"{field.name}={value}"
    if kind not in _TYPES or field.default is MISSING:
        return f"{field.name}={_CALLS.get(kind, f'{kind.__name__}(...)')}"
    return f"{field.name}={field.default!r}"
