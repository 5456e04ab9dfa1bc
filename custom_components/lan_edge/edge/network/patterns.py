r"""Regular expressions that are safe on text from strangers: none of them can take long.

Python's own tries all ways in which a text may fit, of which an innocent expression such as
`(\w+\s?)*$` has more than anybody can wait for. What is accepted here has few of them.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from math import prod
import re
from typing import Any

from ..errors import DriverError
from .text import MAX_FIELD

MAX_WAYS = 150_000
"""The most ways in which a text may be tried: a few milliseconds."""
MAX_PATTERN = 256
"""The longest expression, in characters."""

_parser: Any = import_module("re._parser")  # no other module tells what an expression consists of
_PLAIN = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"}
_ANCHORS = {"AT_BEGINNING", "AT_BEGINNING_STRING"}


class SlowPatternError(DriverError, ValueError):
    """A regular expression that could take long on some text."""

    def __init__(self, pattern: str, better: str) -> None:
        """Take the expression, and the same that only matches from the beginning, if that helps."""
        super().__init__(f"the regular expression {pattern!r} could take long")
        self.pattern = pattern
        self.better = better


@lru_cache(maxsize=256)
def safe_pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression for texts of at most MAX_FIELD characters.

    Raises SlowPatternError, or ValueError for what is no regular expression that is used here.
    """
    if len(text) > MAX_PATTERN:
        raise ValueError(f"a regular expression of more than {MAX_PATTERN} characters")
    try:
        parsed: list[tuple[Any, Any]] = list(_parser.parse(text))
        ways, is_anchored = _ways(parsed), _is_anchored(parsed)
        if (ways if is_anchored else ways * MAX_FIELD) > MAX_WAYS:
            raise SlowPatternError(text, "" if is_anchored or ways > MAX_WAYS else _anchored(text))
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as err:
        raise ValueError(f"{text!r} is not a regular expression: {err}") from None


def _is_anchored(parsed: list[tuple[Any, Any]]) -> bool:
    return bool(parsed) and str(parsed[0][1]) in _ANCHORS


def _anchored(text: str) -> str:
    """Return an expression that only matches from the beginning of a text."""
    flags = re.match(r"\(\?[a-zA-Z]+\)", text)
    return f"{flags[0]}^{text[flags.end() :]}" if flags else f"^{text}"


def _ways(parsed: Iterable[tuple[Any, Any]]) -> int:
    """Return in how many ways at most a text can be tried from one place on."""
    return prod((_ways_of(str(op), what) for op, what in parsed), start=1)


def _ways_of(op: str, what: Any) -> int:
    if op in _PLAIN:
        return 1
    if op == "SUBPATTERN":
        return _ways(what[-1])
    if op == "BRANCH":
        return sum(map(_ways, what[1]))
    if op in {"MAX_REPEAT", "MIN_REPEAT"}:
        least, most = (min(int(count), MAX_FIELD) for count in what[:2])
        inner = min(_ways(what[2]), MAX_WAYS + 1)
        return int((most - least + 1) * inner**most)
    raise ValueError("a regular expression cannot look around or refer to its groups here")
