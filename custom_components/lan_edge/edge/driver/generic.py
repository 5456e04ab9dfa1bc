"""Classes that drivers have in common and that are generic, such as over the transport."""

from types import get_original_bases
from typing import Any, TypeVar, get_args, get_origin


def argument_for(driver: type[Any], value: Any) -> Any:
    """Return what a class puts in the place of a type variable of its parents.

    That may be a variable of its own. Anything but a type variable is returned as it is.
    """
    if not isinstance(value, TypeVar):
        return value
    for base in get_original_bases(driver):
        parameters: tuple[Any, ...] = getattr(get_origin(base) or base, "__parameters__", ())
        if value in parameters:
            given = dict(zip(parameters, get_args(base), strict=False))
            return given.get(value, value.__default__ if value.has_default() else value)
    return value


def is_open(driver: type[Any], value: object) -> bool:
    """Return whether something is a type variable of a class: its subclasses say what it is."""
    parameters: tuple[Any, ...] = getattr(driver, "__parameters__", ())
    return isinstance(value, TypeVar) and value in parameters


def written_base(driver: type[Any], base: type[Any]) -> str:
    """Return the name of the class that a driver class puts a transport in the brackets of."""
    generic = (b for b in driver.__bases__ if issubclass(b, base) and vars(b).get("__parameters__"))
    return next(generic, base).__name__
