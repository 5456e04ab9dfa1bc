"""Takes parts with faults out of a draft, so that what is right stays."""

from collections.abc import Mapping
from typing import Any


def without_part(whole: Mapping[str, Any], path: tuple[Any, ...]) -> bool:
    """Take out the part to which a fault's path leads; return whether there was something.

    That is a whole request, parameter, component, or value of a component.
    """
    first = path[0] if path else ""
    depth = {"components": 4 if "own" in path[2:3] else 3}.get(first, 2) if path else 0
    *around, last = path[1:depth] or ("",)
    part: Any = whole.get(first)
    for each in around:
        part = part.get(each, {}) if isinstance(part, dict) else {}
    if not isinstance(part, dict) or last not in part:
        return False
    del part[last]
    return True
