"""Check a driver file or a description without a device: all its mistakes at once, and its types.

The types are checked by mypy, or else by pyright, if one of them is installed. That types are
missing is no mistake, but only remarked, unless that is wanted.
"""

import argparse
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
import re

from ..declarative.files import check_description
from ..driver.files.check import check_file
from ..driver.files.source import find_sources
from ..driver.files.threads import OwnThread
from ..driver.loader import LoadFailure
from .drivers import bundled_file, is_description
from .exits import CallError, Exit
from .output import Output
from .sentences import place, what
from .type_checkers import TypeChecker, checkers

_OF_DRIVER = re.compile(r"\bDriver\[|^@register\b", re.MULTILINE)
"""What only a file with a driver has, as far as one can tell while it may be broken."""
_REMARK = "remark"
CHOICES = ("auto", "mypy", "pyright", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="a driver file, a package, a description, a folder of them, or a bundled one's id",
    )
    parser.add_argument(
        "--types", choices=CHOICES, default="auto", help="what checks the types, by default: auto"
    )
    parser.add_argument(
        "--strict", action="store_true", help="missing types are mistakes, too, not only remarks"
    )


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Write each mistake; return whether there is one. Raises CallError."""
    file: Path = arguments.file
    checker = _checker(arguments.types)
    files = await _in_thread(partial(_files_of, file))
    marked = [each for path in files async for each in _marked(path, checker, arguments.strict)]
    marked.sort(key=lambda each: each[0] == _REMARK)  # the order is kept otherwise
    for kind, mistake in marked:
        _write(output, kind, mistake)
    remarks = sum(kind == _REMARK for kind, _ in marked)
    mistakes = len(marked) - remarks
    by = checker.name if checker else "nothing: neither mypy nor pyright is installed"
    by = "nothing (--types none)" if arguments.types == "none" else by
    besides = f", {_counted(remarks, 'remark')} on types" if remarks else ""
    output.tell(
        f"{_counted(mistakes, 'mistake')}{besides}; types checked by {by}",
        mistakes=mistakes,
        remarks=remarks,
        types=checker.name if checker else None,
    )
    return Exit.MISTAKES if mistakes else Exit.DONE


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


async def _marked(
    path: Path, checker: TypeChecker | None, is_strict: bool
) -> AsyncIterator[tuple[str, LoadFailure]]:
    """Yield all that is found in a file or package, each with its kind; raise CallError."""
    if is_description(path):
        for mistake in await _in_thread(partial(check_description, str(path))):
            yield "load", mistake
        return
    for mistake in await _in_thread(partial(check_file, path)):
        yield "load", mistake
    for each in await checker.check(path) if checker else ():
        yield _REMARK if each.is_remark and not is_strict else "types", each.failure


async def _in_thread[T](call: Callable[[], T]) -> T:
    """Call a function that may take long, so that Ctrl-C ends it at once."""
    thread = OwnThread[T]()
    try:
        return await thread.run(call)
    finally:
        thread.abandon(lambda _: None)


def _files_of(path: Path) -> list[Path]:
    """Return a file or package itself, or the driver files in a folder; raise CallError."""
    if not path.exists() and (bundled := bundled_file(str(path))) is not None:
        return [bundled]
    if not path.exists():
        raise CallError(f"there is no file {path}")
    if not (path.is_file() or path.is_dir()):
        raise CallError(f"{path} is not a file")
    if not path.is_dir() or (path / "__init__.py").exists():
        return [path]
    files = [each for each in map(Path, find_sources(str(path))) if _has_driver(each)]
    files += sorted(each for each in path.iterdir() if is_description(each))
    if not files:
        raise CallError(f"there is no driver file in the folder {path}")
    return files


def _has_driver(path: Path) -> bool:
    """Return whether it is a driver file or a package; not an emulator, nor a test."""
    if path.is_dir():
        return (path / "__init__.py").exists()
    return _OF_DRIVER.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def _checker(choice: str) -> TypeChecker | None:
    """Return what checks the types; raise CallError if the one that is wanted is not there."""
    if choice == "none":
        return None
    fitting = [each for each in checkers() if choice in {"auto", each.name}]
    if not fitting and choice != "auto":
        raise CallError(f"{choice} is not installed")
    return fitting[0] if fitting else None


def _write(output: Output, kind: str, mistake: LoadFailure) -> None:
    """Write a mistake or a remark."""
    said = f"remark: {what(mistake)}" if kind == _REMARK else what(mistake)
    output.tell(
        f"{output.styled(place(mistake), 'bold')}: {said}",
        kind=kind,
        file=mistake.file,
        line=mistake.line,
        what=mistake.reason,
        remedy=mistake.remedy,
    )
