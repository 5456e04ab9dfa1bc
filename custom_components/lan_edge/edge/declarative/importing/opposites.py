"""Requests that do the opposite of each other, and so are a switch."""

from collections.abc import Iterator
from dataclasses import dataclass
import re
from typing import Any

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
    first, second = _words(leaves[changed[0]]), _words(others[changed[0]])
    if len(first) != len(second):
        return None
    pairs = {(a, b) for a, b in zip(first, second, strict=True) if a != b}
    if len(pairs) != 1:
        return None
    [pair] = pairs
    if pair in _OPPOSITES:
        return one, other
    return (other, one) if pair[::-1] in _OPPOSITES else None


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
