"""Tuya's fans, with a light or without, and air purifiers."""

from collections.abc import Iterator
from dataclasses import replace

from lan_edge import FanSpeed, FilterState, FineDustSensor, Json, number, value_at

from .lights import lights
from .parts import (
    Part,
    Reading,
    TuyaSettings,
    constant,
    has_flag,
    has_number,
    is_number,
    reading,
    switch_at,
    whole,
)

MOST_SPEEDS = 13
"""More are the speed of something only if it may swing or turn the other way round, too."""
MANY_SPEEDS, FEW_SPEEDS, SPEEDS = 100, 3, 6
MODES_OF_PURIFIERS = {"auto", "manual", "sleep"}
MOST_DUST = 1000
FULL = 100


def is_speed(value: object) -> bool:
    """Return whether a value may be a speed: a number, or digits."""
    is_text = isinstance(value, str) and value.isdecimal()
    return is_text or (is_number(value) and 0 <= value <= MANY_SPEEDS)


def is_ceiling_fan(points: Json) -> bool:
    """Return whether a unit is a fan for the ceiling, which may have a light."""
    return has_flag(points, "60") and ("62" not in points or is_speed(points["62"]))


def is_fan(points: Json) -> bool:
    """Return whether a unit is a fan: a mode, a speed, and no other number after them."""
    has_mode = bool(points.get("2")) and isinstance(points["2"], str)
    may_turn = has_flag(points, "5") or isinstance(points.get("8"), str)
    is_fast = has_number(points, "3", MOST_SPEEDS) and not may_turn
    has_speed = is_speed(points.get("3")) and not is_fast and not has_number(points, "4")
    return has_flag(points, "1") and has_mode and has_speed


def is_purifier(points: Json) -> bool:
    """Return whether a unit cleans the air: the dust in it, and a mode."""
    mode = points.get("3")
    is_mode = isinstance(mode, str) and mode.lower() in MODES_OF_PURIFIERS
    return has_flag(points, "1") and has_number(points, "2", 0, MOST_DUST) and is_mode


def purifiers(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield an air purifier, which is a fan if its speed is a number."""
    own = {"switch": "1"} | ({"speed": "4"} if is_speed(points.get("4")) else {})
    dust, left = FineDustSensor, FilterState
    readings = [reading(dust, dust.fine_dust_level, "2", number)]
    if has_number(points, "5", 0, FULL):
        readings.append(reading(left, left.filter_life_remaining, "5", whole))
    turning = speeds(points, own, settings) if "speed" in own else (switch_at("1"),)
    yield "", Part((*turning, *readings), own, "fan" if "speed" in own else "")


def speeds(
    points: Json, own: dict[str, str], settings: TuyaSettings
) -> tuple[Reading, Reading, Reading]:
    """Return the readings of a fan with these points, by what they mean."""
    speed = points.get(own["speed"])
    most = FEW_SPEEDS if isinstance(speed, str) else SPEEDS
    if is_number(speed) and speed > 2 * SPEEDS:
        most = MANY_SPEEDS

    def shown(points: Json) -> int | None:
        is_off = points.get(own["switch"]) is False
        return 0 if is_off else value_at(points, own["speed"], whole)

    return (
        switch_at(own["switch"]),
        constant(FanSpeed, FanSpeed.fan_speed_range, (0, settings.speeds or most)),
        Reading(FanSpeed, FanSpeed.fan_speed, shown),
    )


def fans(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a fan, and its light if it has one."""
    own = {"switch": "60", "speed": "62"} if "60" in points else {"switch": "1", "speed": "3"}
    yield "", Part(speeds(points, own, settings), own, "fan")
    if has_flag(points, "20"):
        for _, part in lights(points, settings):
            yield "light", replace(part, name="Light")
