"""Sentences for an owner: in English, and with what it takes to say them in another language."""

from collections.abc import Callable, Container, Iterable, Mapping
from itertools import chain, count
import re
from string.templatelib import Interpolation, Template
from typing import Any, Self, override

__all__ = ["said_in"]

MAX_ARGUMENT = 500
"""Characters of what is put into a sentence; more of it is cut."""
_PUT_IN = re.compile(r"\{([a-z0-9_]+)\}")
_PART = "part"
"""Begins the names of sentences that are joined."""
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_NAMES_IN_CODE = re.compile(r"[a-z_][a-z0-9_]*")
_CONVERSIONS: Mapping[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}
_INVISIBLE = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"), " ")
"""Letters without a shape, which count as printable."""

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

    def with_arguments(self, change: Callable[[str], str]) -> Said:
        """Return the sentence with each of the texts that were put into it changed."""
        changed = {name: _changed(text, change) for name, text in self.arguments.items()}
        text = _filled(self.pattern, changed) if self.pattern else change(self)
        return Said(text, self.pattern, changed)

    @property
    def key(self) -> str:
        """Under what its pattern is translated; empty: it has no words of its own."""
        return key_of(self.pattern)


def said(template: Sayable) -> Said:
    """Return a sentence; names in the template are those of its placeholders.

    It does not fail, whatever the template: it often says what has failed. A template with braces
    of its own is the same in all languages, since they could be those of a placeholder.
    """
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
        name = _free_name(name_of(part.expression), arguments)
        arguments[name] = _argument(part)
        text, pattern = text + arguments[name], f"{pattern}{{{name}}}"
    if any(brace in each for each in template.strings for brace in "{}"):
        return Said(text)
    return Said(text, pattern, arguments)


def said_in(text: str, patterns: Mapping[str, str], plain: Callable[[str], str] = str) -> str:
    """Return what was said with the patterns of another language, by their keys.

    A text that was not made to be said in other languages stays as it is. `plain` is applied to
    such a text, and to what is put into a pattern: if patterns are Markdown, these are not.
    """
    if not isinstance(text, Said) or not text.pattern:
        return plain(text)
    arguments = {name: said_in(each, patterns, plain) for name, each in text.arguments.items()}
    pattern = patterns.get(text.key, text.pattern)
    if set(_PUT_IN.findall(pattern)) != arguments.keys():
        pattern = text.pattern  # that of another sentence with the same key
    return _filled(pattern, arguments)


def joined(separator: str, parts: Iterable[Sayable]) -> Said:
    """Return sentences one after the other, such as the faults of several fields."""
    texts = [said(each) for each in parts]
    pattern = separator.join(f"{{{_PART}{at}}}" for at in range(len(texts)))
    arguments = {f"{_PART}{at}": each for at, each in enumerate(texts)}
    return Said(separator.join(texts), pattern, arguments)


def said_by(error: BaseException) -> Said:
    """Return what an error says; without a sentence of its own, the same in all languages."""
    words = error.args[0] if error.args else ""
    return words if isinstance(words, Said) else Said(str(error))


def one_line(text: str) -> str:
    """Return `text` with every run of blanks and invisible characters as one space."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def key_of(pattern: str) -> str:
    """Return the key of a pattern; empty if it has nothing but placeholders."""
    has_words = any(map(str.isalpha, _PUT_IN.sub("", pattern)))
    return _NO_LETTERS.sub("_", pattern.lower()).strip("_") if has_words else ""


def name_of(expression: str) -> str:
    """Return the last name in an expression: `value` for `short(self.value)`, or for none."""
    names = (name.strip("_") for name in reversed(_NAMES_IN_CODE.findall(expression.lower())))
    return next(filter(None, names), "value")


def _free_name(name: str, taken: Container[str]) -> str:
    """Return the name, with the next number if it is taken: `name2`."""
    numbered = (f"{name}{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def _filled(pattern: str, arguments: Mapping[str, str]) -> str:
    return _PUT_IN.sub(lambda found: arguments.get(found[1], found[0]), pattern)


def _changed(text: str, change: Callable[[str], str]) -> str:
    return text.with_arguments(change) if isinstance(text, Said) else change(text)


def _argument(part: Interpolation[Any]) -> str:
    """Return what is put in: as the template says, if the value can be written so."""
    try:
        return _written(part)
    except Exception:  # noqa: BLE001  # a value of any kind, in a driver of any author
        return _plain(part.value)


def _plain(value: object) -> str:
    try:
        return _bounded(str(value))
    except Exception:  # noqa: BLE001  # its class may be of any kind
        return f"<{type(value).__name__}>"


def _written(part: Interpolation[Any]) -> str:
    value, convert = part.value, _CONVERSIONS.get(part.conversion or "")
    if convert is not None:
        value = convert(value)
    elif isinstance(value, BaseException):
        words = said_by(value)  # those of others have any length, and any line breaks
        value = words if words.pattern else _bounded(words)
    elif isinstance(value, Template):
        value = said(value)
    if isinstance(value, Said):
        return value
    return _bounded(format(value, part.format_spec))


def _bounded(text: str) -> str:
    text = one_line(text[: MAX_ARGUMENT + 1])
    return text if len(text) <= MAX_ARGUMENT else f"{text[:MAX_ARGUMENT]}…"
