"""Parts of texts: by a regular expression, or by their place among words."""

from collections.abc import Callable

from ...errors import ReplyError
from ...network.patterns import bounded_pattern
from ...sentences import said
from ..parser_words import pattern_fault
from ..places import DescriptionError
from .received import MISSING, Raw

type Part = Callable[[str, str], Raw]
"""Returns the part of a text that is meant, or MISSING; the second argument is for errors."""


def pattern_part(pattern: str) -> Part:
    """Return a function for the first group of a pattern, or all that it matches.

    Raises DescriptionError for a pattern that is none, or could take long. The function raises
    ReplyError for a text that is too long for the pattern.
    """
    try:
        compiled, limit = bounded_pattern(pattern)
    except ValueError as err:
        raise DescriptionError(pattern_fault(("pattern",), pattern, err)) from None
    group = 1 if compiled.groups else 0

    def part(text: str, name: str) -> Raw:
        if len(text) > limit:
            count, bounded = len(text), "{1,8}"
            words = (
                t"{name} has {count} characters, and the pattern {pattern:.60} takes {limit}: "
                t"write {bounded} instead of + or *"
            )
            raise ReplyError(said(words))
        match = compiled.search(text)
        return MISSING if match is None or match[group] is None else match[group]

    return part


def word_part(index: int, separator: str) -> Part:
    """Return a function for a part of a text; the parts are separated by blanks or `separator`."""

    def part(text: str, _name: str) -> Raw:
        words = text.split(separator or None)
        return words[index].strip() if -len(words) <= index < len(words) else MISSING

    return part
