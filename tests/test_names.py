"""One word for one thing: no name of the framework means two things."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_layers import INTEGRATION, PLATFORMS, parse

BANNED = {"common", "helpers", "manager", "misc", "utils"}
"""File names that say nothing of what is in the file."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield the framework's modules; what a driver or a platform calls its own is its own."""
    for file in sorted(INTEGRATION.rglob("*.py")):
        where = file.relative_to(INTEGRATION)
        is_own = where.parts[0].removesuffix(".py") in PLATFORMS or "drivers" in where.parts
        if not is_own:
            yield str(where), parse(file.read_text())


def constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the constants of a module, with their values as they are written."""
    for node in module.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        yield from ((name, ast.unparse(value)) for name in names if name.isupper())


def homonyms(modules: Iterator[tuple[str, ast.Module]]) -> list[str]:
    """Return constants with several values, and classes of one name in several files."""
    values, classes = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for where, module in modules:
        for name, value in constants(module):
            values[name].add(value)
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                classes[node.name].add(where)
    several = [f"{name} has {len(each)} values" for name, each in values.items() if len(each) > 1]
    return several + [f"{n} is a class in {sorted(c)}" for n, c in classes.items() if len(c) > 1]


def test_no_name_means_two_things() -> None:
    assert homonyms(sources()) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("SIGN_OF_LIFE_TIMEOUT = 11.5", "SIGN_OF_LIFE_TIMEOUT has 2 values"),
        ("DOUBT_TIMEOUT: float = 11.5", "DOUBT_TIMEOUT has 2 values"),
        ("GRACE, MORE = 11.5, 1", "GRACE has 2 values"),
        ("class Session: ...", "Session is a class in"),
    ],
)
def test_a_planted_homonym_is_found(planted: str, said: str) -> None:
    [message] = homonyms(iter([*sources(), ("planted.py", ast.parse(planted))]))
    assert said in message


def test_file_names_say_what_is_inside() -> None:
    parts = {
        part for file in INTEGRATION.rglob("*.py") for part in Path(file).with_suffix("").parts
    }
    assert not parts & BANNED
