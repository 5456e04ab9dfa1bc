"""Patterns for lines: which of them ends a reply, greets or refuses. No I/O."""

from collections.abc import Callable
import re

from ...errors import ArgumentError

MAX_MATCHED = 1000
"""A longer line matches no regular expression: the device must not decide how long that takes."""

type LinePattern = str | Callable[[str], bool]
"""A regular expression that a whole line must match, or a function that returns whether it does."""


def check_pattern(pattern: LinePattern | None, name: str) -> None:
    """Raise ArgumentError for a text that is no regular expression."""
    if not isinstance(pattern, str):
        return
    try:
        re.compile(pattern)
    except re.error as err:
        raise ArgumentError(f"{name}: {pattern!r} is no regular expression: {err}") from None


def matches(pattern: LinePattern, line: str) -> bool:
    """Return whether a line matches."""
    return words_of_match(pattern, line) is not None


def words_of_match(pattern: LinePattern, line: str) -> str | None:
    """Return the first group of the match, or the line if there is no group; None: no match."""
    if not isinstance(pattern, str):
        return line if pattern(line) else None
    if len(line) > MAX_MATCHED or (match := re.fullmatch(pattern, line)) is None:
        return None
    return (match[1] or "") if match.re.groups else line
