"""Takes private texts out of other texts, in whatever spelling they are written there."""

from binascii import a2b_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
import json
import re
from string import ascii_letters, digits
from typing import Any, cast
from urllib.parse import quote, quote_plus, unquote_to_bytes

from ..errors import one_line
from .private_fields import PrivateFields

REDACTED = "**REDACTED**"
"""What a private text is replaced by."""
CUT = "…"
"""What a text ends with whose rest was cut off."""
MIN_LENGTH = 3
"""Shorter texts are not redacted: too many words contain them."""
MAX_REDACTED = 1000
"""A text within JSON data is cut to this many characters."""

_BASE64 = re.compile(r"[\w+/-]{6,}={0,2}", re.ASCII)
_ENCODED = re.compile(
    rf"""(?<![^\s"'<>])[^\s"'<>]*%[0-9A-Fa-f]{{2}}[^\s"'<>]*|{_BASE64.pattern}""", re.ASCII
)
"""What may be part of a URL, or Base64."""
_WORD = f"{ascii_letters}{digits}_+/=%.~:@-"
"""The characters of a word whose rest may be missing."""
_URL_SAFE = str.maketrans("-_", "+/")
_NO_PRIVATE_FIELDS = PrivateFields(())


class Redaction:
    """Replaces private texts wherever they stand: encoded, cut, in keys, or as numbers."""

    __slots__ = ("_fields", "_lowered", "_numbers", "_patterns", "_texts", "_without_kinds")

    def __init__(
        self,
        texts: Iterable[str],
        *,
        words: Iterable[str] = (),
        fields: PrivateFields = _NO_PRIVATE_FIELDS,
        without_kinds: Callable[[str], str] = str,
    ) -> None:
        """Replace `texts` also within words, `words` only as a whole, and the values of `fields`.

        `without_kinds` takes out what is recognized without being known, such as IP addresses.
        """
        parts = {text for text in texts if len(text) >= MIN_LENGTH}
        whole = {text for text in words if len(text) >= MIN_LENGTH} - parts
        numbers = {text.lstrip("0") for text in parts if text.isdigit()}
        whole |= {text for text in numbers if len(text) >= MIN_LENGTH}
        self._numbers = parts | whole
        self._lowered = {text.lower() for text in self._numbers}
        self._texts = tuple(text.encode(errors="replace") for text in self._numbers)
        self._fields = fields
        self._without_kinds = without_kinds
        patterns = {s.lower(): re.escape(s) for text in whole for s in _spellings(text)}
        patterns = {s: rf"(?<![^\W_]){pattern}(?![^\W_])" for s, pattern in patterns.items()}
        patterns |= {s.lower(): re.escape(s) for text in parts for s in _spellings(text)}
        longest_first = sorted(patterns.items(), key=lambda item: len(item[0]), reverse=True)
        self._patterns = tuple(longest_first)
        """The spellings in lower case, each with its regular expression."""

    def text(self, text: str) -> str:
        """Return a text without what is private; if it ends with CUT, a part of that as well."""
        text = self._replaced(text)
        if text.endswith(CUT):
            text = self._without_unfinished(text[: -len(CUT)]) + CUT
        text = self._fields.redact(text, REDACTED)
        return self._without_kinds(self._without_encoded(text))

    def data(self, value: Any) -> Any:
        """Return JSON data without what is private, also in its keys; bytes become their length."""
        match value:
            case str():
                return _shortened(self.text(value))
            case bytes():
                return f"{len(value)} bytes"
            case int() | float() if not isinstance(value, bool):
                return REDACTED if str(value) in self._numbers else value
            case Mapping():
                return self._mapping(value)
            case list() | tuple():
                return [self.data(each) for each in cast("list[Any]", value)]
            case _:
                return value

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
        return key not in self._numbers and key in self._lowered

    def _replaced(self, text: str) -> str:
        lowered = text.lower()  # looking for all of them by one expression takes ten times as long
        found = [pattern for spelling, pattern in self._patterns if spelling in lowered]
        if not found:
            return text
        return re.sub("|".join((re.escape(REDACTED), *found)), REDACTED, text, flags=re.IGNORECASE)

    def _without_encoded(self, text: str) -> str:
        """Return a text without words that are a private one in Base64 or in another encoding."""
        words = (word.rstrip("=") for word in _BASE64.findall(text))
        together = "".join(word + "A" * (4 + -len(word) % 4) for word in words)  # much faster
        if "%" in text or self._is_in(together):
            return _ENCODED.sub(lambda w: REDACTED if self._is_in(w[0]) else w[0], text)
        return text

    def _is_in(self, encoded: str) -> bool:
        return any(text in each for each in _decodings(encoded) for text in self._texts)

    def _without_unfinished(self, text: str) -> str:
        """Return the beginning of a text without a word, or private text, whose rest is missing."""
        lowered = text.lower()
        longest = max((_common(lowered, spelling) for spelling, _ in self._patterns), default=0)
        text = text[: len(text) - longest]
        knows_nothing = not self._texts and self._without_kinds is str
        return text if knows_nothing else text.rstrip(_WORD)


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


def _spellings(text: str) -> Iterator[str]:
    """Yield a text as it may be written in URLs, JSON, XML, hexadecimal, and the repr of bytes."""
    yield text
    if len(one_line(text)) >= MIN_LENGTH:
        yield one_line(text)
    data = text.encode(errors="replace")  # lone surrogates cannot be encoded
    yield data.hex()
    for encode in (str, quote, _in_query, quote_plus, _in_json, _in_ascii_json, escape, _in_xml):
        spelling = encode(data.decode())
        yield from (spelling, repr(spelling)[1:-1], repr(spelling.encode())[2:-1])


def _in_query(text: str) -> str:
    return quote(text, safe="")


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_xml(text: str) -> str:
    return escape(text).replace("&#x27;", "&apos;")


def _decodings(word: str) -> Iterator[bytes]:
    """Yield what a word may stand for."""
    if "%" in word:
        data = word.encode(errors="replace")
        yield unquote_to_bytes(data)
        yield unquote_to_bytes(data.replace(b"+", b" "))
    elif word and not word.islower() and not word.isdigit():
        encoded = word.rstrip("=").translate(_URL_SAFE)
        for start in range(4):  # what comes before it may be part of a path
            padding = "A" * (-(len(encoded) - start) % 4)
            yield a2b_base64(encoded[start:] + padding)
