"""A value in an example answer, with the reading that finds it in the next one, too."""

from dataclasses import dataclass
from enum import StrEnum

from ..reading.value_reading import ValueReading

MAX_FIELDS = 250
"""The most values of an answer to pick from."""


class FieldKind(StrEnum):
    """How a value is found, which says what `place` is."""

    WHOLE = "whole"
    """It is the whole answer; there is no place."""
    PATH = "path"
    """By a path."""
    NUMBER = "number"
    """It is the number in a text that is found by a path."""
    AFTER = "after"
    """By the text before it."""
    WORD = "word"
    """It is a word of the text, counted from 1."""
    BYTE = "byte"
    """By its place among bytes, counted from 0; also where a text begins among them."""


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A value that can be picked."""

    kind: FieldKind
    """How it is found."""
    place: str
    """Where it stands, as users see it."""
    value: str | float | bool | None
    """What is there in the example."""
    reading: ValueReading
    """Where it is."""
    unit: str = ""
    """What is written after a number, such as °C."""
    called: str = ""
    """What the item of a list is called in which it is, such as an outlet; empty: nothing."""
