"""What the numbers of an air conditioner's temperatures mean: their divisor, and °C or °F.

A device tells neither. Its target is in a narrow range; what it measures is not, so of what it has
reported since the start, the value that is farthest from 0 decides.
"""

from dataclasses import dataclass
from typing import Any

from lan_edge import Json, number

from .parts import TuyaSettings, has_flag, is_number

TARGET, MEASURED = "2", "3"
HIGHEST_TARGET = 100
MOST, LEAST_F, WARMEST_ROOM = 120, 40, 40
"""The highest number of whole degrees, in °C or °F; the lowest target in °F; the highest target of
what heats a room only."""
LEAST_TENTHS, ALL = 50, 4500
"""The lowest target in tenths, and the highest number of any temperature."""
WARMEST, WARMEST_F = 50, 120
"""No room is warmer, in °C and in °F. A target above it is in °F."""
ROOM = 30
"""No room is warmer for long, in °C: what counts halves reports more."""
DIVISORS = (1, 10, 100)


@dataclass(frozen=True)
class Degrees:
    """What a number of degrees is divided by, and whether they are °F."""

    divisor: int
    is_fahrenheit: bool

    def celsius(self, value: Any) -> float:
        """Return the temperature of a number; raise ReplyError."""
        degrees = number(value) / self.divisor
        return round((degrees - 32) / 1.8 if self.is_fahrenheit else degrees, 3)


def divisor(value: object, most: float, settings: TuyaSettings) -> int:
    """Return what a temperature is divided by, as the user has said, or so that it is possible."""
    size = size_of(value)
    guessed = next((each for each in DIVISORS if size <= most * each), DIVISORS[-1])
    return settings.temperature or guessed


def of_target(points: Json, settings: TuyaSettings) -> Degrees:
    """Return what the target means."""
    target = points.get(TARGET)
    scale = divisor(target, HIGHEST_TARGET, settings)
    return Degrees(scale, is_number(target) and target > WARMEST * scale)


def of_measured(points: Json, settings: TuyaSettings) -> Degrees:
    """Return what the measured temperature means."""
    is_fahrenheit = of_target(points, settings).is_fahrenheit
    most = WARMEST_F if is_fahrenheit else WARMEST
    return Degrees(divisor(points.get(MEASURED), most, settings), is_fahrenheit)


def of_heater(
    points: Json, target: str, measured: str, settings: TuyaSettings
) -> tuple[Degrees, Degrees]:
    """Return what the target and the measured temperature of what heats mean.

    The unit counts only if it is told, since water may be as warm in °C as a room is in °F.
    """
    size, room = (size_of(points.get(n)) for n in (target, measured))
    if counts_halves(points, room):
        halves = Degrees(settings.temperature or 2, is_fahrenheit=False)
        return halves, halves
    is_told = any(value in ("f", "F") for value in points.values())
    most = MOST if is_told or target == TARGET else WARMEST_ROOM
    scale, other = (
        next((d for d in DIVISORS if s <= most * d), DIVISORS[-1]) for s in (size, room)
    )
    if size >= LEAST_TENTHS and other > scale:
        scale = other
    if scale > other and room > WARMEST:
        other = scale
    is_fahrenheit = is_told and size > LEAST_F * scale
    return (
        Degrees(settings.temperature or scale, is_fahrenheit),
        Degrees(settings.temperature or other, is_fahrenheit),
    )


def counts_halves(points: Json, room: float) -> bool:
    """Return whether a thermostat counts halves of degrees.

    It has two flags behind its mode, which is a number as a text in most of them.
    """
    is_one = has_flag(points, "5") and has_flag(points, "6")
    return is_one and (str(points.get("4")).isdecimal() or ROOM < room < WARMEST_F / 2)


def size_of(value: object) -> float:
    """Return the size of a number; 0 of what is none."""
    return abs(value) if is_number(value) else 0


def says(size: float) -> int:
    """Return how much a size says of a divisor: larger ones leave fewer possible."""
    return sum(size > each * ten for ten in DIVISORS for each in (WARMEST_ROOM, WARMEST, MOST))


def telling(known: Json, news: Json, settings: TuyaSettings) -> Json:
    """Return new points, but the known temperature if it says more of its divisor."""
    then, now = known.get(MEASURED), news.get(MEASURED)
    if not is_number(then):
        return news
    is_fahrenheit = of_target(known | news, settings).is_fahrenheit
    if is_fahrenheit != of_target(known, settings).is_fahrenheit:
        return {MEASURED: type(then)(0), **news}  # what is known has the other unit
    if not is_number(now):
        return news
    limit = DIVISORS[-1] * (WARMEST_F if is_fahrenheit else WARMEST)
    says_less = abs(now) < abs(then) <= limit or abs(now) > limit
    return {**news, MEASURED: then} if says_less else news
