"""Finds the values of named fields in messages of any format: JSON, XML, forms, headers, repr."""

from collections.abc import Iterable, Iterator
from itertools import islice
import re

from .decoding import Span, Version, versions

_OPENING = re.compile(r"""b?(\\*["'])""")
"""A quote; within a quoted text it is escaped."""
_BARE = re.compile(r"[^\r\n,;&<>}\])\"]*")
"""A value without quotes."""
_TAG = re.compile(r"<(?:\w+:)?([\w.-]+)")
_PIECE = re.compile(r""""(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[\[{(]|[\]})]""")
"""A quoted text, or a bracket."""
_QUOTED = re.compile(r"""(?<=["'])[^"'\\{}\[\]:,\s][^"'\\{}\[\]]{2,}(?=["'](?!\s*:))""")
"""A text in quotes that is not a key."""
_ESCAPED = re.compile(r"&(?:amp;)*(?:lt|quot|apos|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
"""What XML within XML has, as in UPnP's events."""
_TELLS_NOTHING = {"", "true", "false", "null", "none"}


class PrivateFields:
    """Fields by their names; `config.name` are those called `name` within a `config`."""

    __slots__ = ("_names", "_nested", "_top")

    def __init__(self, fields: Iterable[str]) -> None:
        """Find these fields, in whatever case they are written."""
        paths = [tuple(field.split(".")) for field in fields]
        self._names = {path[0].lower() for path in paths if len(path) == 1}
        self._top = _key_of(path[0] for path in paths if len(path) == 1)
        self._nested = [tuple(_key_of([name]) for name in p) for p in paths if len(p) > 1]

    def has(self, name: object) -> bool:
        """Return whether a field is private wherever it stands."""
        return isinstance(name, str) and name.lower() in self._names

    def redact(self, text: str, replacement: str) -> str:
        """Return a text with the values of the fields replaced."""
        parts: list[str] = []
        end = 0
        found = (version.origin(span) for version, span in self._found(text))
        for start, stop in sorted(found):
            if start >= end:
                parts += (text[end:start], replacement)
            end = max(end, stop)
        return "".join((*parts, text[end:])) if parts else text

    def values(self, text: str) -> Iterator[str]:
        """Yield the values of the fields in a text, and the texts within them."""
        for version, (start, stop) in self._found(text):
            value = version.text[start:stop].strip()
            if value[:1] in {"{", "[", "("}:
                yield from _QUOTED.findall(value)
            else:
                yield value.replace("\\", "")

    def _found(self, text: str) -> Iterator[tuple[Version, Span]]:
        """Yield where the values are in a text, and in what it stands for if it is escaped XML."""
        escaped = versions(text) if _ESCAPED.search(text) else islice(versions(text), 1)
        for version in escaped:
            for span in self._spans(version.text):
                yield version, span

    def _spans(self, text: str) -> Iterator[Span]:
        yield from _spans_of((self._top,), text, 0, len(text))
        for path in self._nested:
            yield from _spans_of(path, text, 0, len(text))


def _key_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return what matches one of the names with what stands between it and its value."""
    if not (choice := "|".join(map(re.escape, names))):
        return re.compile("(?!)")
    tag = rf"<(?:\w+:)?(?:{choice})(?:\s[^<>]*)?>"
    return re.compile(rf"""(?<!\w)(?:{choice})(?:\\*["'])?\s*[:=]\s*|{tag}""", re.IGNORECASE)


def _spans_of(path: tuple[re.Pattern[str], ...], text: str, start: int, end: int) -> Iterator[Span]:
    for key in path[0].finditer(text, start, end):
        if tag := _TAG.match(key[0]):
            first, last = key.end(), _end_of_element(text, key.end(), tag[1])
        else:
            first, last = _value_at(text, key.end())
        if len(path) > 1:
            yield from _spans_of(path[1:], text, first, last)
        elif text[first:last].strip().lower() not in _TELLS_NOTHING:
            yield first, last


def _value_at(text: str, start: int) -> Span:
    """Return where the value that begins at `start` stands; it may be cut off at the end."""
    if opening := _OPENING.match(text, start):
        closing = re.compile(rf"(?<!\\){re.escape(opening[1])}").search(text, opening.end())
        return opening.end(), closing.start() if closing else len(text)
    if text[start : start + 1] in {"{", "[", "("}:
        return start, _end_of_brackets(text, start)
    value = _BARE.match(text, start)
    return start, value.end() if value else start


def _end_of_element(text: str, start: int, name: str) -> int:
    closing = re.compile(rf"</(?:\w+:)?{re.escape(name)}\s*>", re.IGNORECASE).search(text, start)
    return closing.start() if closing else len(text)


def _end_of_brackets(text: str, start: int) -> int:
    depth = 0
    for token in _PIECE.finditer(text, start):
        depth += (token[0] in "[{(") - (token[0] in "]})")
        if not depth:
            return token.end()
    return len(text)
