"""Families whose devices consist of data points, the meaning of which differs by product."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar, override

from ..transports import Transport
from .driver import AnyDriver
from .loader import BUNDLED
from .parts import Part, PartReading, PartsDriver
from .registration import drivers_in

type Points = Mapping[str, Any]
"""The values of points, by their numbers or names."""


class PointsDriver[IO: Transport](PartsDriver[IO]):
    """Base of the driver of a family whose devices report and take data points.

    What the points of a product mean is guessed by the driver. Where that is wrong or not enough, a
    description says it, which `talks: <id of the driver>`: what it has is added to the parts that
    the driver shows, and counts instead of them.
    """

    described: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    """The attributes that a description has, each with its component, by their ids."""
    ignored: ClassVar[frozenset[str]] = frozenset()
    """The points that a description wants to be ignored: nothing of them is shown."""

    @property
    @abstractmethod
    def points(self) -> Points:
        """The points of the device itself, as it reported them last; also those to be ignored."""

    @property
    def meanings(self) -> Mapping[str, str]:
        """What points are taken for, as the id of an attribute or a word; others have no part."""
        return {}

    @abstractmethod
    async def set_points(self, points: Points) -> None:
        """Set points of the device itself; raise RefusedError, or for no connection."""

    def is_described(self, component: str, attribute: str) -> bool:
        """Return whether a description has an attribute, by its id."""
        return (component, attribute) in self.described

    @override
    def show_parts(self, parts: Iterable[Part]) -> None:
        super().show_parts(parts)
        self.show_described()

    @override
    def show_reading(self, reading: PartReading, component: str) -> None:
        if not self.is_described(component, reading.attribute.id):
            super().show_reading(reading, component)

    def show_described(self) -> None:
        """Emit what a description reads from the points."""


@cache
def points_families() -> Mapping[str, AnyDriver]:
    """Return the bundled drivers of such families, by id. Imports them: not in the event loop."""
    package = import_module(BUNDLED)
    modules = [import_module(m.name) for m in iter_modules(package.__path__, f"{BUNDLED}.")]
    drivers = (driver for module in modules for driver in drivers_in(module))
    return {driver.id: driver for driver in drivers if issubclass(driver, PointsDriver)}
