"""Venstar: the sensors that a thermostat lists: those that it hears, by name.

Newer firmware gives the remote ones ids.
"""

from collections import Counter
from collections.abc import Mapping
import re

from lan_edge import Json, objects_at, text_at

MAX_SENSORS, MAX_NAME = 64, 64


def sensors_in(reply: Json) -> list[Json]:
    """Return the sensors that have a name."""
    sensors = objects_at(reply, "sensors") if isinstance(reply.get("sensors"), list) else []
    return [sensor for sensor in sensors if text_at(sensor, "name")][:MAX_SENSORS]


def keyed_by_id(sensors: list[Json]) -> dict[str, Json]:
    """Return the sensors by name and id; those without an id are counted."""
    counts, keyed = Counter[str](), dict[str, Json]()
    for sensor in sensors:
        name, own_id = sensor["name"][:MAX_NAME], sensor.get("id")
        if type(own_id) is not int:
            own_id = f"#{counts[name]}"
            counts[name] += 1
        keyed[f"{name}\n{own_id}"] = sensor
    return keyed


def is_ambiguous(key: str, known: tuple[str, ...], keyed: Mapping[str, Json]) -> bool:
    """Return whether a sensor cannot be told from another of its name that is not listed."""
    alike = f"{name_in(key)}\n#"
    return key.startswith(alike) and any(k.startswith(alike) and k not in keyed for k in known)


def components_of(known: tuple[str, ...]) -> dict[str, str]:
    """Return the component of each sensor; only names that are alike get a number."""
    parts: dict[str, str] = {}
    counts = Counter[str]()
    for key in known:
        part = re.sub(r"\W+", "_", f"sensor {name_in(key)}").lower()
        counts[part] += 1
        parts[key] = part if counts[part] == 1 else f"{part}-{counts[part]}"
    return parts


def name_in(key: str) -> str:
    """Return the name in a key."""
    return key.partition("\n")[0]


def name_of(sensor: Json, part: str) -> str:
    """Return the name of a sensor, with its number if others have the same."""
    _, is_numbered, number_ = part.rpartition("-")
    return f"{sensor['name']} {number_}" if is_numbered else sensor["name"]
