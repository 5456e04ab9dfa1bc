"""Signs: what the values of points have to be, so that a device is of a kind."""

from collections.abc import Callable, Iterable, Mapping
import math
import re
from typing import Any, TypeGuard

type Sign = Callable[[Any], bool]
"""Returns whether a value, or None for a point that is not reported, is as it has to be."""
type Names = Mapping[str, Sign | Iterable[str]]
"""Signs that have a name of their own; of words, one has to be the value."""


def is_flag(value: Any) -> bool:
    """Return whether a value is true or false."""
    return type(value) is bool


def is_text(value: Any) -> bool:
    """Return whether a value is a text."""
    return isinstance(value, str)


def is_number(value: Any) -> TypeGuard[float]:
    """Return whether a value is a number, and no bool."""
    return type(value) in {int, float}


def between(least: float, most: float = math.inf) -> Sign:
    """Return the sign of a number within limits."""
    return lambda value: is_number(value) and least <= value <= most


def word(words: Iterable[str]) -> Sign:
    """Return the sign of one of some words."""
    known = {*words}
    return lambda value: isinstance(value, str) and value in known


QUOTES = '""'
WHERE = re.compile(r"[*#]|\^?\d+(-\d+)?([|,]\d+(-\d+)?)*")
"""What can stand for points."""
USUAL: Mapping[str, Sign] = {
    "any": lambda value: value is not None,
    "none": lambda value: value is None,
    "flag": is_flag,
    "text": is_text,
    "number": is_number,
}


def sign_of(text: str, names: Names) -> Sign:
    """Return the sign that a text means: `flag`, `5..95`, `"on|off"`, `!number`, `text?`.

    `names` has those that have a name of their own; of words in quotes, one has to be the value.
    `!` means that it is not so, `?` that the point may also not be reported. Raises ValueError.
    """
    if text.startswith("!"):
        inner = sign_of(text[1:], names)
        return lambda value: not inner(value)
    if text.endswith("?"):
        inner = sign_of(text[:-1], names)
        return lambda value: value is None or inner(value)
    if known := names.get(text) or USUAL.get(text):
        return known if callable(known) else word(known)
    if len(text) > len(QUOTES) and text[0] + text[-1] == QUOTES:
        return word(text[1:-1].split("|"))
    least, dots, most = text.partition("..")
    if not dots:
        raise ValueError(f"there is no sign {text!r}, and words have to be in double quotes")
    return between(float(least), float(most or math.inf))


class Signs:
    """The signs of a device, as a text: `1=flag 2|3=5..95 4-6,9=number? *=none`.

    Before `=` is a point; `2|3` stands for one of them, `4-6,9` for each of them, `^1-8` for the
    first of them that is reported, `*` for each other point, and `#` for how many there are.
    """

    def __init__(self, text: str, names: Names) -> None:
        """Take the text, and the signs that it names; raise ValueError."""
        pairs = (each.partition("=") for each in text.split())
        self._signs = [(where, sign_of(how, names)) for where, _, how in pairs]
        self._named = {point for where, _ in self._signs for point in points_in(where)}

    def fit(self, points: Mapping[str, Any]) -> bool:
        """Return whether points have all of these signs."""
        return all(self._has(points, where, sign) for where, sign in self._signs)

    def _has(self, points: Mapping[str, Any], where: str, sign: Sign) -> bool:
        if where == "*":
            return all(sign(value) for point, value in points.items() if point not in self._named)
        if where == "#":
            return sign(len(points))
        values = [points.get(point) for point in points_in(where)]
        if where.startswith("^"):
            return sign(next((value for value in values if value is not None), None))
        return any(map(sign, values)) if "|" in where else all(map(sign, values))


def points_in(where: str) -> list[str]:
    """Return the points that a text names: `1`, `2|3`, `4-6,9`; none of `*` and `#`.

    Raises ValueError for a text that names none.
    """
    if not WHERE.fullmatch(where):
        raise ValueError(f"{where!r} is no point")
    points: list[str] = []
    for part in re.findall(r"[\d-]+", where):
        first, _, last = part.partition("-")
        if int(last or first) < int(first):
            raise ValueError(f"{part!r} has no points")
        points += [str(n) for n in range(int(first), int(last or first) + 1)]
    return points
