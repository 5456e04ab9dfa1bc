"""Checks the methods and attributes with which a driver class overrides those of `Driver`."""

from collections.abc import Iterator
import inspect
from types import FunctionType
from typing import Any

SHORTEST = 5
"""Shorter names are often one letter from another one by chance."""


def override_problems(driver: type[Any], base: type[Any]) -> Iterator[str]:
    """Yield what is wrong with what a class body overrides, or probably means to override."""
    known = {name: value for name, value in vars(base).items() if not name.startswith("_")}
    names = {*known, *getattr(base, "__annotations__", ())}
    for name, value in vars(driver).items():
        if name in known:
            yield from _method_problems(name, value, known[name])
        elif not name.startswith("_") and not _is_inherited(driver, name):
            similar = [each for each in sorted(names) if _is_misspelling(name, each)]
            yield from (f"{name} is probably meant to be {each}: rename it" for each in similar[:1])


def _is_inherited(driver: type[Any], name: str) -> bool:
    return any(name in vars(each) for each in driver.__mro__[1:])


def _method_problems(name: str, method: object, original: object) -> Iterator[str]:
    if isinstance(original, classmethod):
        if not isinstance(method, classmethod):
            yield f"{name} must be a class method: put @classmethod before it"
        return
    if not isinstance(original, FunctionType) or not isinstance(method, FunctionType):
        return
    if inspect.iscoroutinefunction(original) and not inspect.iscoroutinefunction(method):
        yield f"{name} must be `async def`"
    elif inspect.iscoroutinefunction(method) and not inspect.iscoroutinefunction(original):
        yield f"{name} must be a plain `def`, not `async def`"
    passed = list(inspect.signature(original).parameters.values())
    positional = [p.name for p in passed if p.kind is p.POSITIONAL_OR_KEYWORD]
    try:
        inspect.signature(method).bind(*positional)
    except TypeError:
        yield f"{name} must take ({', '.join(positional)})"


def _is_misspelling(name: str, known: str) -> bool:
    """Return whether two names differ by one letter, or by two that are swapped."""
    if abs(len(name) - len(known)) > 1 or len(known) < SHORTEST:
        return False
    return name in _without_one(known) or known in _without_one(name) or _differ_once(name, known)


def _without_one(name: str) -> set[str]:
    return {name[:at] + name[at + 1 :] for at in range(len(name))}


def _differ_once(name: str, known: str) -> bool:
    if len(name) != len(known):
        return False
    match [(a, b) for a, b in zip(name, known, strict=True) if a != b]:
        case [_]:
            return True
        case [(a, b), (c, d)]:
            return (a, b) == (d, c)
        case _:
            return False
