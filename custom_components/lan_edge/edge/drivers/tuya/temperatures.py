"""What the numbers of an air conditioner's temperatures mean: their divisor, and °C or °F.

A device tells neither. Its target is in a narrow range; what it measures is not, so of what it has
reported since the start, the value that is farthest from 0 decides.
"""

from dataclasses import dataclass
from typing import Any

from lan_edge import Json, number

from .parts import TuyaSettings, is_number

TARGET, MEASURED = "2", "3"
HIGHEST_TARGET = 100
WARMEST, WARMEST_F = 50, 120
"""No room is warmer, in °C and in °F. A target above it is in °F."""
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
    size = abs(value) if is_number(value) else 0
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
