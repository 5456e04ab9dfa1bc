"""Whether two values do the same, though the file that made them was loaded in between.

Each time, a file has new functions and classes, which are equal to none before. They are alike if
their code is.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any, cast

from .driver import Driver

MOST_NESTED = 8
"""Values that lie deeper within others count as different unless they are equal."""


def is_alike(one: Any, other: Any, depth: int = 0) -> bool:
    """Return whether two values are equal, apart from functions and classes of the same code."""
    if one is other:
        return True
    if type(one).__qualname__ != type(other).__qualname__ or depth > MOST_NESTED:
        return False
    try:
        if type(one) is type(other) and bool(one == other):
            return True
    except Exception:  # noqa: BLE001  # an author's own comparison
        return False
    ones, others = _parts(one), _parts(other)
    pairs = zip(ones, others, strict=False)
    return len(ones) == len(others) and all(is_alike(*pair, depth + 1) for pair in pairs)


def _parts(value: Any) -> list[Any]:
    """Return what makes a value what it is."""
    rules = (parts for kind, parts in _PARTS if isinstance(value, kind))
    return next(rules, _attributes)(value)


def _of_function(function: FunctionType) -> list[Any]:
    cells = list(function.__closure__ or ())
    return [function.__code__, function.__defaults__, function.__kwdefaults__, *cells]


def _of_code(code: CodeType) -> list[Any]:
    return [code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_consts]


def _of_class(kind: type[Any]) -> list[Any]:
    """Return what a class of an author consists of; others are alike only if they are the same."""
    own = {name: value for name, value in vars(kind).items() if isinstance(value, FunctionType)}
    return [kind.__qualname__, kind.__bases__, own] if own else [kind]


def _attributes(value: Any) -> list[Any]:
    """Return the attributes of an instance; if it has none, it is like no other."""
    if is_dataclass(value):
        return [type(value), *(getattr(value, field.name) for field in fields(value))]
    attributes = cast("dict[str, Any] | None", getattr(value, "__dict__", None))
    return [object()] if attributes is None else [type(value), attributes]


_PARTS: tuple[tuple[Any, Callable[[Any], list[Any]]], ...] = (
    (Driver, lambda driver: [type(driver).id]),
    (type, _of_class),
    (MethodType, lambda method: [method.__func__, method.__self__]),
    (partial, lambda whole: [whole.func, whole.args, whole.keywords]),
    (FunctionType, _of_function),
    (CodeType, _of_code),
    (CellType, lambda cell: [cell.cell_contents]),
    ((tuple, list), list),
    (dict, lambda items: [*items, *items.values()]),
)
"""What makes values what they are, by their kind."""
