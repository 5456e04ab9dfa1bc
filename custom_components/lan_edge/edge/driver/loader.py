"""Loads the drivers of a package into a registry, each file by itself."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
import logging
from pathlib import PurePath
from pkgutil import iter_modules
from traceback import format_exception_only, walk_tb
from typing import override

from ..errors import DriverError
from ..network.text import printable
from .mistakes import Mistake, MistakesError
from .registration import drivers_in, forget_sub_drivers
from .registry import Registry

_LOGGER = logging.getLogger(__name__)

BUNDLED = f"{__package__.rpartition('.')[0]}.drivers"
"""The package of the drivers that are part of the library."""


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file whose drivers could not be loaded."""

    file: str
    """Its path."""
    line: int
    """Where the mistake is; 0 if that is not known."""
    reason: str
    """What is wrong, in words for the driver's author."""
    remedy: str = ""
    """What to do about it, where that is known."""
    others: tuple[LoadFailure, ...] = ()
    """What else is wrong in it."""

    def __post_init__(self) -> None:
        """Make its texts printable: a file can have any name, and raise any text."""
        for name in ("file", "reason", "remedy"):
            object.__setattr__(self, name, printable(getattr(self, name)))

    @override
    def __str__(self) -> str:
        """Return place, reason and remedy: "kasa.py:12: poll is '10', not a number: ..."."""
        place = f":{self.line}" if self.line else ""
        remedy = f": {self.remedy}" if self.remedy else ""
        own = f"{PurePath(self.file).name}{place}: {self.reason}{remedy}"
        return "; ".join((own, *map(str, self.others)))


def load_drivers(registry: Registry, package: str = BUNDLED) -> list[LoadFailure]:
    """Import every module of a package, and add the drivers that it registers.

    A module that cannot be imported is left out; why is logged and returned. Reads files: do not
    call it in the event loop, unless the modules are imported already.
    """
    failures: list[LoadFailure] = []
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        try:
            for driver in drivers_in(import_module(module.name)):
                registry.add(driver)
        except (Exception, SystemExit) as err:  # noqa: BLE001  # anything can be in a file
            forget_sub_drivers(module.name)
            failure = failure_of(err, _file_of(module.name))
            _LOGGER.error("The drivers of %s are not loaded: %s", module.name, failure)  # noqa: TRY400
            failures.append(failure)
    return failures


def _file_of(module: str) -> str:
    spec = find_spec(module)
    return (spec.origin if spec else None) or module


def failure_of(error: BaseException, file: str, parts: Collection[str] = ()) -> LoadFailure:
    """Return where an import of a file failed, or which of the `parts` of a package, and why."""
    if isinstance(error, MistakesError):
        return combined(failures_of(error.mistakes, file))
    if isinstance(error, SyntaxError):
        return LoadFailure(error.filename or file, error.lineno or 0, error.msg)
    calls = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    places = [call for call in calls if call[0] in {file, *parts}]
    place = places[-1] if places else (file, 0)
    if isinstance(error, DriverError):
        place = error.place or place
        return LoadFailure(*place, error.reason, error.remedy)
    return LoadFailure(*place, format_exception_only(error)[-1].strip())


def failures_of(mistakes: Iterable[Mistake], file: str) -> list[LoadFailure]:
    """Return the mistakes in the classes of a file."""
    return [LoadFailure(m.file or file, m.line, m.reason, m.remedy) for m in mistakes]


def combined(failures: Iterable[LoadFailure]) -> LoadFailure:
    """Return one failure for all that is wrong in a file, in the order of the lines."""
    first, *others = sorted(dict.fromkeys(failures), key=lambda each: (each.file, each.line))
    return replace(first, others=tuple(others))
