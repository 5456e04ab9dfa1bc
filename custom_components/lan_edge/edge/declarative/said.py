"""Sentences for an owner: in English, and with what it takes to say them in another language."""

from collections.abc import Callable, Mapping
import re
from string.templatelib import Interpolation, Template
from typing import Any, Self, override

from ..errors import EdgeError
from ..network.text import printable

__all__ = ["Said", "error_in", "said_in"]

MAX_ARGUMENT = 500
"""Characters of what is put into a sentence; more of it is cut."""
_PUT_IN = re.compile(r"\{([a-z0-9_]+)\}")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_NAMES_IN_CODE = re.compile(r"[a-z_][a-z0-9_]*")
_CONVERSIONS: Mapping[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}


type Sayable = Template | str
"""A sentence to be translated, or one that is the same in all languages."""


class Said(str):
    """A sentence in English that knows its pattern, and what was put into that."""

    __slots__ = ("arguments", "pattern")

    def __new__(
        cls, text: str, pattern: str = "", arguments: Mapping[str, str] | None = None
    ) -> Self:
        """Make it of its text; without a pattern, it is the same in all languages."""
        made = super().__new__(cls, text)
        made.pattern = pattern
        made.arguments = dict(arguments or {})
        return made

    pattern: str
    """The sentence with placeholders, such as "has no {field}"."""
    arguments: dict[str, str]
    """What was put in their place; it may be said in another language, too."""

    @override
    def __str__(self) -> str:
        """Return itself: the words of an error stay what they are."""
        return self

    @property
    def key(self) -> str:
        """Under what its pattern is translated; empty: it has no words of its own."""
        return key_of(self.pattern)


def said(template: Sayable) -> Said:
    """Return a sentence; names in the template are those of its placeholders."""
    if isinstance(template, Said):
        return template
    if isinstance(template, str):
        return Said(template)
    text, pattern = "", ""
    arguments: dict[str, str] = {}
    for part in template:
        if isinstance(part, str):
            text, pattern = text + part, pattern + part
            continue
        name = name_of(part.expression)
        arguments[name] = _argument(part)
        text, pattern = text + arguments[name], f"{pattern}{{{name}}}"
    return Said(text, pattern, arguments)


def said_in(text: str, patterns: Mapping[str, str]) -> str:
    """Return what was said with the patterns of another language, by their keys.

    A text that was not made to be said in other languages stays as it is.
    """
    if not isinstance(text, Said) or not text.pattern:
        return text
    arguments = {name: said_in(each, patterns) for name, each in text.arguments.items()}
    pattern = patterns.get(text.key, text.pattern)
    return _PUT_IN.sub(lambda found: arguments.get(found[1], found[0]), pattern)


def said_by(error: Exception) -> Said:
    """Return what an error says; without a sentence of its own, the same in all languages."""
    words = error.args[0] if error.args else ""
    return words if isinstance(words, Said) else Said(str(error))


def error_in(error: EdgeError, patterns: Mapping[str, str]) -> str:
    """Return what an error says with the patterns of another language, as one printable line.

    Words that were not made to be said in other languages stay as they are, such as the device's.
    """
    return str(EdgeError(said_in(said_by(error), patterns)))


def key_of(pattern: str) -> str:
    """Return the key of a pattern; empty if it has nothing but placeholders."""
    has_words = any(map(str.isalpha, _PUT_IN.sub("", pattern)))
    return _NO_LETTERS.sub("_", pattern.lower()).strip("_") if has_words else ""


def name_of(expression: str) -> str:
    """Return the last name in an expression: `value` for `short(self.value)`."""
    name: str = _NAMES_IN_CODE.findall(expression.lower())[-1]
    return name.strip("_")


def _argument(part: Interpolation[Any]) -> str:
    if isinstance(part.value, Said):
        return part.value
    convert = _CONVERSIONS.get(part.conversion or "")
    value = convert(part.value) if convert is not None else part.value
    return _bounded(format(value, part.format_spec))


def _bounded(text: str) -> str:
    text = printable(text[: MAX_ARGUMENT + 1])
    return text if len(text) <= MAX_ARGUMENT else f"{text[:MAX_ARGUMENT]}…"
