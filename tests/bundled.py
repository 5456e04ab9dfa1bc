"""The bundled drivers, in a registry of the tests' own."""

from typing import Any

from lan_edge import Driver, Registry, load_drivers

REGISTRY = Registry()
REGISTRY.hosts.beside_hub = True  # the emulators are
load_drivers(REGISTRY)

match = REGISTRY.match
driver_for = REGISTRY.driver


def registered() -> dict[str, type[Driver[Any]]]:
    """Return the drivers by id."""
    return dict(REGISTRY.drivers)
