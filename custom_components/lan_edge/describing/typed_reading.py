"""A value that was typed instead of picked: the one of that name, else a place in an answer."""

from collections.abc import Collection, Mapping
from typing import Any

from lan_edge import typed_bit, typed_byte_place

from .field_label import is_label_of


def typed_reading(text: str, readings: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return where a value is that was typed as a path, or as in `#2 u16be`.

    It is that of `readings` with this name, which may have its request before it, as in the list.
    Else it is in that answer, or in the one whose values are listed first.
    """
    sources = list(dict.fromkeys(each["from"] for each in readings.values() if "from" in each))
    source, colon, rest = text.strip().partition(": ")
    is_said = bool(colon) and source in sources
    name, wanted = (rest.strip(), [source]) if is_said else (text.strip(), sources)
    place: dict[str, Any] = typed_byte_place(name) or _place(name)
    if (found := _found(name, place, wanted, readings)) is not None:
        return dict(found)
    return {"from": wanted[0], **place} if wanted else place


def _place(name: str) -> dict[str, Any]:
    """Return a path, with the bit of a number if one was typed, as in `flags bit 4`."""
    found = typed_bit(name)
    return {"path": name} if found is None else {"path": found[0], "bit": found[1]}


def _found(
    name: str,
    place: dict[str, Any],
    sources: Collection[str],
    readings: Mapping[str, dict[str, Any]],
) -> dict[str, Any] | None:
    """Return the reading at a place, or that is listed by a name."""
    listed = {label: each for label, each in readings.items() if each.get("from") in sources}
    for each in listed.values():
        if each == {"from": each["from"], **place}:
            return each
    for label, each in listed.items():
        if is_label_of(label, name) or is_label_of(label, f"{each['from']}: {name}"):
            return each
    return None
