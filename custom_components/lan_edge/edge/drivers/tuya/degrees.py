"""What the numbers of temperatures mean: their divisor, and °C or °F. A device tells neither.

A number is divided so that it is a temperature that there can be. Colder ones leave more possible,
so what two reports in a row have said of a divisor counts from then on, also after a restart.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, override

from lan_edge import PointForm, PointUnit, number

MOST, ALL = 120, 4500
"""The highest number of whole degrees, of water or in °F; the highest of any temperature."""
ROOM, WARMEST = 45, 50
"""No room is heated to more, and none is warmer, in °C."""
LEAST_F, LEAST_TENTHS = 40, 50
"""The lowest targets in °F and in tenths of °C."""
HALF, HALVES = 2, (30, 60)
"""The divisor of a thermostat that counts halves of degrees, and what only it reports of a room."""
COLDEST, WARMEST_ROOM, HOTTEST = 5.0, 45.0, 95.0
"""The lowest target, and the highest of what heats a room, and of what has had a higher one."""
NOTHING: tuple[str, ...] = ("1", "1")
HOT = "hot"
"""What is kept where nothing is known, and of a target that was higher than a room's."""


class Scale(NamedTuple):
    """What the target and the measured temperature are divided by, and whether they are in °F."""

    target: int
    measured: int
    is_fahrenheit: bool

    def celsius(self, value: Any, divisor: int) -> float:
        """Return the temperature of a number; raise ReplyError."""
        degrees = number(value, "the temperature", -ALL, ALL) / divisor
        return round((degrees - 32) / 1.8 if self.is_fahrenheit else degrees, 3)


@dataclass(frozen=True)
class Temperatures:
    """The points of a target and of a measured temperature."""

    target: str
    measured: str
    most: int = MOST
    """The highest target in whole degrees."""
    is_cooled: bool = False
    """Whether it is of an air conditioner: a higher target is in °F, also if nothing says so."""
    is_water: bool = False
    """Whether it may heat water, which can be as warm in °C as a room is in °F."""

    def scale(self, unit: PointUnit) -> Scale:
        """Return what the numbers of a unit mean."""
        target, now = size_of(unit, self.target), size_of(unit, self.measured)
        is_told = any(value in ("f", "F") for value in unit.seen.values())
        wanted = max(divisor(target, MOST if is_told else self.most), kept(unit, self.target))
        measured = max(divisor(now, MOST), kept(unit, self.measured))
        told: int = unit.settings.temperature
        if self.is_water and counts_halves(unit, now, measured):
            return Scale(told or HALF, told or HALF, is_fahrenheit=False)
        if self.is_water and target >= LEAST_TENTHS:
            wanted = max(wanted, measured)
        wanted = told or wanted
        is_fahrenheit = target > LEAST_F * wanted and (is_told or self.is_cooled)
        if not is_fahrenheit and not (self.is_water and wanted == 1):
            measured = max(measured, divisor(now, WARMEST))
        return Scale(wanted, told or measured, is_fahrenheit)


@dataclass(frozen=True)
class Degrees(PointForm):
    """A temperature: the target of a pair, or what is measured."""

    of: Temperatures
    is_target: bool = False

    def divisor(self, scale: Scale) -> int:
        """Return what this one is divided by."""
        return scale.target if self.is_target else scale.measured

    @override
    def decode(self, value: Any, unit: PointUnit) -> float:
        scale = self.of.scale(unit)
        return scale.celsius(value, self.divisor(scale))

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> int:
        scale = self.of.scale(unit)
        degrees: float = value * 1.8 + 32 if scale.is_fahrenheit else value
        return round(degrees * scale.target)

    @override
    def keep(self, unit: PointUnit, point: str) -> tuple[str, ...]:
        """Keep the divisor that two reports in a row have said, what the last one says, and HOT."""
        if unit.settings.temperature:
            return ()  # its owner knows
        known, scale = unit.kept.get(point, NOTHING), self.of.scale(unit)
        now, size = self.divisor(scale), size_of(unit, point)
        agreed = max(int(known[0]), min(int(known[1]), now))
        is_hot = HOT in known or (self.is_target and scale.celsius(size, now) > WARMEST_ROOM)
        return (str(agreed), str(now), *((HOT,) if is_hot else ()))


@dataclass(frozen=True)
class Targets(PointForm):
    """The range of a target that heats."""

    of: Temperatures

    @override
    def decode(self, value: Any, unit: PointUnit) -> tuple[float, float]:
        known, scale = unit.kept.get(self.of.target, NOTHING), self.of.scale(unit)
        is_hot = HOT in known or scale.celsius(value, scale.target) > WARMEST_ROOM
        return COLDEST, HOTTEST if is_hot else WARMEST_ROOM


def divisor(size: float, most: int) -> int:
    """Return the least divisor by which a number is a temperature of at most so much."""
    return next((each for each in (1, 10) if size <= most * each), 100)


def size_of(unit: PointUnit, point: str) -> float:
    """Return the size of a temperature; 0 if there is none."""
    value: Any = unit.seen.get(point)
    return abs(value) if type(value) in {int, float} and abs(value) <= ALL else 0


def kept(unit: PointUnit, point: str) -> int:
    """Return the divisor that is known of a point."""
    return int(unit.kept.get(point, NOTHING)[0])


def counts_halves(unit: PointUnit, room: float, known: int) -> bool:
    """Return whether a thermostat counts halves of degrees.

    It has two flags behind its mode, which is a number as a text in most of them.
    """
    is_one = all(type(unit.seen.get(point)) is bool for point in "56")
    is_warm = HALVES[0] < room < HALVES[1] or known == HALF
    return is_one and (str(unit.seen.get("4")).isdecimal() or is_warm)
