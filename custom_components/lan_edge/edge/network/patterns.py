r"""Regular expressions that are safe on text from strangers: none of them can take long.

Python's own tries all ways in which a text may fit, of which an innocent expression such as
`(\w+\s?)*$` has more than anybody can wait for. What is accepted here has few of them.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
import re
from typing import Any, NamedTuple
from warnings import catch_warnings

from ..errors import DriverError
from .text import MAX_FIELD

MAX_STEPS = 10_000_000
"""The most steps that a search may take: tens of milliseconds."""
MAX_PATTERN = 256
"""The longest expression, in characters."""
MAX_SEARCHED = 64 * 1024
"""The longest text for which an expression is examined, in characters."""

_parser: Any = import_module("re._parser")  # no other module tells what an expression consists of
_PLAIN = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"}
_ANCHORS = {"AT_BEGINNING", "AT_BEGINNING_STRING"}
_TOO_MANY = MAX_STEPS + 1


class BoundedPattern(NamedTuple):
    """A regular expression, and the longest text that it takes without taking long."""

    pattern: re.Pattern[str]
    limit: int
    """In characters."""


class SlowPatternError(DriverError, ValueError):
    """A regular expression that could take long on some text."""

    def __init__(self, pattern: str, better: str) -> None:
        """Take the expression, and the same that only matches from the beginning, if that helps."""
        super().__init__(f"the regular expression {pattern!r} could take long")
        self.pattern = pattern
        self.better = better
        self.remedy = (
            f"write {better!r}, which only looks at the beginning, or use fewer of * and +"
            if better
            else (
                "use fewer of * and +, such as [^-]* for all up to a hyphen, "
                "and none within another"
            )
        )


def pattern_remedy(error: ValueError) -> str:
    """Return what to do about an expression that is refused; empty if that is not known."""
    return error.remedy if isinstance(error, SlowPatternError) else ""


@lru_cache(maxsize=256)
def safe_pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression for texts of at most MAX_FIELD characters.

    Raises SlowPatternError, or ValueError for what is no regular expression that is used here.
    """
    return bounded_pattern(text).pattern


@lru_cache(maxsize=256)
def bounded_pattern(text: str, *, is_whole: bool = False) -> BoundedPattern:
    """Return a regular expression with its limit, which is at least MAX_FIELD; raise ValueError.

    `is_whole`: it has to match all of a text, so it is tried at the beginning only. Raises
    SlowPatternError as `safe_pattern` does.
    """
    if len(text) > MAX_PATTERN:
        raise ValueError(f"a regular expression of more than {MAX_PATTERN} characters")
    try:
        parsed, compiled = _parsed(text)
        is_anchored = is_whole or _is_anchored(parsed)
        limit = _limit(parsed, is_whole=is_anchored)
        if limit < MAX_FIELD:
            helps = not is_anchored and _limit(parsed, is_whole=True) >= MAX_FIELD
            raise SlowPatternError(text, _anchored(text) if helps else "")
        return BoundedPattern(compiled, limit)
    except (re.error, OverflowError, RecursionError) as err:
        raise ValueError(f"{text!r} is not a regular expression: {err}") from None


def _parsed(text: str) -> tuple[list[tuple[Any, Any]], re.Pattern[str]]:
    with catch_warnings(action="ignore", category=FutureWarning):  # of later Pythons, as for [[
        return list(_parser.parse(text)), re.compile(text)


def _is_anchored(parsed: list[tuple[Any, Any]]) -> bool:
    return bool(parsed) and str(parsed[0][1]) in _ANCHORS


def _limit(parsed: list[tuple[Any, Any]], *, is_whole: bool) -> int:
    """Return the longest text, to a power of two, for which the steps are few enough."""
    length = MAX_SEARCHED
    while length >= MAX_FIELD:
        starts = 1 if is_whole else length
        if starts * _effort(parsed, length).steps <= MAX_STEPS:
            return length
        length //= 2
    return 0


def _anchored(text: str) -> str:
    """Return an expression that only matches from the beginning of a text."""
    flags = re.match(r"\(\?[a-zA-Z]+\)", text)
    return f"{flags[0]}^{text[flags.end() :]}" if flags else f"^{text}"


class _Effort(NamedTuple):
    """What a part of an expression costs at one place of a text, at most."""

    steps: int
    """How often a character is looked at until all ways in which the part may fit are tried."""
    ways: int
    """In how many ways it may fit; what follows is tried after each of them."""


_ONE = _Effort(1, 1)


def _effort(parsed: Sequence[tuple[Any, Any]], length: int) -> _Effort:
    steps, ways = 0, 1
    for op, what in parsed:
        each = _effort_of(str(op), what, length)
        steps = min(steps + ways * each.steps, _TOO_MANY)
        ways = min(ways * each.ways, _TOO_MANY)
    return _Effort(steps, ways)


def _effort_of(op: str, what: Any, length: int) -> _Effort:
    if op in _PLAIN:
        return _ONE
    if op == "SUBPATTERN":
        return _effort(what[-1], length)
    if op == "BRANCH":
        each = [_effort(branch, length) for branch in what[1]]
        return _Effort(sum(e.steps for e in each), sum(e.ways for e in each))
    if op == "ATOMIC_GROUP":
        return _Effort(_effort(what, length).steps, 1)
    if op in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _repeated(what, length)
    if op == "POSSESSIVE_REPEAT":
        return _Effort(_repeated(what, length).steps, 1)
    raise ValueError("a regular expression cannot look around or refer to its groups here")


def _repeated(what: Any, length: int) -> _Effort:
    least, most = (min(int(count), length) for count in what[:2])
    inner = _effort(what[2], length)
    if inner.ways == 1:
        return _Effort((most + 1) * max(inner.steps, 1), most - least + 1)
    doublings = (inner.ways.bit_length() - 1) * most
    paths = inner.ways**most if doublings < _TOO_MANY.bit_length() else _TOO_MANY
    paths = min((most - least + 1) * paths, _TOO_MANY)
    return _Effort(min(paths * max(inner.steps, 1) * max(most, 1), _TOO_MANY), paths)
