"""The registry of drivers: finds them by id, and by the sightings that they match."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from types import MappingProxyType

from ..capabilities.definition import Capability, drop_capabilities, use_capabilities
from ..discovery.hosts import SightedHosts
from ..discovery.matcher import Match, Matcher
from ..discovery.matchers import UdpProbe
from ..discovery.sighting import Sighting
from ..errors import DriverError
from .driver import AnyDriver
from .lazy import LazyDriver, LazyDrivers, driver_of, summary_of
from .registration import registered_parent, root_of
from .summary import DriverSummary


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


def _at_own_port(driver: AnyDriver, matcher: Matcher, match: Match) -> Match:
    """Return the match; not with the port of a probe, where the driver itself has another one."""
    own = (driver.options or driver.transport.options_type()).port
    if not isinstance(matcher, UdpProbe) or matcher.port or own in {0, match.address.port}:
        return match
    return replace(match, address=replace(match.address, port=0))


def _ids(file: DriverFile) -> set[tuple[str, str]]:
    """Return what only one file may have: the ids of its drivers and capabilities."""
    return {("driver", d.id) for d in file.drivers} | {
        ("capability", c.id) for c in file.capabilities
    }


class Registry:
    """The drivers that a program uses."""

    def __init__(self) -> None:
        """Start empty."""
        self._added: dict[str, AnyDriver | LazyDriver] = {}
        self._files: dict[str, DriverFile] = {}
        self._drivers: dict[str, AnyDriver | LazyDriver] = {}
        self._in_files: frozenset[str] = frozenset()
        """The ids of the drivers that are in files."""
        self._summaries: dict[str, DriverSummary] = {}
        self._on_changed: list[Callable[[], None]] = []
        self.hosts = SightedHosts()
        """Where devices can be sighted."""

    @property
    def drivers(self) -> Mapping[str, AnyDriver]:
        """The drivers by id, without sub-drivers, in the order in which they were added.

        One that is lazy is made when it is looked up, which may raise DriverError.
        """
        return LazyDrivers(self._drivers)

    @property
    def summaries(self) -> Mapping[str, DriverSummary]:
        """What is known of all drivers without making those that are lazy, by id."""
        return MappingProxyType(self._summaries)

    @property
    def files(self) -> Mapping[str, DriverFile]:
        """The driver files that are used, by path."""
        return MappingProxyType(self._files)

    def add(self, driver: AnyDriver) -> None:
        """Add a driver; it replaces another one of the same id."""
        self._added[driver.id] = driver
        self._changed()

    def add_lazy(self, drivers: Collection[LazyDriver]) -> None:
        """Add drivers that are made when they are first needed."""
        self._added |= {each.summary.id: each for each in drivers}
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
                if (parent := registered_parent(sub_driver)) is not None:
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
            if (parent := registered_parent(sub_driver)) is not None:
                parent.sub_drivers[:] = [s for s in parent.sub_drivers if s is not sub_driver]

    def origin(self, driver_id: str) -> Origin:
        """Return where a driver comes from; raise DriverError if there is none of that id."""
        used, files = self._used(driver_id), self._files.values()
        other = self._added.get(driver_id)
        return Origin(
            next((file for file in files if used in file.drivers), None),
            None if other is None or other is used else driver_of(other),
            tuple(f for f in files if any(root_of(sub) is used for sub in f.sub_drivers)),
        )

    def subscribe(self, on_changed: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change of the drivers, and so of the matchers.

        Returns what ends this.
        """
        self._on_changed.append(on_changed)
        return partial(self._on_changed.remove, on_changed)

    def _changed(self) -> None:
        in_files = {driver.id: driver for file in self._files.values() for driver in file.drivers}
        self._in_files = frozenset(in_files)
        self._drivers = {**self._added, **in_files}
        self._summaries = {id_: summary_of(each) for id_, each in self._drivers.items()}
        for on_changed in tuple(self._on_changed):
            on_changed()

    def driver(self, driver_id: str) -> AnyDriver:
        """Return a driver by its id; raise DriverError if there is none."""
        return driver_of(self._used(driver_id))

    def _used(self, driver_id: str) -> AnyDriver | LazyDriver:
        if (driver := self._drivers.get(driver_id)) is None:
            raise DriverError(f"there is no driver {driver_id!r}")
        return driver

    def match(self, sighting: Sighting) -> list[Candidate]:
        """Return the drivers that match the sighting, the likeliest first.

        That is one of a file, since a user wants it, before the others; of each, one with more
        conditions before one with fewer; of equals, the one that was added first.
        """
        return [
            Candidate(candidate.driver, allowed)
            for candidate in self._matching(sighting)
            if (allowed := self.hosts.restrict(candidate.driver.id, candidate.match))
        ]

    def refused(self, sighting: Sighting) -> list[tuple[Candidate, str]]:
        """Return the drivers that match but for the address, each with why it is refused."""
        return [
            (candidate, reason)
            for candidate in self._matching(sighting)
            if (reason := self.hosts.why_not(candidate.driver.id, candidate.match.address))
        ]

    def _matching(self, sighting: Sighting) -> Iterator[Candidate]:
        matches = [
            (summary.id, matcher, match)
            for summary in self._summaries.values()
            for matcher in summary.discovery
            if (match := matcher.match(sighting)) is not None
        ]
        if len(matches) > 1:
            matches.sort(key=lambda each: (each[0] not in self._in_files, -each[1].conditions))
        for id_, matcher, match in matches:
            driver = self.driver(id_)
            yield Candidate(driver, _at_own_port(driver, matcher, match))

    def matchers[M: Matcher](self, kind: type[M]) -> list[M]:
        """Return the matchers of one kind of all drivers."""
        return [
            matcher
            for summary in self._summaries.values()
            for matcher in summary.discovery
            if isinstance(matcher, kind)
        ]
