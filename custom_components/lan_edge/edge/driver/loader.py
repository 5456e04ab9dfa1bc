"""Loads the drivers of a package into a registry."""

from importlib import import_module
from pkgutil import iter_modules

from .registry import Registry, drivers_in

BUNDLED = f"{__package__.rpartition('.')[0]}.drivers"
"""The package of the drivers that are part of the library."""


def load_drivers(registry: Registry, package: str = BUNDLED) -> None:
    """Import every module of a package, and add the drivers that it registers.

    Reads files: do not call it in the event loop, unless the modules are imported already.
    """
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        for driver in drivers_in(import_module(module.name)):
            registry.add(driver)
