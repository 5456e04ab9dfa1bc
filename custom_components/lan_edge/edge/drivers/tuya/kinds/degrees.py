"""What the numbers of temperatures mean: their divisor, and °C or °F. A device tells neither.

A number is divided so that it is a temperature that there can be. Colder ones leave more possible,
so what two reports in a row have said of a divisor counts from then on, also after a restart.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, override

from lan_edge import Coding, Facts, PointForm, PointUnit, number

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
COOLED = (16.0, 32.0)
"""The targets of an air conditioner."""
NOTHING: Facts = ("1", "1")
HOT = "hot"
"""What is kept where nothing is known, and of a target that was higher than a room's."""


class Scale(NamedTuple):
    """What the target and the measured temperature are divided by, and whether they are in °F."""

    target: int
    measured: int
    is_fahrenheit: bool

    def celsius(self, divisor: int, value: Any) -> float:
        """Return the temperature of a number; raise ReplyError."""
        degrees = number(value, t"the temperature", -ALL, ALL) / divisor
        return round((degrees - 32) / 1.8 if self.is_fahrenheit else degrees, 3)

    def told(self, divisor: int, celsius: float) -> int:
        """Return the number of a temperature."""
        return round((celsius * 1.8 + 32 if self.is_fahrenheit else celsius) * divisor)


@dataclass(frozen=True, kw_only=True)
class Degrees(PointForm):
    """The temperatures of a pair: what is measured, or the target, with its range."""

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
        most = MOST if is_told else self.most
        is_fine = 0 < now < WARMEST * 10  # then a target of hundredths would be of a cold room
        wanted = divisor(target, most, max(most, HOTTEST) if is_fine else most)
        wanted = max(wanted, kept(unit, self.target))
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

    def divided(self, unit: PointUnit, point: str) -> tuple[Scale, int]:
        """Return what the numbers of a unit mean, and what those of a point are divided by."""
        scale = self.scale(unit)
        return scale, scale.target if point == self.target else scale.measured

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        scale, divisor = self.divided(unit, point)
        return Coding(partial(scale.celsius, divisor), partial(scale.told, divisor))

    @override
    def listed(self, unit: PointUnit, point: str) -> tuple[float, float]:
        return (
            COOLED if self.is_cooled else (COLDEST, HOTTEST if self.is_hot(unit) else WARMEST_ROOM)
        )

    @override
    def keep(self, unit: PointUnit, point: str) -> Facts:
        """Keep the divisor that two reports in a row have said, what the last one says, and HOT."""
        if unit.settings.temperature:
            return ()  # its owner knows
        known, now = unit.kept.get(point, NOTHING), self.divided(unit, point)[1]
        agreed = max(int(known[0]), min(int(known[1]), now))
        is_hot = point == self.target and self.is_hot(unit)
        return (str(agreed), str(now), *((HOT,) if is_hot else ()))

    def is_hot(self, unit: PointUnit) -> bool:
        """Return whether its target is, or was, higher than a room's."""
        scale, size = self.scale(unit), size_of(unit, self.target)
        is_now = scale.celsius(scale.target, size) > WARMEST_ROOM
        return is_now or HOT in unit.kept.get(self.target, NOTHING)


def divisor(size: float, most: float, fine: float = 0) -> int:
    """Return the least divisor by which a number is a temperature of at most so much.

    `fine` is the highest one in tenths, if that is another.
    """
    if size <= most:
        return 1
    return 10 if size <= 10 * (fine or most) else 100


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
