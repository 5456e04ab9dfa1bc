"""Whether a value fits a type hint, as far as that can be said without calling anything."""

from collections.abc import Callable, Collection, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, TypeAliasType, Union, get_args, get_origin, is_protocol

_FUNCTION: Any = Callable


def fits(value: Any, hint: Any) -> bool:
    """Return whether a value fits a hint; of a function, only whether it is one."""
    origin, arguments, whole = get_origin(hint), get_args(hint), value
    if isinstance(hint, TypeAliasType):
        return fits(value, hint.__value__)
    if origin in {Union, UnionType}:
        return any(fits(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    if isinstance(origin, type) and origin is not _FUNCTION and issubclass(origin, Collection):
        return isinstance(value, origin) and _have_fitting(whole, arguments)
    return callable(value) if is_call(hint) else _is_instance(value, hint)


def is_call(hint: Any) -> bool:
    """Return whether a hint stands for what can be called: a function, or a class."""
    is_protocol_of_call = isinstance(hint, type) and is_protocol(hint) and "__call__" in vars(hint)
    return is_protocol_of_call or get_origin(hint) is _FUNCTION


def _have_fitting(value: Any, arguments: Any) -> bool:
    """Return whether what is in a collection fits; a text is none, though Python counts it."""
    whole: Any = value
    if isinstance(value, str | bytes):
        return False
    if isinstance(value, Mapping):
        key, item = arguments
        return all(fits(k, key) and fits(v, item) for k, v in whole.items())
    if isinstance(value, tuple) and ... not in arguments and len(arguments) > 1:
        return len(whole) == len(arguments) and all(map(fits, whole, arguments, strict=True))
    return all(fits(each, arguments[0]) for each in whole)


def _is_instance(value: object, hint: Any) -> bool:
    if hint is None:
        return value is None
    if not isinstance(hint, type) or is_protocol(hint):
        return True
    if isinstance(value, bool):
        return hint in {bool, object}
    return isinstance(value, hint) or (hint is float and isinstance(value, int))


def kinds_of(hint: Any) -> list[Any]:
    """Return what a hint allows beside None, without its aliases and unions."""
    if isinstance(hint, TypeAliasType):
        return kinds_of(hint.__value__)
    if get_origin(hint) in {Union, UnionType}:
        return [kind for each in get_args(hint) for kind in kinds_of(each)]
    return [] if hint in {None, NoneType} else [hint]
