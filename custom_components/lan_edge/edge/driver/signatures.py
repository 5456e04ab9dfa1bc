"""What the methods of a driver class can be called with."""

from annotationlib import Format
from collections.abc import Callable, Iterable
from inspect import Parameter, Signature, signature
from typing import Any


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return the parameters of a method; what its annotations name need not exist."""
    return signature(function, annotation_format=Format.FORWARDREF)


def can_take(function: Callable[..., Any], count: int, names: Iterable[str] = ()) -> bool:
    """Return whether a method takes so many arguments beside `self`, and these by their names."""
    try:
        signature_of(function).bind(None, *(None for _ in range(count)), **dict.fromkeys(names))
    except TypeError:
        return False
    return True


def takes_by_name(function: Callable[..., Any], name: str) -> bool:
    """Return whether a method takes an argument by its name."""
    parameters = signature_of(function).parameters
    by_name = {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}
    is_named = name in parameters and parameters[name].kind in by_name
    return is_named or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
