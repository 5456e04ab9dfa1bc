"""The values of an enum as Home Assistant's options: lower-case slugs, which can be translated."""

from collections.abc import Collection, Mapping
from enum import Enum
import re
from typing import Any

UNKNOWN = "unknown"
"""Not an option: Home Assistant has a state of its own for an unknown value."""


def slug(text: str) -> str:
    """Return a text in lower case with underscores between words: `windFree` is `wind_free`."""
    return re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def options_of(kind: type[Any]) -> Mapping[str, Enum]:
    """Return the members of an enum by their option; an empty mapping for any other type.

    If two members would have the same slug, all keep their values. A text attribute, whose words
    only the device knows, has none: there can be no translations for them.
    """
    if not issubclass(kind, Enum):
        return {}
    members = {str(m.value): m for m in kind if m.value != UNKNOWN}
    slugs = {slug(value): m for value, m in members.items()}
    return slugs if len(slugs) == len(members) and all(slugs) else members


def option_of(options: Mapping[str, Enum], value: object) -> str | None:
    """Return the option of a value, or None if it has none."""
    return next((name for name, member in options.items() if member is value), None)


def listed[T](value: T | None, choices: Collection[T] | None) -> T | None:
    """Return a value if it can be chosen, or if there is no list of what can be; otherwise None."""
    return value if choices is None or value in choices else None
