"""Takes private texts out of other texts, in whatever spelling they are written there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
import re
from string import ascii_letters, digits
from typing import Any, cast

from .decoding import HIDES_WORDS, Span, Version, versions
from .private_fields import PrivateFields
from .spellings import MIN_LENGTH, Base64Forms, Pieces, longest_word, misread, spellings

REDACTED = "**REDACTED**"
"""What a private text is replaced by."""
CUT = "…"
"""What a text ends with whose rest was cut off."""
MAX_REDACTED = 1000
"""A text within JSON data is cut to this many characters."""

MAX_COINCIDENCE = 6
"""Digits of a number that may be a part of other numbers by coincidence."""
_WORD = f"{ascii_letters}{digits}_+/=%.~:@-"
"""The characters of a word whose rest may be missing."""
_NO_PRIVATE_FIELDS = PrivateFields(())


class Redaction:
    """Replaces private texts wherever they stand: encoded, cut, in keys, or as numbers."""

    __slots__ = (
        "_fields",
        "_forms",
        "_lowered",
        "_misread",
        "_needles",
        "_numbers",
        "_patterns",
        "_without_kinds",
    )

    def __init__(
        self,
        texts: Iterable[str],
        *,
        words: Iterable[str] = (),
        tokens: Iterable[str] = (),
        fields: PrivateFields = _NO_PRIVATE_FIELDS,
        without_kinds: Callable[[str], str] = str,
    ) -> None:
        """Replace `texts` also within words, `words` only as a whole, and the values of `fields`.

        Of those among the `tokens` that are long, pieces are replaced as well. `without_kinds`
        takes out what is recognized without being known, such as IP addresses.
        """
        parts = {text for text in texts if len(text) >= MIN_LENGTH}
        whole = {text for text in words if len(text) >= MIN_LENGTH} - parts
        self._lowered = {text.lower() for text in whole}
        numbers = {text.lstrip("0") for text in parts if text.isdigit()}
        whole |= {text for text in numbers if len(text) >= MIN_LENGTH} - parts
        self._numbers = parts | whole
        self._fields = fields
        self._without_kinds = without_kinds
        patterns = {s.lower(): _whole(s) for text in whole for s in spellings(text)}
        patterns |= {s.lower(): _anywhere(s) for text in parts for s in spellings(text)}
        longest_first = sorted(patterns.items(), key=lambda item: len(item[0]), reverse=True)
        self._patterns = tuple(longest_first)
        """The spellings in lower case, each with its regular expression."""
        self._needles = frozenset(map(longest_word, self._numbers))
        """A part of each of which is the same if other characters are escaped."""
        self._misread = tuple(found for text in parts if (found := misread(text)))
        pieces = (Pieces(text) for text in tokens if Pieces.can_be_of(text))
        self._forms: tuple[Base64Forms | Pieces, ...] = (*map(Base64Forms, self._numbers), *pieces)

    def text(self, text: str) -> str:
        """Return a text without what is private; if it ends with CUT, a part of that as well."""
        text = self._replaced(text)
        if text.endswith(CUT):
            text = self._without_unfinished(text[: -len(CUT)]) + CUT
        text = self._fields.redact(text, REDACTED)
        return self._without_kinds(text)

    def data(self, value: Any) -> Any:
        """Return JSON data without what is private, also in its keys; bytes become their length."""
        match value:
            case str():
                return _shortened(self.text(value))
            case bytes():
                return f"{len(value)} bytes"
            case int() | float() if not isinstance(value, bool):
                return REDACTED if _digits(value) in self._numbers else value
            case Mapping():
                return self._mapping(value)
            case list() | tuple():
                return [self.data(each) for each in cast("list[Any]", value)]
            case _:  # what JSON has not is shown by whoever writes it, with all that is in it
                return value if isinstance(value, bool | None) else self.text(str(value))

    def _mapping(self, mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        redacted: dict[Any, Any] = {}
        for key, value in mapping.items():
            name = shown = key if self._is_ours(key) else self.data(key)
            number = 1
            while shown in redacted:  # two that differed only in what is private
                number += 1
                shown = f"{name} ({number})"
            is_private = self._fields.has(key) and value not in (None, "", True, False)
            redacted[shown] = REDACTED if is_private else self.data(value)
        return redacted

    def _is_ours(self, key: object) -> bool:
        """Return whether a key is one of ours, such as `device`, and only a device's name, too."""
        return key in self._lowered and key not in self._numbers

    def _replaced(self, text: str) -> str:
        if not self._numbers:
            return text
        likely = versions(text) if self._may_be_escaped(text) else islice(versions(text), 1)
        spans = [version.origin(span) for version in likely for span in self._spans(version)]
        replaced, end = "", 0
        for start, stop in sorted(spans):
            if start >= end:
                replaced += text[end:start] + REDACTED
            end = max(end, stop)
        return replaced + text[end:]

    def _may_be_escaped(self, text: str) -> bool:
        lowered = text.lower()
        is_near = any(needle in lowered for needle in self._needles)
        return is_near or HIDES_WORDS.search(text) is not None

    def _spans(self, version: Version) -> Iterator[Span]:
        """Yield where something private is."""
        text, lowered = version.text, version.text.lower()
        # looking for all of them by one expression takes ten times as long
        found = [pattern for spelling, pattern in self._patterns if spelling in lowered]
        found += [pattern for needle, pattern in self._misread if needle in lowered]
        if found:
            for match in re.finditer("|".join((re.escape(REDACTED), *found)), text, re.IGNORECASE):
                if match[0] != REDACTED:
                    yield match.span()
        for form in self._forms:
            yield from form.spans(text)

    def _without_unfinished(self, text: str) -> str:
        """Return the beginning of a text without a word, or private text, whose rest is missing."""
        lowered = text.lower()
        longest = max((_common(lowered, spelling) for spelling, _ in self._patterns), default=0)
        text = text[: len(text) - longest]
        knows_nothing = not self._numbers and self._without_kinds is str
        return text if knows_nothing else text.rstrip(_WORD)


def _anywhere(text: str) -> str:
    if len(text) <= MAX_COINCIDENCE and text.isascii() and text.isdigit():
        # what is around a gap in a longer number would tell it
        return rf"(?<!\d)(?<!\d\.){text}(?!\.?\d)"
    return re.escape(text)


def _whole(text: str) -> str:
    return rf"(?<![^\W_]){re.escape(text)}(?![^\W_])"


def _digits(number: float) -> str:
    is_whole = isinstance(number, int) or number.is_integer()
    return str(abs(int(number) if is_whole else number))


def _common(text: str, private: str) -> int:
    """Return how much of the beginning of `private`, but not all of it, is the end of `text`."""
    last = text[-1:]
    lengths = [n for n, character in enumerate(private[:-1], 1) if character == last]
    return max((n for n in lengths if text.endswith(private[:n])), default=0)


def _shortened(text: str) -> str:
    return (
        text
        if len(text) <= MAX_REDACTED
        else f"{text[:MAX_REDACTED]}{CUT} ({len(text)} characters)"
    )
