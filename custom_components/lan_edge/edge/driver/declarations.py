"""Checks the values of a driver's class attributes, and of its transport options."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
import math
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..capabilities.definition import Capability
from ..capabilities.schema import short
from ..discovery.generality import check_generality
from ..discovery.matcher import Matcher
from ..errors import DriverError
from ..transports import Options, Pace
from .confirm import Confirm
from .hints import fits, is_call, kinds_of
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
    "reads_identity": _FLAG,
    "on_first": _FLAG,
    "fades": _FLAG,
    "callback_by_address": _FLAG,
    "keeps_callback_url": _FLAG,
    "foreign_media": _FLAG,
    "is_general": _FLAG,
    "is_proven_by_key": _FLAG,
    "key_only_encrypts": _FLAG,
    "private": (
        lambda value: _each(_instance_of(str))(value) and all(value),
        "a tuple of names",
        'put them in parentheses, with a comma after a single one: ("alias",)',
    ),
}
"""What each class attribute must be, as a check and in words, and how to get it right."""

_TYPES: dict[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "text",
    bytes: "bytes",
}
_PLURALS = {str: "texts", int: "whole numbers"}
_CALLS: dict[Any, str] = {
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
            yield from _generality_mistakes(matcher)


def option_mistakes(options: Options, name: str) -> Iterator[Mistake]:
    """Yield which options, declared in the class attribute `name`, have the wrong type."""
    yield from _field_mistakes(options, "the option", name)


def _generality_mistakes(matcher: Matcher) -> Iterator[Mistake]:
    """Yield whether a matcher would take devices of all kinds for those of the driver."""
    try:
        check_generality(matcher)
    except AttributeError, TypeError:  # a field of the wrong type is a mistake already
        return
    except DriverError as err:
        yield Mistake(err.reason, err.remedy, "discovery")


def _field_mistakes(data: Options | Matcher, what: str, name: str) -> Iterator[Mistake]:
    """Yield which fields of a dataclass have the wrong type."""
    hints = get_type_hints(type(data))
    for field in fields(data):
        value, hint = getattr(data, field.name), hints[field.name]
        if fits(value, hint) or not (kinds := kinds_of(hint)):
            continue
        if all(map(is_call, kinds)):
            reason = f"{what} {field.name} is {short(value)}, not a class or function"
            yield Mistake(reason, _class_itself(field, value), name, field.name)
            continue
        words = " or ".join(dict.fromkeys(map(_words, kinds)))
        reason = f"{what} {field.name} is {short(value)}, not {words}"
        yield Mistake(reason, f"write {_example(field, value, kinds[0])}", name, field.name)


def _class_itself(field: Field[Any], value: object) -> str:
    """Return how an instance that stands for its class is probably meant."""
    kind = type(value)
    if kind.__module__ == "builtins":
        return f"write {field.name}= and the name of a function"
    own = f"write {field.name}={kind.__name__}"
    return f"{own}, or {field.name}=partial({kind.__name__}, ...) with arguments"


def _words(kind: Any) -> str:
    """Return in words what a value of a kind is."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return f"one of {', '.join(map(repr, arguments))}"
    if is_call(kind):
        return "a function"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "a dict of texts" if arguments == (str, str) else "a dict"
    if isinstance(origin, type):
        return f"a tuple of {_PLURALS.get(arguments[0], 'values')}"
    return _TYPES.get(kind, f"a {getattr(kind, '__name__', kind)}")


def _example(field: Field[Any], value: object, kind: Any) -> str:
    """Return how a value is probably meant: `port=4999` for "4999", otherwise the default."""
    if isinstance(value, str) and kind is int and value.isdecimal():
        return f"{field.name}={value}"
    if get_origin(kind) is tuple and isinstance(value, str | bytes):
        return f"{field.name}=({short(value)},), with a comma, as it is a tuple"
    if kind not in _TYPES or field.default is MISSING or field.default is None:
        return f"{field.name}={_call(kind)}"
    return f"{field.name}={field.default!r}"


def _call(kind: Any) -> str:
    """Return how a value of a kind is written."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return repr(arguments[0])
    if origin is Callable:
        return "the function itself, without calling it"
    if isinstance(origin, type):
        if issubclass(origin, Mapping):
            return '{"...": "..."}'
        return (
            '("...",)' if arguments[0] is str else "(401, 403)" if arguments[0] is int else "(...,)"
        )
    return _CALLS.get(kind, f"{getattr(kind, '__name__', kind)}(...)")
