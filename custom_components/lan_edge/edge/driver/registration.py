"""Registered drivers: which classes are, and of which others they are sub-drivers."""

from collections.abc import Collection, Iterator
from types import ModuleType
from typing import Any

from ..capabilities.definition import APART
from .driver import AnyDriver, Driver
from .mistakes import NO_HANDLER, Mistake, report_mistakes
from .places import ClassSource
from .validation import check_usable

_REGISTERED = "__lan_edge_registered__"


def register[D: Driver[Any]](driver: type[D]) -> type[D]:
    """Mark a driver for `load_drivers`; a subclass of a registered driver becomes its sub-driver.

    A sub-driver replaces an earlier one of the same module and name, as when its file is loaded
    again. In a driver file, one of a driver that is elsewhere waits until the file is used.
    """
    parent = registered_parent(driver)
    check_usable(driver, Driver, parent)
    setattr(driver, _REGISTERED, driver.__name__)
    if parent is not None and not extends_another(driver):
        name = (driver.__module__, driver.__qualname__)
        others = [s for s in parent.sub_drivers if (s.__module__, s.__qualname__) != name]
        parent.sub_drivers[:] = [*others, driver]
    return driver


def forget_sub_drivers(module: str) -> None:
    """Undo the registration of the sub-drivers that a module defines, as it could not be loaded."""
    for driver in _drivers_below(Driver):
        driver.sub_drivers[:] = [sub for sub in driver.sub_drivers if sub.__module__ != module]


def _drivers_below(driver: AnyDriver) -> Iterator[AnyDriver]:
    for each in driver.__subclasses__():
        yield each
        yield from _drivers_below(each)


def is_registered(driver: AnyDriver) -> bool:
    """Return whether the class itself is registered, not only a parent."""
    return _REGISTERED in vars(driver)


def drivers_in(module: ModuleType) -> list[AnyDriver]:
    """Return the registered drivers that a module or package defines, without sub-drivers.

    Raises MistakesError if it defines drivers, but registers none.
    """
    defined = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Driver)
        and f"{value.__module__}.".startswith(f"{module.__name__}.")
    ]
    check_registered(defined)
    registered = [driver for driver in defined if is_registered(driver)]
    return [driver for driver in registered if registered_parent(driver) is None]


def check_registered(drivers: Collection[AnyDriver]) -> None:
    """Raise MistakesError, or collect mistakes, if a file has drivers but registers none."""
    if any(map(is_registered, drivers)):
        return  # the others may be drafts, or only parents
    parents = {parent for driver in drivers for parent in driver.__mro__[1:]}
    for driver in drivers:
        if driver not in parents:
            source, reason = ClassSource(driver), f"driver {driver.__name__} is not used"
            remedy = "put @register before it"
            mistake = Mistake(reason, remedy, kind=NO_HANDLER, file=source.file, line=source.line)
            report_mistakes(mistake.text, [mistake])


def registered_parent(driver: AnyDriver) -> AnyDriver | None:
    """Return the nearest parent of a class that is registered, if there is one."""
    parents = (c for c in driver.__mro__[1:] if issubclass(c, Driver) and is_registered(c))
    return next(parents, None)


def extends_another(driver: AnyDriver) -> bool:
    """Return whether a driver in a driver file is a sub-driver of one that is elsewhere."""
    parent, (own, *_) = registered_parent(driver), driver.__module__.split(".")
    return parent is not None and own.startswith(APART) and own != parent.__module__.split(".")[0]


def root_of(driver: AnyDriver) -> AnyDriver:
    """Return the driver of which a sub-driver is one, directly or not; otherwise itself."""
    while (parent := registered_parent(driver)) is not None:
        driver = parent
    return driver
