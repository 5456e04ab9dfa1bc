"""The values of a choice as Home Assistant has words for them: lower-case slugs."""

from collections.abc import Mapping
from enum import Enum
import re
from typing import Any

UNKNOWN = "unknown"
"""The value by which a device says that it does not know; Home Assistant has a state for it."""


def slug(text: str) -> str:
    """Return `text` in lower case, its words joined by underscores: windFree: wind_free."""
    return re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def choices_of(kind: type[Any]) -> Mapping[str, Enum]:
    """Return the members of an enum by what Home Assistant calls them; of other types nothing.

    They keep their own values where two would have the same slug. A device's own words, which
    no type lists, are left as they are: nobody can have translated them.
    """
    if not issubclass(kind, Enum):
        return {}
    members = {str(m.value): m for m in kind if m.value != UNKNOWN}
    slugs = {slug(value): m for value, m in members.items()}
    return slugs if len(slugs) == len(members) and all(slugs) else members


def choice(choices: Mapping[str, Enum], value: object) -> str | None:
    """Return what Home Assistant calls a value, None where it has no name for it."""
    return next((name for name, member in choices.items() if member is value), None)
