"""What files import, read from their source: packages of others, and tests of our own."""

import ast
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
import sys

OURS = frozenset(["custom_components", "lan_edge", "scripts", "tests"])


def imported(file: Path, root: Path) -> Iterator[str]:
    """Yield the full names of the modules that a file imports, and of what it takes from them."""
    package = file.relative_to(root).parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


def packages(files: Iterable[Path], root: Path) -> set[str]:
    """Return the distributions of others that files below a root import."""
    tops = {name.partition(".")[0] for file in files for name in imported(file, root)}
    ours = OURS | {path.name for path in root.iterdir()}
    known = packages_distributions()
    return {known[top][0] for top in tops - ours - sys.stdlib_module_names}


def with_what_they_import(files: Iterable[Path], root: Path) -> set[Path]:
    """Return files of the tests, and the other files of the tests that these need."""
    seen: set[Path] = set()
    waiting = list(files)
    while waiting:
        if (file := waiting.pop()) in seen:
            continue
        seen.add(file)
        package = file.parent / "__init__.py"
        waiting += [package] if package.exists() else []
        if file.suffix == ".py":
            for name in imported(file, root):
                waiting += module_files(name, root)
    return seen


def module_files(name: str, root: Path) -> list[Path]:
    """Return the file of a module, if it is one of the tests'."""
    if not f"{name}.".startswith("tests."):
        return []
    path = root.joinpath(*name.split("."))
    return [p for p in (path.with_suffix(".py"), path / "__init__.py") if p.exists()]
