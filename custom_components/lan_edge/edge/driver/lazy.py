"""Drivers that are made when they are first needed; until then, there is a summary of each."""

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import override

from .driver import AnyDriver
from .summary import DriverSummary


class LazyDriver:
    """A driver that is made when it is first needed."""

    def __init__(self, summary: DriverSummary, make: Callable[[], AnyDriver]) -> None:
        """Take what makes the driver, or raises DriverError; it is called once, in any thread."""
        self.summary = summary
        """What is known of it before it is made."""
        self._make = make
        self._made: AnyDriver | None = None
        self._lock = Lock()

    @property
    def driver(self) -> AnyDriver:
        """The driver; raises DriverError if it cannot be made."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def driver_of(driver: AnyDriver | LazyDriver) -> AnyDriver:
    """Return a driver, which is made if necessary; raise DriverError."""
    return driver.driver if isinstance(driver, LazyDriver) else driver


def summary_of(driver: AnyDriver | LazyDriver) -> DriverSummary:
    """Return what is known of a driver without making it."""
    return driver.summary if isinstance(driver, LazyDriver) else driver.summarize()


class LazyDrivers(Mapping[str, AnyDriver]):
    """Drivers by id; one that is lazy is made when it is looked up."""

    def __init__(self, drivers: Mapping[str, AnyDriver | LazyDriver]) -> None:
        """Take the drivers."""
        self._drivers = drivers

    @override
    def __getitem__(self, id_: str) -> AnyDriver:
        return driver_of(self._drivers[id_])

    @override
    def __contains__(self, id_: object) -> bool:
        return id_ in self._drivers

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._drivers)

    @override
    def __len__(self) -> int:
        return len(self._drivers)
