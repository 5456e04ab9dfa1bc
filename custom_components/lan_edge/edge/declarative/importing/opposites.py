"""Requests that do the opposite of each other, and so are a switch."""

from collections.abc import Iterator
from dataclasses import dataclass
import re
from typing import Any

from .commands import says_how

_OPPOSITES = (
    ("on", "off"),
    ("true", "false"),
    ("1", "0"),
    ("turnon", "turnoff"),
    ("poweron", "poweroff"),
    ("enable", "disable"),
    ("enabled", "disabled"),
    ("start", "stop"),
)
_ON_OR_OFF = {"on", "off", "toggle", "true", "false"}
_WHICH = {"relay", "output", "outlet", "switch", "button", "number", "no", "nr", "slot", "bank"}
"""Names of a number that says which one is meant, besides those of readings."""
_WORD_OF_PAIR = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class OppositeNames:
    """Two names that differ only in whether something is on."""

    name: str
    """What both have."""
    is_first_on: bool


def opposite_names(one: str, other: str) -> OppositeNames | None:
    """Return what two names have, such as `pump_on` and `pump_off`; None if they are not such."""
    first, second = (
        [word.lower() for word in _WORD_OF_PAIR.findall(name)] for name in (one, other)
    )
    if len(first) != len(second):
        return None
    changed = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    if len(changed) != 1 or not {changed[0], changed[0][::-1]} & {*_OPPOSITES}:
        return None
    shared = [a for a, b in zip(first, second, strict=True) if a == b]
    return OppositeNames(" ".join(shared), changed[0] in _OPPOSITES)


def opposite(one: Any, other: Any) -> tuple[Any, Any] | None:
    """Return two requests as the one for on and the one for off; None if they are no such pair."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return None
    leaves, others = dict(_leaves(one)), dict(_leaves(other))
    changed = [path for path in {*leaves, *others} if leaves.get(path) != others.get(path)]
    if len(changed) != 1 or changed[0] not in leaves or changed[0] not in others:
        return None
    [path] = changed
    first, second = _words(leaves[path]), _words(others[path])
    if len(first) != len(second):
        return None
    at = [at for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    pairs = {(first[each], second[each]) for each in at}
    if len(pairs) != 1 or not _is_said_by(path, first, at[0], leaves):
        return None
    [pair] = pairs
    if pair in _OPPOSITES:
        return one, other
    return (other, one) if pair[::-1] in _OPPOSITES else None


def _is_said_by(
    path: tuple[Any, ...], words: list[str], at: int, leaves: dict[tuple[Any, ...], Any]
) -> bool:
    """Return whether a word of a request can say on or off, and not which thing is meant."""
    name = str(path[-1]) if len(path) > 1 else ""
    if name and (says_how(name) or name.lower() in _WHICH):
        return False
    if words[at] not in {"0", "1"}:
        return True
    others = [word for place, leaf in leaves.items() if place != path for word in _words(leaf)]
    if {*others, *words[:at], *words[at + 1 :]} & _ON_OR_OFF:
        return False
    before = [each for each in words[:at] if each.isalnum()][-1:]
    return bool(name) or not before or before[0].isdecimal()  # /1, or pin 4 in /digital/4/1


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the single values in a request, with where they are."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in pairs:
            yield from _leaves(each, (*path, key))
    else:
        # 1 and true are different values, though they are equal
        yield path, (type(value).__name__, value)


def _words(leaf: tuple[str, Any]) -> list[str]:
    return re.split(r"(?<![A-Za-z0-9])|(?![A-Za-z0-9])", str(leaf[1]).lower())
