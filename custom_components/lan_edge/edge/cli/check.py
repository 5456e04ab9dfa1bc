"""Check a driver file without a device: all its mistakes at once, and its types.

The types are checked by mypy, or else by pyright, if one of them is installed.
"""

import argparse
from pathlib import Path

from ..driver.files.check import check_file
from ..driver.loader import LoadFailure
from .exits import CallError, Exit
from .output import Output
from .type_checkers import TypeChecker, checkers

CHOICES = ("auto", "mypy", "pyright", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a driver file, or a package")
    parser.add_argument(
        "--types", choices=CHOICES, default="auto", help="what checks the types, by default: auto"
    )


def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Write each mistake; return whether there is one. Raises CallError."""
    file: Path = arguments.file
    if not file.exists():
        raise CallError(f"there is no file {file}")
    checker = _checker(arguments.types)
    mistakes = [("load", each) for each in check_file(file)]
    mistakes += [("types", each) for each in checker.check(file)] if checker else []
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
    line = f":{mistake.line}" if mistake.line else ""
    remedy = f": {mistake.remedy}" if mistake.remedy else ""
    output.tell(
        f"{output.styled(f'{mistake.file}{line}', 'bold')}: {mistake.reason}{remedy}",
        kind=kind,
        file=mistake.file,
        line=mistake.line,
        what=mistake.reason,
        remedy=mistake.remedy,
    )
