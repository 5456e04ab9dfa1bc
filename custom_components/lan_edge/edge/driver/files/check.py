"""Finds all that is wrong in a driver file, as far as one mistake does not hide another.

What raises when the file is imported hides what comes after it. So the statement is left out, and
the file is imported again; what is only wrong because of that is not counted.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
import inspect
from pathlib import Path
from traceback import walk_tb

from ...errors import DriverError
from ..loader import LoadFailure, failure_of, failures_of
from ..mistakes import NO_HANDLER, Mistake, collecting_mistakes
from .jobs import HANGS, LOADING_LIMIT, WAITS
from .loaded import driver_file, with_remedy
from .modules import add_source, forget_module
from .source import Source, SourceError, read_source
from .threads import OwnThread

MAX_ROUNDS = 30
"""How often a file is imported at most: once for each statement that raises."""


def check_file(path: str | Path) -> list[LoadFailure]:
    """Return what is wrong in a driver file or package, by line; nothing if it can be used.

    It runs what the file does when it is imported, several times if that raises: not in the event
    loop. Nothing is registered by it.
    """
    try:
        source = read_source(str(path))
    except SourceError as err:
        return [err.failure]
    except OSError as err:
        return [LoadFailure(str(path), 0, f"it cannot be read: {err.strerror}")]
    return _Check(source).run()


@dataclass(slots=True)
class _Check:
    """The check of one file or package."""

    source: Source
    failures: list[LoadFailure] = field(default_factory=list[LoadFailure])
    missing: set[str] = field(default_factory=set[str])
    """The names that statements would have defined which were left out."""
    misspelt: set[str] = field(default_factory=set[str])
    """Those of them that nothing has from which they were imported."""

    def run(self) -> list[LoadFailure]:
        for _ in range(MAX_ROUNDS):
            thread = OwnThread[_Result]()
            try:
                error, mistakes = thread.submit(_import, self.source).result(LOADING_LIMIT)
            except TimeoutError:
                place = thread.line_in(self.source.path)
                self.failures.append(LoadFailure(*place, HANGS, WAITS))
                break
            finally:
                thread.abandon(_ignore)
            self._note(error, mistakes)
            if error is None or not self._leave_out(error):
                break
        return sorted(dict.fromkeys(self.failures), key=lambda each: (each.file, each.line))

    def _note(self, error: BaseException | None, mistakes: list[Mistake]) -> None:
        own = [each for each in mistakes if not self._is_consequence(each)]
        self.failures += failures_of(own, self.source.path)
        name = getattr(error, "name", None)
        is_left_out = name in self.missing or (
            isinstance(error, NameError) and bool(get_close_matches(name or "", self.misspelt))
        )
        is_left_out = is_left_out or (error is not None and self._is_based_on_missing(error))
        if isinstance(error, NameError) and is_left_out:
            self.missing.add(name or "")
        is_later = bool(self.missing) and error is not None and not any(_places(error))
        if error is not None and not (is_left_out or is_later):
            failure = failure_of(error, self.source.path, self.source.texts)
            self.failures.append(with_remedy(error, failure))

    def _is_based_on_missing(self, error: BaseException) -> bool:
        """Return whether the statement that has raised an error uses what was left out."""
        if isinstance(error, ImportError | SyntaxError):
            return False
        if isinstance(error, DriverError) and any(repr(n) in error.reason for n in self.missing):
            return True
        for file, line in reversed(list(_places(error))):
            if (text := self.source.texts.get(file)) is not None:
                return not self.missing.isdisjoint(_used_at(text, line))
        return False

    def _is_consequence(self, mistake: Mistake) -> bool:
        return not self.missing.isdisjoint({mistake.name, mistake.kind})

    def _leave_out(self, error: BaseException) -> bool:
        """Leave out the statement that has raised an error; return whether there is one."""
        wrong: str = getattr(error, "name_from", None) or ""
        for file, line in reversed(list(_places(error))):
            text = self.source.texts.get(file)
            if text is not None and (statement := _statement_at(text, line, wrong)) is not None:
                self.missing |= statement.names
                self.misspelt |= {wrong} - {""}
                texts = {**self.source.texts, file: statement.left_out_of(text)}
                self.source = replace(self.source, texts=texts)
                return True
        return False


type _Result = tuple[BaseException | None, list[Mistake]]


def _ignore(_: _Result) -> None:
    """Let what comes too late go."""


def _import(source: Source) -> _Result:
    """Import a file; return what it raises, and the mistakes in its classes."""
    name = add_source(source)
    error: BaseException | None = None
    with collecting_mistakes() as mistakes:
        try:
            import_module(name)
            driver_file(source, name)
        except BaseException as err:  # noqa: BLE001  # anything can be in a file
            error = err
        finally:
            forget_module(name)
    return error, mistakes


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """Yield where modules and class bodies ran in which an error was raised, the innermost last."""
    for frame, line in walk_tb(error.__traceback__):
        if not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            yield frame.f_code.co_filename, line


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement, or a decorator of one."""

    first: int
    last: int
    instead: str
    names: set[str]
    """What it defines; NO_HANDLER for a decorator, since a handler may be missing then."""

    def left_out_of(self, text: bytes) -> bytes:
        """Return a text without it, in which all else is at the lines where it was."""
        lines = text.split(b"\n")
        lines[self.first - 1 : self.last] = [
            self.instead.encode(),
            *[b""] * (self.last - self.first),
        ]
        return b"\n".join(lines)


def _statement_at(text: bytes, line: int, wrong: str) -> _Statement | None:
    """Return the innermost statement at a line, of those that run when the file is imported.

    Of one that imports the name that is `wrong`, only that is left out.
    """
    if (node := _node_at(text, line)) is None:
        return None
    for each in getattr(node, "decorator_list", ()):
        if each.lineno <= line <= each.end_lineno:
            return _Statement(each.lineno, each.end_lineno, "", {NO_HANDLER, *_own_name(node)})
    instead = "pass"
    names = set(_names_in(node))
    if isinstance(node, ast.ImportFrom) and (rest := [n for n in node.names if n.name != wrong]):
        instead, names = ast.unparse(ast.ImportFrom(node.module, rest, node.level)), {wrong}
    indent = " " * node.col_offset
    return _Statement(_first_line(node), node.end_lineno or line, indent + instead, names)


def _node_at(text: bytes, line: int) -> ast.stmt | None:
    """Return the innermost statement at a line, of those that run when the file is imported."""
    try:
        nodes = list(_statements(ast.parse(text).body))
    except SyntaxError, ValueError:
        return None
    around = [node for node in nodes if _first_line(node) <= line <= (node.end_lineno or 0)]
    return around[-1] if around else None


def _own_name(node: ast.stmt) -> set[str]:
    """Return the name of a function; what it is without its decorator is another thing."""
    return {node.name} if isinstance(node, _FUNCTIONS) else set()


def _used_at(text: bytes, line: int) -> set[str]:
    """Return the names that the statement at a line uses itself, without what is in its body."""
    node = _node_at(text, line)
    parts: list[ast.AST] = [node] if node is not None else []
    if isinstance(node, ast.ClassDef):
        parts = [*node.bases, *node.keywords, *node.decorator_list]
    elif isinstance(node, _FUNCTIONS):
        parts = [d for d in node.decorator_list if d.lineno <= line <= (d.end_lineno or 0)]
    return {
        name
        for part in parts
        for each in ast.walk(part)
        if isinstance(each, ast.Name | ast.Attribute)
        for name in [each.id if isinstance(each, ast.Name) else each.attr]
    }


def _names_in(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement defines."""
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case _:
                pass


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody") if not isinstance(node, _FUNCTIONS) else ():
            yield from _statements(getattr(node, name, []))
        for handler in getattr(node, "handlers", ()):
            yield from _statements(handler.body)


_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
