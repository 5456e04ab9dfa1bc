"""What parsers say about a text: common cases in sentences, with the parser's own words behind."""

from collections.abc import Mapping
from string.templatelib import Template

from ..network.patterns import MAX_PATTERN, SlowPatternError
from ..sentences import Said, Sayable, said
from .faults import fault
from .places import Fault, Path

MAX_WORDS = 200
"""Characters of a parser's own words."""

type Cases = Mapping[str, Template]
"""What is meant by what a parser says, by a part of that."""

_LIST_END = t"a comma or the closing bracket is missing"
_OTHER_LEVEL = t"the line does not fit those above it"
_NOT_IN_YAML = t"a character is not allowed in YAML"
_YAML: Cases = {
    "mapping values are not allowed": t"a colon is not possible at this place",
    "cannot start any token": t"no text can begin with this character",
    "expected ',' or '": _LIST_END,
    "did not find expected key": _OTHER_LEVEL,
    "did not find expected '-' indicator": _OTHER_LEVEL,
    "expected <block end>": _OTHER_LEVEL,
    "could not find expected ':'": t"a colon is missing",
    "unexpected end of stream": t"the quotes are not closed",
    "special characters are not allowed": _NOT_IN_YAML,
    "control characters are not allowed": _NOT_IN_YAML,
    "unknown escape character": t"this character has no meaning after a backslash",
    "expected node content": t"a value is missing",
    "expected comment or line break": t"nothing more is possible in this line",
}
_INDENTATION = t"check the indentation, and the quotes of the line before"
_ESCAPE = t"write it in double quotes as an escape, such as \\x00"
_YAML_REMEDIES: Cases = {
    "mapping values are not allowed": t"put a text with a colon in it in quotes",
    "cannot start any token": t"indent with spaces, and put a text with such a character in quotes",
    "expected ',' or '": t"put a text with brackets, braces or commas in quotes",
    "did not find expected key": _INDENTATION,
    "did not find expected '-' indicator": _INDENTATION,
    "expected <block end>": _INDENTATION,
    "could not find expected ':'": t"write `name: value`, with a space after the colon",
    "unexpected end of stream": t"close the quotes",
    "special characters are not allowed": _ESCAPE,
    "control characters are not allowed": _ESCAPE,
    "unknown escape character": t"write a backslash twice, or put the text in single quotes",
}
"""What to do about it."""
_JINJA: Cases = {
    "end of template": t"it ends too early",
    "unexpected char": t"a character in it does not belong there",
    "unexpected": t"something in it does not belong there",
    "is not expected": t"something in it does not belong there",
}
_PATTERNS: Cases = {
    "unterminated subpattern": t"a round bracket is not closed",
    "unterminated character set": t"a square bracket is not closed",
    "unbalanced parenthesis": t"a round bracket is closed that was not opened",
    "nothing to repeat": t"there is nothing to repeat",
    "bad escape": t"a backslash has no meaning before this character",
}


def yaml_said(problem: str) -> tuple[Said, Sayable]:
    """Return what a parser of YAML says, and what to do about it."""
    return _explained(problem, _YAML), _found(problem, _YAML_REMEDIES)


def jinja_said(message: str) -> Said:
    """Return what Jinja says about a template."""
    return _explained(message.rstrip("."), _JINJA)


def pattern_fault(path: Path, pattern: str, error: ValueError) -> Fault:
    """Return what is wrong with a regular expression that was refused."""
    if isinstance(error, SlowPatternError):
        return fault(path, t"could take long on some texts", _faster(error.better))
    if len(pattern) > MAX_PATTERN:
        return fault(path, t"has more than {MAX_PATTERN} characters")
    why = _explained(str(error.__context__ or error), _PATTERNS)
    return fault(path, t"is {pattern!r:.80}, not a regular expression: {why}")


def _faster(better: str) -> Sayable:
    if better:
        return t"write {better!r}, which only looks at the beginning, or use fewer of * and +"
    example = "[^-]*"
    return t"use fewer of * and +, such as {example} up to a hyphen, and none within another"


def _explained(words: str, cases: Cases) -> Said:
    meant, words = _found(words, cases), words[:MAX_WORDS]
    return said(t"{said(meant)} ({words})") if meant else Said(words)


def _found(words: str, cases: Cases) -> Sayable:
    return next((meant for part, meant in cases.items() if part in words), "")
