"""Drivers of tests: the Home Assistant of a test has them in addition to the bundled ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from lan_edge import Driver, LoadFailure, Registry, register
from lan_edge.driver.registration import is_registered
from tests.bundled import load_all, registered


@dataclass
class OwnDrivers:
    """What one test has added, and the registries that take it."""

    added: list[type[Driver[Any]]] = field(default_factory=list[type[Driver[Any]]])
    registries: list[Registry] = field(default_factory=list[Registry])

    def load(self, registry: Registry) -> list[LoadFailure]:
        """Load all drivers into the registry of a Home Assistant that starts."""
        failures = load_all(registry)
        for driver in self.added:
            registry.add(driver)
        self.registries.append(registry)
        return failures


_CURRENT: list[OwnDrivers] = []


def add_driver[D: Driver[Any]](driver: type[D]) -> type[D]:
    """Register a driver until the test ends; a Home Assistant that runs has it at once."""
    [own] = _CURRENT  # there is none without the fixture `drivers`
    parents = (c for c in driver.__mro__[1:] if issubclass(c, Driver))
    if not any(is_registered(parent) for parent in parents):  # else it is a sub-driver
        own.added.append(driver)
        for registry in own.registries:
            registry.add(driver)
    return register(driver)


@contextmanager
def own_drivers() -> Iterator[None]:
    """Let drivers be added; in the end they and what was registered below others is forgotten."""
    own = OwnDrivers()
    subs = {driver: list(driver.sub_drivers) for driver in registered().values()}
    _CURRENT.append(own)
    try:
        with patch("custom_components.lan_edge.runtime.load_drivers", own.load):
            yield
    finally:
        _CURRENT.remove(own)
        for driver, known in subs.items():
            driver.sub_drivers[:] = known
