"""The drivers there are, and whose a sighting is."""

from dataclasses import dataclass
from typing import Any

from .discovery import Match, Sighting
from .driver import Driver
from .errors import DriverError

_DRIVERS: dict[str, type[Driver[Any]]] = {}
_REGISTERED = set[type[Driver[Any]]]()
"""The same, with all sub-drivers."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A driver that takes a sighting for one of its devices."""

    driver: type[Driver[Any]]
    match: Match


def register[D: Driver[Any]](driver: type[D]) -> type[D]:
    """Make a driver known, or a subclass of a registered one its sub-driver.

    A driver of a known id, from a file that was changed, takes the older one's place.
    """
    _REGISTERED.add(driver)
    parent = next(
        (d for d in _DRIVERS.values() if d is not driver and issubclass(driver, d)),
        None,
    )
    if parent is not None:
        bases = [b for b in driver.__mro__[1:] if b in _REGISTERED]
        above: type[Driver[Any]] = bases[0]
        above.sub_drivers.append(driver)
        return driver
    _DRIVERS[driver.id] = driver
    return driver


def registered() -> dict[str, type[Driver[Any]]]:
    """Return the drivers by id, without sub-drivers."""
    return dict(_DRIVERS)


def driver_for(driver_id: str) -> type[Driver[Any]]:
    """Return a driver by its id; raise DriverError if there is none."""
    if (driver := _DRIVERS.get(driver_id)) is None:
        msg = f"there is no driver {driver_id!r}"
        raise DriverError(msg)
    return driver


def match(sighting: Sighting) -> list[Candidate]:
    """Return the drivers that take the sighting, in the order of registration."""
    return [
        Candidate(driver, found)
        for driver in _DRIVERS.values()
        for matcher in driver.discovery
        if (found := matcher.match(sighting)) is not None
    ]
