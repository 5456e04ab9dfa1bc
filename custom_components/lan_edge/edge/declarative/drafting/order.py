"""The order in which the fields of a description stand in its text."""

from collections.abc import Mapping
from typing import Any

_ORDER = (
    "description",
    "id",
    "name",
    "products",
    "source",
    "requirements",
    "parameters",
    "settings",
    "found_by",
    "talks",
    "options",
    "pace",
    "tls",
    "login",
    "poll",
    "confirm",
    "connected",
    "posts",
    "requests",
    "messages",
    "refused",
    "identity",
    "device",
    "components",
)


def ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a description in the order in which people read them."""
    known = {key: values[key] for key in _ORDER if key in values}
    return known | {key: value for key, value in values.items() if key not in known}
