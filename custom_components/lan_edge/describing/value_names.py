"""The names of values that are added several at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
import re

from ..entities.names import in_words

_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Nameless:
    """What is known of a value that needs a name."""

    quantity: str
    """What it measures, in the user's language; empty: unknown."""
    place: str
    """Where it is in the answer."""
    called: str
    """What the item of a list is called in which it is; empty: nothing."""
    kind: str
    """The word for what it is to users."""


def names_of(values: Sequence[Nameless], taken: Iterable[str]) -> list[str]:
    """Return a name for each value that no other has: its quantity, or else words of its place."""
    used, several, names = {each.casefold() for each in taken}, _several(values), list[str]()
    for value in values:
        name = next(each for each in _names(value, several) if each.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _several(values: Iterable[Nameless]) -> set[tuple[str, str]]:
    """Return the quantities that more than one value has."""
    counts = Counter((each.called, each.quantity) for each in values)
    return {each for each, number in counts.items() if number > 1}


def _names(value: Nameless, several: set[tuple[str, str]]) -> Iterator[str]:
    """Yield names, the best first, without an end."""
    short, whole = _words(value.place.rpartition(".")[2]), _words(value.place)
    if value.called:
        short, whole = (f"{value.called} {each.lower()}" for each in (short, whole))
    quantity = f"{value.called} {value.quantity}".strip() if value.quantity else ""
    if (value.called, value.quantity) in several:
        quantity = ""
    names = [each for each in (quantity, short, whole) if each] or [value.kind]
    yield from names
    yield from (f"{names[-1]} {number}" for number in count(2))


def _words(place: str) -> str:
    """Return a place in words: `meters[0].realPower` is `Meters 0 real power`."""
    return in_words(_NO_WORD.sub(" ", place).strip())
