"""What a driver's methods return: the wrong type is an error that names the method."""

from collections.abc import Callable
from functools import partial
import inspect
from pathlib import PurePath
from typing import Any

from ..capabilities.schema import short
from ..errors import DriverError
from ..transports import Options

WANTED: dict[type[Any], str] = {str: "text", bool: "True or False"}
"""What a method returns, in words."""


def wrong_return(function: Callable[..., Any], value: object, kind: type[Any]) -> DriverError:
    """Return the error for a method that returned something else than it must."""
    while isinstance(function, partial):
        function = function.func
    wanted = WANTED.get(kind, kind.__name__)
    name = getattr(function, "__qualname__", repr(function)).replace("<locals>.", "")
    reason = f"{name}{_place(function)} returned {short(value)}, not {wanted}"
    if value is None:
        return DriverError(reason, "a `return` is missing in it")
    if kind is str and isinstance(value, int | float):
        return DriverError(reason, "return str(...) of it")
    return DriverError(reason)


def _place(function: Callable[..., Any]) -> str:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return f" ({PurePath(code.co_filename).name}:{code.co_firstlineno})" if code else ""


def checked_options[O: Options](function: Callable[..., Any], value: object, kind: type[O]) -> O:
    """Return transport options that a driver has returned; raise DriverError for anything else."""
    if not isinstance(value, kind):
        raise wrong_return(function, value, kind)
    return value
