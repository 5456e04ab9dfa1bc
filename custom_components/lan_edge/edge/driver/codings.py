"""How devices code values: what a code means, and the code of what is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from ..errors import RefusedError
from .color import color_in, color_number
from .message_values import number, scaled, value_in, word_of


def as_it_is(value: Any) -> Any:
    """Return a value that is its own code."""
    return value


@dataclass(frozen=True, slots=True)
class Coding:
    """How a device codes a value: both ways, so that a table has a row for each value."""

    read: Callable[[Any], Any] = as_it_is
    """Returns what a code means, None for what is not known; may raise ReplyError."""
    write: Callable[[Any], Any] = as_it_is
    """Returns the code of what is wanted; may raise RefusedError."""

    @staticmethod
    def units(unit: float, digits: int = 3) -> Coding:
        """Return that of a number of units: `Coding.units(0.1)` of tenths."""
        return Coding(scaled(unit, digits), lambda value: round(value / unit))

    @staticmethod
    def share(low: float, high: float, lowest: int, highest: int) -> Coding:
        """Return that of a whole number from `low` to `high`, told as `lowest` to `highest`.

        What is wanted beyond that is the nearest that there is.
        """
        step = (high - low) / (highest - lowest)

        def read(code: Any) -> int:
            return round(low + (number(code, minimum=lowest, maximum=highest) - lowest) * step)

        def write(value: float) -> int:
            return round(lowest + (min(max(value, low), high) - low) / step)

        return Coding(read, write)

    @staticmethod
    def words(known: Mapping[Any, Any]) -> Coding:
        """Return that of a choice, by code: numbers and texts, or false and true.

        A code whose word is None cannot be set. Of several codes with one word, the first is set.
        """
        codes = {word: code for code, word in reversed([*known.items()]) if word is not None}
        return Coding(partial(word_of, known), partial(code_of, codes))

    @staticmethod
    def hue() -> Coding:
        """Return that of the hue of a colour that is one number, 0xRRGGBB.

        What is wanted is the colour: its hue and its saturation.
        """
        return Coding(lambda code: color_in(code)[0], lambda color: color_number(*color))

    @staticmethod
    def saturation() -> Coding:
        """Return that of the saturation of such a colour."""
        return Coding(lambda code: color_in(code)[1], lambda color: color_number(*color))

    @staticmethod
    def flag(off: Any = 0, on: Any = 1) -> Coding:
        """Return that of what is on or off."""
        return Coding.words({off: False, on: True})


@dataclass(frozen=True, slots=True)
class Case:
    """What it means that several fields of a message have certain values at once."""

    word: Any
    """What it means."""
    when: Mapping[str, Any]
    """The value of each field, by its path; `ANY` or `MORE`."""
    code: Any = None
    """What sets it, in the driver's own terms; None: it cannot be set."""

    ANY: ClassVar[str] = "any whole number"
    """What stands for any whole number in `when`."""
    MORE: ClassVar[str] = "any whole number above 0"
    """What stands for any whole number above 0."""

    @staticmethod
    def coding(*cases: Case) -> Coding:
        """Return the coding of a whole message: the first of the cases that is true counts.

        If none is, what it means is not known.
        """

        def read(message: Any) -> Any:
            return next((case.word for case in cases if case.is_true(message)), None)

        codes = {case.word: case.code for case in reversed(cases) if case.code is not None}
        return Coding(read, partial(code_of, codes))

    def is_true(self, message: object) -> bool:
        """Return whether all fields are as they must be."""
        return all(fits(value_in(message, at), wanted) for at, wanted in self.when.items())


def fits(value: Any, wanted: Any) -> bool:
    """Return whether a value of a field is as a case wants it."""
    if wanted in {Case.ANY, Case.MORE}:
        return type(value) is int and (wanted == Case.ANY or value > 0)
    return type(value) is type(wanted) and value == wanted


def code_of(codes: Mapping[Any, Any], word: Any) -> Any:
    """Return the code of a word; raise RefusedError."""
    if word in codes:
        return codes[word]
    raise RefusedError(t"it only has {', '.join(f'{each}' for each in reversed(codes))}")
