"""What is shown of a place in an answer and its value: of a long place, its end comes first.

A field on a phone shows the beginning only.
"""

import re

MAX_PLACE_SHOWN = 28
"""Characters of a place that a field on a phone shows, besides the value."""
_SEPARATOR = " · "
_LAST_NAME = re.compile(r"[\w-]+(?:\[\d+\])*(?: bit \d+)?")


def field_label(place: str, value: str) -> str:
    """Return a place, with its request if that has to be said, and its value."""
    beginning, end = _label_parts(place)
    return f"{beginning} = {value}{end}"


def is_label_of(label: str, place: str) -> bool:
    """Return whether a label is that of a place, whatever its value is."""
    beginning, end = _label_parts(place)
    is_whole = bool(end) or _SEPARATOR not in label
    return is_whole and label.startswith(f"{beginning} = ") and label.endswith(end)


def _label_parts(place: str) -> tuple[str, str]:
    """Return what is before the value, and what is after it."""
    parent, _, name = place.rpartition(".")
    if len(place) <= MAX_PLACE_SHOWN or not (parent and _LAST_NAME.fullmatch(name)):
        return place, ""
    return name, _SEPARATOR + parent
