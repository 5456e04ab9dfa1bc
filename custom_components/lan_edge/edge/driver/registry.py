"""The registry of drivers: finds them by id, and by the sightings that they match."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from types import MappingProxyType, ModuleType
from typing import Any

from ..capabilities.definition import APART, Capability, drop_capabilities, use_capabilities
from ..discovery.hosts import SightedHosts
from ..discovery.matcher import Match, Matcher
from ..discovery.sighting import Sighting
from ..errors import DriverError
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
    parent = _registered_parent(driver)
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
    """Return the registered drivers that a module defines, without sub-drivers.

    Raises MistakesError if it defines drivers, but registers none.
    """
    defined = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Driver)
        and value.__module__ == module.__name__
    ]
    check_registered(defined)
    registered = [driver for driver in defined if is_registered(driver)]
    return [driver for driver in registered if _registered_parent(driver) is None]


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


def _registered_parent(driver: AnyDriver) -> AnyDriver | None:
    parents = (c for c in driver.__mro__[1:] if issubclass(c, Driver) and is_registered(c))
    return next(parents, None)


def extends_another(driver: AnyDriver) -> bool:
    """Return whether a driver in a driver file is a sub-driver of one that is elsewhere."""
    parent, (own, *_) = _registered_parent(driver), driver.__module__.split(".")
    return parent is not None and own.startswith(APART) and own != parent.__module__.split(".")[0]


def root_of(driver: AnyDriver) -> AnyDriver:
    """Return the driver of which a sub-driver is one, directly or not; otherwise itself."""
    while (parent := _registered_parent(driver)) is not None:
        driver = parent
    return driver


@dataclass(frozen=True, slots=True, eq=False)
class DriverFile:
    """A file or package of drivers that has been loaded by itself."""

    path: str
    """Where it is."""
    drivers: tuple[AnyDriver, ...]
    """Its registered drivers, without sub-drivers."""
    sub_drivers: tuple[AnyDriver, ...]
    """Its sub-drivers of drivers that are elsewhere."""
    capabilities: tuple[type[Capability], ...]
    """The capabilities that it defines."""
    since: float
    """When it was loaded, in seconds since 1970."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the drivers whose devices it concerns."""
        return frozenset(each.id for each in (*self.drivers, *map(root_of, self.sub_drivers)))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a driver comes from."""

    file: DriverFile | None = None
    """The file that it is in; None: it is bundled, or the program's own."""
    overridden: AnyDriver | None = None
    """The bundled driver of the same id, instead of which that of the file is used."""
    extended_by: tuple[DriverFile, ...] = ()
    """The files that have sub-drivers of it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A `driver` with a matcher that a sighting fits; `match` describes the device."""

    driver: AnyDriver
    match: Match


def _ids(file: DriverFile) -> set[tuple[str, str]]:
    """Return what only one file may have: the ids of its drivers and capabilities."""
    return {("driver", d.id) for d in file.drivers} | {
        ("capability", c.id) for c in file.capabilities
    }


class Registry:
    """The drivers that a program uses."""

    def __init__(self) -> None:
        """Start empty."""
        self._added: dict[str, AnyDriver] = {}
        self._files: dict[str, DriverFile] = {}
        self._drivers: dict[str, AnyDriver] = {}
        self._on_changed: list[Callable[[], None]] = []
        self.hosts = SightedHosts()
        """Where devices can be sighted."""

    @property
    def drivers(self) -> Mapping[str, AnyDriver]:
        """The drivers by id, without sub-drivers, in the order in which they were added."""
        return MappingProxyType(self._drivers)

    @property
    def files(self) -> Mapping[str, DriverFile]:
        """The driver files that are used, by path."""
        return MappingProxyType(self._files)

    def add(self, driver: AnyDriver) -> None:
        """Add a driver; it replaces another one of the same id."""
        self._added[driver.id] = driver
        self._changed()

    def use_file(self, file: DriverFile) -> None:
        """Use the drivers of a file, instead of its earlier ones, and of bundled ones by their ids.

        Raises DriverError, and changes nothing, if another file has one of the ids.
        """
        self.use_files((file,))

    def use_files(self, files: Collection[DriverFile]) -> None:
        """Use several files at once, as `use_file` does one: they may have exchanged their ids."""
        if conflict := self.conflict(files):
            raise DriverError(conflict[1])
        for file in files:
            if (old := self._files.get(file.path)) is not None:
                self._detach(old)
        for file in files:
            self._files[file.path] = file
            use_capabilities(file.capabilities)
            for sub_driver in file.sub_drivers:
                if (parent := _registered_parent(sub_driver)) is not None:
                    parent.sub_drivers.append(sub_driver)
        self._changed()

    def conflict(self, files: Collection[DriverFile]) -> tuple[DriverFile, str] | None:
        """Return one of the files that cannot be used with the others, and why; None if all can.

        Of two of them, it is the later one.
        """
        new = {file.path: file for file in files}
        used = [file for path, file in self._files.items() if path not in new]
        for file in files:
            for other in used:
                if both := _ids(file) & _ids(other):
                    kind, id_ = max(both)  # the driver, rather than its capability
                    where = PurePath(other.path).name
                    return file, f"{where} has a {kind} with the id {id_!r} already"
            used.append(file)
        return None

    def drop_file(self, path: str) -> None:
        """Stop using the drivers of a file; bundled drivers of the same ids are used again."""
        if (file := self._files.pop(path, None)) is not None:
            self._detach(file)
            self._changed()

    @staticmethod
    def _detach(file: DriverFile) -> None:
        drop_capabilities(file.capabilities)
        for sub_driver in file.sub_drivers:
            if (parent := _registered_parent(sub_driver)) is not None:
                parent.sub_drivers[:] = [s for s in parent.sub_drivers if s is not sub_driver]

    def origin(self, driver_id: str) -> Origin:
        """Return where a driver comes from; raise DriverError if there is none of that id."""
        driver, files = self.driver(driver_id), self._files.values()
        return Origin(
            next((file for file in files if driver in file.drivers), None),
            other if (other := self._added.get(driver_id)) is not driver else None,
            tuple(f for f in files if any(root_of(sub) is driver for sub in f.sub_drivers)),
        )

    def subscribe(self, on_changed: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change of the drivers, and so of the matchers.

        Returns what ends this.
        """
        self._on_changed.append(on_changed)
        return partial(self._on_changed.remove, on_changed)

    def _changed(self) -> None:
        in_files = (driver for file in self._files.values() for driver in file.drivers)
        self._drivers = {**self._added, **{driver.id: driver for driver in in_files}}
        for on_changed in tuple(self._on_changed):
            on_changed()

    def driver(self, driver_id: str) -> AnyDriver:
        """Return a driver by its id; raise DriverError if there is none."""
        if (driver := self._drivers.get(driver_id)) is None:
            raise DriverError(f"there is no driver {driver_id!r}")
        return driver

    def match(self, sighting: Sighting) -> list[Candidate]:
        """Return the drivers that match the sighting, in the order in which they were added."""
        return [
            Candidate(found.driver, allowed)
            for found in self._matching(sighting)
            if (allowed := self.hosts.restrict(found.driver.id, found.match))
        ]

    def refused(self, sighting: Sighting) -> list[tuple[Candidate, str]]:
        """Return the drivers that match but for the address, each with why it is refused."""
        return [
            (found, reason)
            for found in self._matching(sighting)
            if (reason := self.hosts.why_not(found.driver.id, found.match.address))
        ]

    def _matching(self, sighting: Sighting) -> Iterator[Candidate]:
        for driver in self._drivers.values():
            for matcher in driver.discovery:
                if (match := matcher.match(sighting)) is not None:
                    yield Candidate(driver, match)

    def matchers[M: Matcher](self, kind: type[M]) -> list[M]:
        """Return the matchers of one kind of all drivers."""
        return [
            matcher
            for driver in self._drivers.values()
            for matcher in driver.discovery
            if isinstance(matcher, kind)
        ]
