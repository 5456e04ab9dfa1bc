"""How Meross devices list what they consist of: by channel, and, behind a hub, by id."""

from collections.abc import Iterable
from typing import Any

from lan_edge import Json, int_at, objects_at, optional_object, text_at

MAX_UNITS, MAX_WORD = 64, 32  # devices behind a hub; letters of an id or of a kind


def channel_of(told: Json) -> int:
    """Return the number of a channel; 0 if there is none."""
    return max(int_at(told, "channel"), 0)


def listed(value: Any) -> list[Json]:
    """Return the objects in a list, or the one that is not in a list: devices answer by both."""
    message = {"told": value}
    if isinstance(value, list):
        return objects_at(message, "told")
    one = optional_object(message, "told")
    return [one] if one else []


def by_channel(told: Iterable[Json]) -> dict[int, Json]:
    """Return what is told of each channel: of several days, the last."""
    return {channel_of(each): each for each in sorted(told, key=lambda day: text_at(day, "date"))}


def kinds_of(units: Iterable[Json]) -> dict[str, str]:
    """Return the kinds of the devices behind a hub, by id.

    It is the name of the object in the entry of one, which it lacks while the hub does not reach
    it.
    """
    found: dict[str, str] = {}
    for each in units:
        own_id = text_at(each, "id")
        kind = next((name for name, value in each.items() if isinstance(value, dict)), "")
        if 0 < len(own_id) <= MAX_WORD and 0 < len(kind) <= MAX_WORD and len(found) < MAX_UNITS:
            found[own_id] = kind
    return found
