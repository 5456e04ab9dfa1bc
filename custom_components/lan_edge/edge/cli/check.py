"""Check a driver file without a device: all its mistakes at once, and its types.

The types are checked by mypy, or else by pyright, if one of them is installed.
"""

import argparse
from pathlib import Path
import re

from ..driver.files.check import check_file
from ..driver.files.source import find_sources
from ..driver.loader import LoadFailure
from .exits import CallError, Exit
from .output import Output
from .sentences import place, what
from .type_checkers import TypeChecker, checkers

_OF_DRIVER = re.compile(r"\bDriver\[|^@register\b", re.MULTILINE)
"""What only a file with a driver has, as far as one can tell while it may be broken."""
CHOICES = ("auto", "mypy", "pyright", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="a driver file, a package, or a folder of them"
    )
    parser.add_argument(
        "--types", choices=CHOICES, default="auto", help="what checks the types, by default: auto"
    )


def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Write each mistake; return whether there is one. Raises CallError."""
    file: Path = arguments.file
    if not file.exists():
        raise CallError(f"there is no file {file}")
    checker = _checker(arguments.types)
    mistakes: list[tuple[str, LoadFailure]] = []
    for each in _files_of(file):
        mistakes += [("load", mistake) for mistake in check_file(each)]
        mistakes += [("types", mistake) for mistake in checker.check(each)] if checker else []
    for kind, mistake in mistakes:
        _write(output, kind, mistake)
    count = len(mistakes)
    by = checker.name if checker else "nothing: neither mypy nor pyright is installed"
    by = "nothing, as you wished" if arguments.types == "none" else by
    output.tell(
        f"{count or 'no'} mistake{'' if count == 1 else 's'}; types checked by {by}",
        mistakes=count,
        types=checker.name if checker else None,
    )
    return Exit.MISTAKES if count else Exit.DONE


def _files_of(path: Path) -> list[Path]:
    """Return a file or package itself, or the driver files in a folder; raise CallError."""
    if not path.is_dir() or (path / "__init__.py").exists():
        return [path]
    found = [each for each in map(Path, find_sources(str(path))) if _has_driver(each)]
    if not found:
        raise CallError(f"there is no driver file in the folder {path}")
    return found


def _has_driver(path: Path) -> bool:
    """Return whether it is a driver file or a package; not an emulator, nor a test."""
    if path.is_dir():
        return (path / "__init__.py").exists()
    return _OF_DRIVER.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def _checker(choice: str) -> TypeChecker | None:
    """Return what checks the types; raise CallError if the one that is wanted is not there."""
    if choice == "none":
        return None
    found = [each for each in checkers() if choice in {"auto", each.name}]
    if not found and choice != "auto":
        raise CallError(f"{choice} is not installed")
    return found[0] if found else None


def _write(output: Output, kind: str, mistake: LoadFailure) -> None:
    """Write a mistake."""
    output.tell(
        f"{output.styled(place(mistake), 'bold')}: {what(mistake)}",
        kind=kind,
        file=mistake.file,
        line=mistake.line,
        what=mistake.reason,
        remedy=mistake.remedy,
    )
