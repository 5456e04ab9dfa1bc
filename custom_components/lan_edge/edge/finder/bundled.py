"""The bundled drivers, those of described devices included, for programs of their own."""

import asyncio

from ..declarative import load_descriptions
from ..driver.driver import AnyDriver
from ..driver.loader import load_drivers
from ..driver.registry import Registry


async def bundled_registry() -> Registry:
    """Return what is bundled; without described devices if the packages for them are missing."""
    registry = Registry()
    await asyncio.to_thread(_load, registry)
    return registry


async def bundled_driver(id_: str) -> AnyDriver:
    """Return the bundled driver with an id; raise DriverError if there is none."""
    registry = await bundled_registry()
    return await asyncio.to_thread(registry.driver, id_)


def _load(registry: Registry) -> None:
    load_drivers(registry)
    load_descriptions(registry, needed=())
