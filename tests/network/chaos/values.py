"""The values of devices: which they are set to, by which service, and how they are shown."""

from typing import Any

from tests.real.client import Json

type Act = tuple[str, Json]
"""A service, and what it is called with."""

LIMIT = 24
"""Watts of a battery's limit for 1 of its value: it may be a hundred times that."""


def level(number: int, lane: int) -> float:
    """Return a level of 1 to 100, or off at times: odd in one lane, even in the other.

    Those of neighbouring numbers are far from each other: devices round, and a value that is
    near the one that was asked for is taken for it.
    """
    return 0 if number % 10 == 0 else 1 + number * 19 % 50 * 2 + lane


def wiz_level(number: int, lane: int) -> float:
    return 0 if number % 10 == 0 else 10 + number * 17 % 45 * 2 + lane


def on_or_off(number: int, _lane: int) -> float:
    return number % 2


def degrees(number: int, lane: int) -> float:
    return 5 + number * 7 % 20 + lane / 2


def light(value: float) -> Act:
    return ("turn_on", {"brightness_pct": value}) if value else ("turn_off", {})


def switch(value: float) -> Act:
    return ("turn_on" if value else "turn_off", {})


def thermostat(value: float) -> Act:
    return "set_temperature", {"temperature": value}


def volume(value: float) -> Act:
    return "volume_set", {"volume_level": value / 100}


def limit(value: float) -> Act:
    return "set_value", {"value": value * LIMIT}


def light_shown(state: str, attributes: Json) -> float | None:
    if state == "off":
        return 0
    brightness = attributes.get("brightness")
    return None if state != "on" or brightness is None else round(brightness * 100 / 255)


def switch_shown(state: str, _attributes: Json) -> float | None:
    return {"on": 1, "off": 0}.get(state)


def thermostat_shown(state: str, attributes: Json) -> float | None:
    temperature: Any = attributes.get("temperature")
    return None if state == "unavailable" else temperature


def volume_shown(state: str, attributes: Json) -> float | None:
    told = attributes.get("volume_level")
    return None if state == "unavailable" or told is None else round(told * 100)


def limit_shown(state: str, _attributes: Json) -> float | None:
    return None if state in {"unknown", "unavailable"} else float(state) / LIMIT
