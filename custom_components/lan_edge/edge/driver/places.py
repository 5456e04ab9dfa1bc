"""Where in its file what a class body defines is, and what else the file mentions."""

import ast
from collections.abc import Iterator
from importlib.abc import InspectLoader
import inspect
import linecache
import sys
from typing import Any


class ClassSource:
    """The source of a class; without it, there are no lines."""

    def __init__(self, kind: type[Any]) -> None:
        """Read the file of a class that is being defined, or has been."""
        self.file, text = _source_of(kind)
        try:
            self._tree = ast.parse(text)
        except SyntaxError, ValueError:
            self._tree = ast.Module([], [])
        first: int = vars(kind).get("__firstlineno__", 0)
        nodes = (node for node in ast.walk(self._tree) if isinstance(node, ast.ClassDef))
        self._class = next((n for n in nodes if _first_line(n) == first), None)
        self.line = self._class.lineno if self._class is not None else first
        """The line of the class statement; 0 if that is not known."""

    def line_of(self, name: str, part: str = "") -> int:
        """Return the line of what the body calls `name`, or of an argument `part` within it."""
        statements = [s for s in self._body() if name and name in _names_of(s)]
        if not statements:
            return self.line
        nodes = ast.walk(statements[-1])
        parts = (n.lineno for n in nodes if isinstance(n, ast.keyword) and n.arg == part)
        return next(parts, statements[-1].lineno)

    def redefined(self) -> Iterator[tuple[str, int]]:
        """Yield the methods that the body defines again later, each with its line."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        functions = [each for each in self._body() if isinstance(each, kinds)]
        last = {function.name: function for function in functions}
        yield from ((f.name, f.lineno) for f in functions if last[f.name] is not f)

    def mentions(self, name: str) -> bool:
        """Return whether the file uses a name, apart from giving it to something."""
        return any(
            (isinstance(node, ast.Attribute) and node.attr == name)
            or (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.Constant) and node.value == name)
            for node in ast.walk(self._tree)
        )

    def _body(self) -> list[ast.stmt]:
        return self._class.body if self._class is not None else []


def _source_of(kind: type[Any]) -> tuple[str, str]:
    """Return the file of a class and its text, as it was loaded; empty if that is not known."""
    module = sys.modules.get(kind.__module__)
    spec = getattr(module, "__spec__", None)
    try:
        file = inspect.getsourcefile(kind) or ""
        if spec is not None and isinstance(spec.loader, InspectLoader):
            return file, spec.loader.get_source(spec.name) or ""
    except OSError, TypeError, ImportError:
        return "", ""
    return file, "".join(linecache.getlines(file))


def _first_line(node: ast.ClassDef) -> int:
    return min(node.lineno, *(each.lineno for each in node.decorator_list), node.lineno)


def _names_of(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Assign():
            yield from (each.id for each in statement.targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            pass
