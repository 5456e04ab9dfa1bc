"""How the instance of a driver hands its own fields over to its successor's."""

from annotationlib import Format, get_annotations
from collections.abc import Iterator
import inspect
from types import CodeType, FunctionType
from typing import Any, cast

from .context import DriverContext
from .driver import AnyDriver, Driver
from .renewal import GONE, Renewal

_DYNAMIC = {"getattr", "setattr", "vars", "__dict__"}
"""Whoever uses these may use fields whose names are not in the code."""


def carry_over(former: Driver[Any], driver: Driver[Any], context: DriverContext) -> None:
    """Give `driver` the fields that `former` has set, as far as its class still uses them.

    Fields of the framework are left alone, and those that `former` has never changed since it was
    made: they are as the new class makes them. What is of another type than the new class makes it
    is left out.
    """
    first, renewal = _first_fields(former, context), Renewal(driver, former)
    used = {*_names_used(type(driver)), *vars(driver)}
    for name in vars(former).keys() - _framework_fields(context):
        value = vars(former)[name]
        if not (name in used or used & _DYNAMIC) or _is_same(first.get(name, GONE), value):
            continue
        renewed = renewal.of(value)
        if renewed is not GONE and _fits(renewed, vars(driver).get(name)):
            setattr(driver, name, renewed)


def _framework_fields(context: DriverContext) -> set[str]:
    driver: Driver[Any] = Driver(context)
    return set(vars(driver))


def _first_fields(former: Driver[Any], context: DriverContext) -> dict[str, Any]:
    """Return the fields that a driver has when it is made."""
    try:
        return vars(type(former)(context))
    except Exception:  # noqa: BLE001  # it is the author's code
        return {}


def _is_same(first: object, now: object) -> bool:
    try:
        return type(first) is type(now) and bool(first == now)
    except Exception:  # noqa: BLE001  # it is the author's code
        return False


def _fits(value: object, made: object) -> bool:
    """Return whether a value can take the place of what the new class has made."""
    if value is None or made is None or isinstance(value, type(made)):
        return True
    return isinstance(made, float) and isinstance(value, int)


def _names_used(driver: AnyDriver) -> Iterator[str]:
    """Yield the names that a class and its parents mention."""
    for each in driver.__mro__:
        if each in Driver.__mro__:
            continue
        yield from get_annotations(each, format=Format.FORWARDREF)
        for value in vars(each).values():
            yield from _names_in(_code_of(value))


def _code_of(value: object) -> CodeType | None:
    function: object = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    if not isinstance(function, FunctionType):
        return None
    return cast("FunctionType", inspect.unwrap(function)).__code__


def _names_in(code: CodeType | None) -> Iterator[str]:
    if code is not None:
        yield from code.co_names
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                yield from _names_in(inner)
