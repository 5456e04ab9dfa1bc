"""Checks the methods and attributes with which a driver class overrides those of `Driver`."""

from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
import inspect
from types import FunctionType
from typing import Any

from ..capabilities.schema import short
from .handlers import HANDLES
from .mistakes import Mistake
from .places import ClassSource
from .signatures import signature_of

SIMILAR = 0.8
"""How similar two names are of which one is probably a misspelling of the other."""
SHORTEST = 4
"""Shorter names are often one letter from another one by chance."""


def override_mistakes(driver: type[Any], base: type[Any]) -> Iterator[Mistake]:
    """Yield what is wrong with what a class body overrides, or probably means to override."""
    known = {name: value for name, value in vars(base).items() if not name.startswith("_")}
    names = {*known, *getattr(base, "__annotations__", ())}
    source: ClassSource | None = None
    for name, value in vars(driver).items():
        if name in known:
            yield from _method_mistakes(name, value, known[name])
        elif meant := _meant(driver, name, value, names):
            source = source or ClassSource(driver)
            if not source.mentions(name):
                reason, remedy = f"{name} is probably meant to be {meant}", "rename it"
                if meant.startswith("the option "):
                    options = driver.transport.options_type.__name__
                    remedy = f"write options = {options}({name}=...)"
                yield Mistake(reason, remedy, name)


def _meant(driver: type[Any], name: str, value: object, names: set[str]) -> str:
    """Return for what the framework knows a name probably stands that it does not know."""
    if name.startswith("_") or name in names or hasattr(value, HANDLES):
        return ""
    if any(name in vars(each) or _uses(each, name) for each in driver.__mro__[1:]):
        return ""
    similar = get_close_matches(name, sorted(names), 3, SIMILAR)
    if matches := [each for each in similar if _is_misspelling(name, each, value)]:
        return matches[0]
    options = getattr(getattr(driver, "transport", None), "options_type", None)
    is_option = options is not None and name in {field.name for field in fields(options)}
    return f"the option {name}" if is_option and not callable(value) else ""


def _is_misspelling(name: str, known: str, value: object) -> bool:
    """Return whether a similar name is probably not a word of its own, such as connect."""
    more = abs(len(name) - len(known))
    if len(known) <= SHORTEST:
        return len(known) == SHORTEST and (more == 1 or sorted(name) == sorted(known))
    is_part = name in known or known in name
    return more <= 1 or not (is_part and callable(value))


def _uses(kind: type[Any], name: str) -> bool:
    """Return whether the methods of a class use a name."""
    codes = (getattr(value, "__code__", None) for value in vars(kind).values())
    return any(code is not None and name in code.co_names for code in codes)


def _method_mistakes(name: str, method: object, original: object) -> Iterator[Mistake]:
    if isinstance(original, classmethod):
        if not isinstance(method, classmethod):
            yield Mistake(f"{name} must be a class method", "put @classmethod before it", name)
        elif inspect.iscoroutinefunction(method.__func__):
            yield Mistake(f"{name} must be a plain `def`", "leave out `async`", name)
        return
    if isinstance(original, FunctionType) and not callable(method):
        reason = f"{name} is {short(method)}, but the framework calls it"
        yield Mistake(reason, f"write a method, or choose another name than {name}", name)
    if not isinstance(original, FunctionType) or not isinstance(method, FunctionType):
        return
    if inspect.iscoroutinefunction(original) and not inspect.iscoroutinefunction(method):
        yield Mistake(f"{name} must be `async def`", "put `async` before `def`", name)
    elif inspect.iscoroutinefunction(method) and not inspect.iscoroutinefunction(original):
        yield Mistake(
            f"{name} must be a plain `def`, not `async def`",
            "leave out `async`; what has to be awaited belongs in a method for `after`",
            name,
        )
    passed = list(signature_of(original).parameters.values())
    positional = [p.name for p in passed if p.kind is p.POSITIONAL_OR_KEYWORD]
    try:
        signature_of(method).bind(*positional)
    except TypeError:
        parameters = ", ".join(positional)
        define = "async def" if inspect.iscoroutinefunction(original) else "def"
        remedy = f"write {define} {name}({parameters})"
        yield Mistake(f"{name} must take ({parameters})", remedy, name)
