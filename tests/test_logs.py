"""What is logged: no error's own words, unless the secrets have been taken out of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_repository import INTEGRATION

FILES = sorted(INTEGRATION.rglob("*.py"))
METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


@cache
def calls(path: Path) -> list[tuple[ast.Call, ast.AST]]:
    """Return each call that logs, and the function that it is in."""
    source = path.read_text()
    return list(each_call(ast.parse(source))) if "log" in source.lower() else []


def each_call(module: ast.Module) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Yield each call in a module that logs, and the function that it is in."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    logger = ast.unparse(node.func.value).lower()
                    if "log" in logger and node.func.attr in METHODS:
                        yield node, function


def shows_a_traceback(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr == "exception" or any(k.arg == "exc_info" for k in call.keywords)


def test_they_are_found() -> None:
    found = [call for path in FILES for call, _ in calls(path)]
    assert len(found) > 15
    assert sum(map(shows_a_traceback, found)) >= 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_traceback_has_no_words_of_others(path: Path) -> None:
    """The traceback that is logged is that of an error which `loggable` has cleaned."""
    for call, function in filter(lambda found: shows_a_traceback(found[0]), calls(path)):
        shown = [ast.unparse(k.value) for k in call.keywords if k.arg == "exc_info"]
        assert shown == ["shown"], f"{path}:{call.lineno}"
        made = [
            ast.unparse(node.value.func)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.targets[0]) == "shown"
        ]
        assert made, f"{path}:{call.lineno}"
        assert all(name.endswith("loggable") for name in made), f"{path}:{call.lineno}"
