"""Loads a driver file: whatever is in it ends in drivers, or in a failure that says why not."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
import re
import threading
import time
from types import ModuleType

from ...capabilities.definition import Capability
from ...errors import DriverError
from ..driver import AnyDriver, Driver
from ..loader import LoadFailure, combined, failure_of, failures_of
from ..mistakes import collecting_mistakes
from ..registration import check_registered, extends_another, is_registered, root_of
from ..registry import DriverFile
from .modules import add_source, forget_module, modules_of
from .source import Source, SourceError, read_source

_ID = re.compile(rb"""^[ \t]+id[^=\n]{0,40}=[ \t]*["']([a-z][a-z0-9_]{0,99})["']""", re.MULTILINE)
"""How a driver's id is written in its class."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: its drivers, or a failure; neither if its text was known."""

    digest: str
    """The hash of its text; empty if that could not be read."""
    file: DriverFile | None = None
    failure: LoadFailure | None = None
    module: str = ""
    """The name of its module; `forget_module` is to be called for it in the end."""
    claims: frozenset[str] = frozenset()
    """The ids of drivers that a file seems to have which could not be loaded."""


type OnClaims = Callable[[frozenset[str]], None]
"""Called with the ids of drivers that a file seems to have, before it is imported."""


def load_source(
    path: str, known: Collection[str] = (), on_claims: OnClaims | None = None
) -> Loaded:
    """Read a file or package and import it by itself, unless the hash of its text is `known`.

    Never raises, whatever is in the file. It may take as long as the file does: not in the loop.
    """
    try:
        source = read_source(path)
    except SourceError as err:
        return Loaded("", failure=err.failure)
    except OSError as err:
        reason = f"it cannot be read: {err.strerror or type(err).__name__}"
        return Loaded("", failure=LoadFailure(path, 0, reason))
    if source.digest in known:
        return Loaded(source.digest)
    if on_claims is not None:
        on_claims(_claims_of(source))
    return _import(source)


def _claims_of(source: Source) -> frozenset[str]:
    return frozenset(i.decode() for t in source.texts.values() for i in _ID.findall(t))


def _import(source: Source) -> Loaded:
    name = add_source(source)
    failures: list[LoadFailure] = []
    with collecting_mistakes() as mistakes:
        try:
            import_module(name)
            file = driver_file(source, name)
        except BaseException as err:
            forget_module(name)
            is_ctrl_c = isinstance(err, KeyboardInterrupt) and (
                threading.current_thread() is threading.main_thread()
            )
            if is_ctrl_c:
                raise
            failures.append(with_remedy(err, failure_of(err, source.path, source.texts)))
        else:
            if not mistakes:
                return Loaded(source.digest, file, module=name)
    forget_module(name)
    failures += failures_of(mistakes, source.path)
    return Loaded(source.digest, failure=combined(failures), claims=_claims_of(source))


def driver_file(source: Source, name: str) -> DriverFile:
    """Return the drivers of a file that has been imported; raise DriverError."""
    modules = modules_of(name)
    drivers = _defined(modules, Driver)
    registered = [driver for driver in drivers if is_registered(driver)]
    check_registered(drivers)
    if not drivers:
        raise DriverError("it has no driver", "put @register before the class of each driver")
    capabilities = _defined(modules, Capability)
    own = [each for each in registered if root_of(each) is each]
    _check_ids([*own, *capabilities])
    return DriverFile(
        source.path,
        tuple(own),
        tuple(filter(extends_another, registered)),
        tuple(capabilities),
        time.time(),
    )


def _defined[T](modules: list[ModuleType], base: type[T]) -> list[type[T]]:
    """Return the subclasses of a class that modules define, each once."""
    names = {module.__name__ for module in modules}
    values = (value for module in modules for value in tuple(vars(module).values()))
    classes = (v for v in values if isinstance(v, type) and issubclass(v, base))
    return list(dict.fromkeys(c for c in classes if c.__module__ in names))


_REMEDIES = {
    "command() takes 0 positional arguments": "write @command(), with parentheses",
    "register() missing 1 required positional argument": "write @register, without parentheses",
    "'Command' object is not callable": "name the command without calling it: Switch.on",
}
"""What to do about what Python says of a decorator that is used wrongly."""

_NOT_INSTALLED = (
    "correct the name, or install the package where lan_edge runs (an update of Home Assistant may"
    " remove it)"
)


def _check_ids(classes: list[AnyDriver | type[Capability]]) -> None:
    """Raise DriverError if two drivers, or two capabilities, have one id."""
    first: dict[tuple[bool, str], str] = {}
    for each in classes:
        name = first.setdefault((issubclass(each, Driver), each.id), each.__name__)
        if name != each.__name__:
            reason = f"{name} and {each.__name__} have the same id {each.id!r}"
            raise DriverError(reason, "give one of them another id")


def with_remedy(error: BaseException, failure: LoadFailure) -> LoadFailure:
    """Return a failure that says what to do as well, where what Python says does not."""
    for reason, remedy in _REMEDIES.items():
        if reason in failure.reason and not failure.remedy:
            return replace(failure, remedy=remedy)
    is_beside = (
        isinstance(error, ModuleNotFoundError)
        and Path(failure.file).with_name(f"{error.name}.py").exists()
    )
    if not is_beside and "relative import" not in failure.reason:
        remedy = _NOT_INSTALLED if isinstance(error, ModuleNotFoundError) else failure.remedy
        return replace(failure, remedy=remedy)
    remedy = (
        "each driver file is loaded alone; files that belong together make a package, a folder with"
        " an __init__.py, and import each other as in `from .protocol import Frame`"
    )
    return replace(failure, remedy=remedy)
