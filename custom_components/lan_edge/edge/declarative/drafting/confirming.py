"""How commands of a draft are confirmed, once what they set is read."""

from collections.abc import Iterator
from typing import Any

from .changing import PLACE_FIELDS


def confirm_by_reading(values: dict[str, Any]) -> None:
    """Take away what stands in for reading, as far as a description reads what it sets."""
    for own in _own(values):
        if _is_read(own):
            own.pop("assumed", None)
    switches = [each["switch"] for each in _components(values) if "switch" in each]
    is_all_read = all("switch" in each for each in switches) and all(
        "set" not in own or "assumed" in own or _is_read(own) for own in _own(values)
    )
    if values.get("confirm") == "echo" and is_all_read:
        del values["confirm"]


def _components(values: dict[str, Any]) -> list[dict[str, Any]]:
    components: dict[str, dict[str, Any]] = values.get("components", {})
    return list(components.values())


def _own(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in _components(values):
        yield from component.get("own", {}).values()


def _is_read(own: dict[str, Any]) -> bool:
    return any(field in own for field in PLACE_FIELDS)
