"""One value in JSON as its schema describes it: a number, a text, one of some words, or a truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ...picking.json_fields import joined_path
from ..credentials import is_secret_field
from .units import NO_UNIT, Unit

MAX_CHOICES = 64
"""The most words of a choice; a value with more is a text."""
SWITCH_NAMES = {
    *("", "on", "turn", "onoff", "on_off", "ison", "is_on"),
    *("relay", "switch", "power", "state", "output"),
}
"""Names of a truth that is whether the device itself is on."""
_TRUTHS = (("on", "off"), ("true", "false"), ("yes", "no"), ("1", "0"), ("enabled", "disabled"))
"""Words that mean true and false."""


class ValueType(StrEnum):
    """What a value is."""

    TRUTH = "truth"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaValue:
    """A value without parts, and where it is."""

    keys: tuple[str | int, ...] = ()
    """The names and indices that lead to it; empty: it is the whole."""
    type: ValueType = ValueType.TEXT
    on: Any = True
    """What means true."""
    off: Any = False
    """What means false."""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """The words for the values of a choice, by the value as text."""
    originals: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The values of a choice as they are sent, by the value as text."""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: Unit = NO_UNIT
    details: str = ""
    title: str = ""
    is_read_only: bool = False
    is_write_only: bool = False
    is_required: bool = False
    is_password: bool = False
    default: Any = None
    """What is sent if nothing else is; None: nothing."""
    example: Any = None

    @property
    def path(self) -> str:
        """Where it is, as the path of a reading."""
        path = ""
        for key in self.keys:
            path = f"{path}[{key}]" if isinstance(key, int) else joined_path(path, key)
        return path

    @property
    def name(self) -> str:
        """The last name that leads to it; empty: it has none."""
        return next((key for key in reversed(self.keys) if isinstance(key, str)), "")

    @property
    def is_secret(self) -> bool:
        """Whether it is a password or a key, as it seems."""
        return self.is_password or is_secret_field(self.name, "0000")

    @property
    def is_first_of_list(self) -> bool:
        """Whether it is in a list."""
        return any(isinstance(key, int) for key in self.keys)


def opposite_words(words: Iterable[str]) -> tuple[str, str] | None:
    """Return the word that means true and the one that means false among some, or None."""
    by_text = {each.lower(): each for each in words}
    for on, off in _TRUTHS:
        if {on, off} <= {*by_text}:
            return by_text[on], by_text[off]
    return None


def are_opposites(words: Iterable[str]) -> bool:
    """Return whether all of some words mean true or false."""
    return {each.lower() for each in words} <= {word for pair in _TRUTHS for word in pair}
