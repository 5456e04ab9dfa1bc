"""The bundled drivers and those of the demo devices, in a registry of the tests' own."""

from typing import Any

from docs.examples.json_bulb import JsonBulb
from docs.examples.rest_switch import RestSwitch
from lan_edge import Driver, LoadFailure, Registry, load_drivers

DEMO = (RestSwitch, JsonBulb)
"""Examples in docs/examples: in a Home Assistant that runs, they are driver files."""


def load_all(registry: Registry) -> list[LoadFailure]:
    """Add the bundled drivers and those of the demo devices to a registry."""
    failures = load_drivers(registry)
    for driver in DEMO:
        registry.add(driver)
    return failures


REGISTRY = Registry()
REGISTRY.hosts.beside_hub = True  # the emulators are
load_all(REGISTRY)

match = REGISTRY.match
driver_for = REGISTRY.driver


def registered() -> dict[str, type[Driver[Any]]]:
    """Return all these drivers by id."""
    return dict(REGISTRY.drivers)


def bundled() -> dict[str, type[Driver[Any]]]:
    """Return those by id that are part of the library."""
    return {id_: d for id_, d in registered().items() if d not in DEMO}
