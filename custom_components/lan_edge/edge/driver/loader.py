"""Loads the drivers of a package into a registry, each file by itself."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
import logging
from pathlib import PurePath
from pkgutil import iter_modules
from traceback import format_exception_only, walk_tb
from typing import override

from ..errors import DriverError
from .registry import Registry, drivers_in, forget_sub_drivers

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

    @override
    def __str__(self) -> str:
        """Return place and reason: "kasa.py:12: poll is '10', not a number of seconds"."""
        place = f":{self.line}" if self.line else ""
        return f"{PurePath(self.file).name}{place}: {self.reason}"


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
            failure = _failure(err, module.name)
            _LOGGER.error("The drivers of %s are not loaded: %s", module.name, failure)  # noqa: TRY400
            failures.append(failure)
    return failures


def _failure(error: BaseException, module: str) -> LoadFailure:
    """Return where in the file of a module an import failed, and why."""
    spec = find_spec(module)
    file = (spec.origin if spec else None) or module
    if isinstance(error, SyntaxError):
        return LoadFailure(error.filename or file, error.lineno or 0, error.msg)
    calls = walk_tb(error.__traceback__)
    lines = [line for frame, line in calls if frame.f_code.co_filename == file]
    message = str(error) if isinstance(error, DriverError) else format_exception_only(error)[-1]
    return LoadFailure(file, lines[-1] if lines else 0, message.strip())
