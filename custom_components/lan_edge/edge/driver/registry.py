"""The registry of drivers: finds them by id, and by the sightings that they match."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any

from ..discovery.hosts import SightedHosts
from ..discovery.matchers import Match, Matcher
from ..discovery.sighting import Sighting
from ..errors import DriverError
from .driver import AnyDriver, Driver

_REGISTERED = "__lan_edge_registered__"


def register[D: Driver[Any]](driver: type[D]) -> type[D]:
    """Mark a driver for `load_drivers`; a subclass of a registered driver becomes its sub-driver.

    A sub-driver replaces an earlier one of the same module and name, as when its file is loaded
    again.
    """
    setattr(driver, _REGISTERED, driver.__name__)
    if (parent := _registered_parent(driver)) is not None:
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
    """Return the registered drivers that a module defines, without sub-drivers.

    Raises DriverError if it defines drivers, but registers none.
    """
    defined = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Driver)
        and value.__module__ == module.__name__
    ]
    registered = [driver for driver in defined if is_registered(driver)]
    if defined and not registered:
        raise DriverError(f"driver {defined[0].__name__} is not used: put @register before it")
    return [driver for driver in registered if _registered_parent(driver) is None]


def _registered_parent(driver: AnyDriver) -> AnyDriver | None:
    parents = (c for c in driver.__mro__[1:] if issubclass(c, Driver) and is_registered(c))
    return next(parents, None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A `driver` with a matcher that a sighting fits; `match` describes the device."""

    driver: AnyDriver
    match: Match


class Registry:
    """The drivers that a program uses."""

    def __init__(self) -> None:
        """Start empty."""
        self._drivers: dict[str, AnyDriver] = {}
        self.hosts = SightedHosts()
        """Where devices can be sighted."""

    @property
    def drivers(self) -> Mapping[str, AnyDriver]:
        """The drivers by id, without sub-drivers, in the order in which they were added."""
        return MappingProxyType(self._drivers)

    def add(self, driver: AnyDriver) -> None:
        """Add a driver; it replaces another one of the same id."""
        self._drivers[driver.id] = driver

    def driver(self, driver_id: str) -> AnyDriver:
        """Return a driver by its id; raise DriverError if there is none."""
        if (driver := self._drivers.get(driver_id)) is None:
            raise DriverError(f"there is no driver {driver_id!r}")
        return driver

    def match(self, sighting: Sighting) -> list[Candidate]:
        """Return the drivers that match the sighting, in the order in which they were added."""
        return [
            Candidate(driver, allowed)
            for driver in self._drivers.values()
            for matcher in driver.discovery
            if (match := matcher.match(sighting))
            and (allowed := self.hosts.restrict(driver.id, match))
        ]

    def matchers[M: Matcher](self, kind: type[M]) -> list[M]:
        """Return the matchers of one kind of all drivers."""
        return [
            matcher
            for driver in self._drivers.values()
            for matcher in driver.discovery
            if isinstance(matcher, kind)
        ]
