"""What a driver that is replaced leaves to its successor, as the new file has it.

A file that is loaded again has new classes and functions of the same names. Whatever belongs to the
old ones is exchanged for what the new file calls so; what it no longer has is GONE.
"""

from collections import deque
from collections.abc import Callable, Iterator
from copy import copy
from enum import Enum
from functools import partial
import inspect
import operator
import sys
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any, Final, cast

from ..capabilities.definition import APART
from .driver import Driver

GONE: Final = object()
"""Stands for what the new file no longer has."""
DEEPEST = 8
"""Values that lie deeper within others are left as they are."""


class Modules:
    """The modules of a driver, and of those that it replaces."""

    def __init__(self, own: str, former: str) -> None:
        """Take the names of the modules of the new driver and of the one before."""
        self._own = own
        self._former = former

    def is_stale(self, module: str) -> bool:
        """Return whether a module may be another one by now, or none."""
        root, own = _root(module), _root(self._own)
        return root.startswith(APART) and root != own

    def present(self, kind: type[Any]) -> Any:
        """Return the class that has the place of `kind` now; GONE if there is none."""
        present = self.find(kind.__module__, kind.__qualname__)
        if "<locals>" not in kind.__qualname__ and isinstance(present, type):
            return present
        return GONE if self.is_stale(kind.__module__) else kind

    def find(self, module: str, name: str) -> Any:
        """Return what has a name in a module now, or GONE."""
        value: Any = sys.modules.get(self._renamed(module))
        for part in name.split("."):
            value = getattr(value, part, GONE)
        return value

    def _renamed(self, module: str) -> str:
        """Return the name of the module that has the place of another one."""
        root, own = _root(module), _root(self._own)
        if module == self._former:
            return self._own
        is_same_file = root.startswith(APART) and _file(root) == _file(own)
        return own + module.removeprefix(root) if is_same_file else module


def _root(module: str) -> str:
    return module.partition(".")[0]


def _file(root: str) -> str:
    """Return the name of a driver file: that of its module has a number before it."""
    return root.removeprefix(APART).partition("_")[2]


class Renewal:
    """Exchanges what belongs to drivers that were replaced for what belongs to `driver`."""

    def __init__(self, driver: Driver[Any], former: Driver[Any] | None = None) -> None:
        """Hand over to `driver`, which is for the same device as `former`, the one before."""
        self._driver = driver
        self._modules = Modules(type(driver).__module__, type(former or driver).__module__)
        self._rules: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
            (Driver, lambda _value, _depth: driver),
            (type, lambda kind, _depth: self._modules.present(kind)),
            (Enum, self._member),
            (MethodType, self._method),
            (partial, self._partial),
            (FunctionType, self._function),
            ((list, tuple, set, frozenset, deque, dict), self._container),
        )
        """How what belongs to a driver is exchanged, by what it is."""
        self._done: dict[int, tuple[object, Any]] = {}
        """The values so far, by their ids, with what they became: each is exchanged once."""

    def work[T](self, work: Callable[[], T]) -> Callable[[], T] | None:
        """Return the work of that name of the new driver; None if it has none."""
        renewed = self.of(work)
        return None if renewed is GONE else cast("Callable[[], T]", renewed)

    def of(self, value: Any, depth: int = 0) -> Any:
        """Return a value with everything in it exchanged; GONE if that is not possible."""
        if depth > DEEPEST or type(value) in {str, int, float, bool, bytes, type(None)}:
            return value
        if id(value) not in self._done:
            self._done[id(value)] = (value, self._renewed(value, depth + 1))
        return self._done[id(value)][1]

    def _renewed(self, value: Any, depth: int) -> Any:
        rules = (rule for kind, rule in self._rules if isinstance(value, kind))
        return next(rules, self._instance)(value, depth)

    def _member(self, member: Enum, _depth: int) -> Any:
        return getattr(self._modules.present(type(member)), member.name, GONE)

    def _method(self, method: MethodType, depth: int) -> Any:
        owner = self.of(method.__self__, depth)
        return method if owner is method.__self__ else getattr(owner, method.__name__, GONE)

    def _partial(self, value: partial[Any], depth: int) -> Any:
        whole = self.of((value.func, value.args, value.keywords), depth)
        return GONE if whole is GONE else partial(whole[0], *whole[1], **whole[2])

    def _function(self, function: FunctionType, depth: int) -> Any:
        """Return the function at the same place of the new file, with what it has enclosed."""
        name, _, inner = function.__qualname__.partition(".<locals>.")
        outer = inspect.unwrap(self._modules.find(function.__module__, name))
        if outer is not GONE and not inner:
            return outer
        cells = [self.of(_content(cell), depth) for cell in function.__closure__ or ()]
        code = _code_like(function, getattr(outer, "__code__", None))
        if code is None and not self._modules.is_stale(function.__module__):
            code = function.__code__
        if code is None or GONE in cells:
            return GONE
        former = map(_content, function.__closure__ or ())
        if code is function.__code__ and all(map(operator.is_, cells, former, strict=True)):
            return function
        present = getattr(outer, "__globals__", function.__globals__)
        defaults, closure = function.__defaults__, tuple(map(CellType, cells))
        return FunctionType(code, present, function.__name__, defaults, closure)

    def _container(self, value: Any, depth: int) -> Any:
        """Return a container with what is left of its items: the same one if nothing changed."""
        items: list[Any] = list(value.items() if isinstance(value, dict) else value)
        renewed = [self.of(item, depth) for item in items]
        if all(new is old for new, old in zip(renewed, items, strict=True)):
            return value
        left = [item for item in renewed if item is not GONE]
        if isinstance(value, tuple):  # without one of its items, it is another
            make = getattr(value, "_make", type(value))
            return make(left) if len(left) == len(items) else GONE
        if isinstance(value, frozenset):
            return frozenset(left)
        made = copy(value)
        made.clear()
        (made.extend if isinstance(made, list | deque) else made.update)(left)
        return made

    def _instance(self, value: Any, depth: int) -> Any:
        if (kind := self._modules.present(type(value))) is type(value):
            return value
        try:
            made = copy(value)
            object.__setattr__(made, "__class__", kind)
            for name, each in list(vars(made).items()):
                if (renewed := self.of(each, depth)) is GONE:
                    return GONE
                object.__setattr__(made, name, renewed)
        except Exception:  # noqa: BLE001  # the classes may be of any kind
            return GONE
        return made


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return GONE


def _code_like(function: FunctionType, outer: CodeType | None) -> CodeType | None:
    """Return the code within `outer` that has the place of a function; None if there is none."""
    former = function.__code__
    codes = [code for code in _codes_in(outer) if code.co_qualname == former.co_qualname]
    codes = [code for code in codes if code.co_freevars == former.co_freevars]
    codes = [code for code in codes if code.co_code == former.co_code] or codes
    return codes[0] if len(codes) == 1 else None


def _codes_in(outer: CodeType | None) -> Iterator[CodeType]:
    for inner in outer.co_consts if outer is not None else ():
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes_in(inner)
