"""The names of values that are added several at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
import re

from ..entities.names import in_words
from ..reporting.markdown import as_plain_text

MAX_NAME = 60
"""Characters of a name: a device may call its parts anything."""
_NO_WORD = re.compile(r"[\W_]+")
_INITIALS = {"ac", "co2", "cpu", "dc", "dns", "id", "ip", "led", "mac", "ntp", "pv", "rssi", "ssid"}
"""Words that are written in capitals."""


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
    used, names = {each.casefold() for each in taken}, list[str]()
    shared = _shared(map(_quantity, values)) | _shared(map(_short, values))
    for value in values:
        name = next(each for each in _names(value, shared) if each.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _shared(names: Iterable[str]) -> set[str]:
    """Return what more than one value would be called."""
    return {each for each, number in Counter(names).items() if number > 1}


def _names(value: Nameless, shared: set[str]) -> Iterator[str]:
    """Yield names, the best first, without an end."""
    short = [each for each in (_quantity(value), _short(value)) if each and each not in shared]
    names = [*short, _called(value, _words(value.place)) or value.kind]
    yield from names
    yield from (f"{names[-1]} {number}" for number in count(2))


def _quantity(value: Nameless) -> str:
    return as_plain_text(f"{value.called} {value.quantity}")[:MAX_NAME] if value.quantity else ""


def _short(value: Nameless) -> str:
    return _called(value, _words(value.place.rpartition(".")[2]))


def _called(value: Nameless, words: str) -> str:
    """Return words after what the item of a list is called in which they are."""
    name = f"{value.called} {words[:1].lower()}{words[1:]}" if value.called else words
    return as_plain_text(name)[:MAX_NAME]


def _words(place: str) -> str:
    """Return a place in words: `meters[0].realPower` is `Meters 0 real power`."""
    words = [in_words(each) for each in _NO_WORD.sub(" ", place).split()]
    words = [each if at == 0 else each.lower() for at, each in enumerate(words)]
    return " ".join(each.upper() if each.lower() in _INITIALS else each for each in words)
