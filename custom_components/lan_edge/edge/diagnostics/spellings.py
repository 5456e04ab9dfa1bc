"""How a private text may be written: encoded, misread, or only a piece of it."""

from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator
from html import escape
import json
import re
from urllib.parse import quote, quote_plus

from ..network.text import REPLACEMENT
from ..sentences import one_line
from .decoding import Span

MIN_LENGTH = 3
"""Shorter texts are not redacted: too many words contain them."""
PIECE_LENGTH, PIECE_STEP = 8, 4
"""The length of the pieces that are looked for, and the distance from one to the next."""
_TOKEN_LIKE = re.compile(r"[\w+/=.~-]{16,}", re.ASCII)
"""A text of which a piece is no word of a language, nor the beginning of a URL."""
_RUN = re.compile(r"[\x00->@-\x7f]+|[^\x00->@-\x7f]+")
"""Characters that a wrong charset leaves, or those that it changes, and what it makes of them."""
_IN_BASE64 = re.compile(r"[\w+/=-]+", re.ASCII)
_URL_SAFE = str.maketrans("-_", "+/")
_TO_URL_SAFE = str.maketrans("+/", "-_")


def spellings(text: str) -> Iterator[str]:
    """Yield a text as it may be written in URLs, JSON, XML, hexadecimal, and the repr of bytes."""
    yield text
    if len(one_line(text)) >= MIN_LENGTH:
        yield one_line(text)
    data = text.encode(errors="replace")  # lone surrogates cannot be encoded
    yield from (data.hex(), data.hex(" "), data.hex(":"), data.hex("-"))
    in_urls, in_json = (quote, _in_query, quote_plus), (_in_json, _in_ascii_json)
    for encode in (str, *in_urls, *in_json, escape, _in_xml, _in_xml_text):
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


def _in_xml_text(text: str) -> str:
    return escape(text, quote=False)


def longest_word(text: str) -> str:
    """Return the longest part that no encoding changes, in lower case; empty if it is short."""
    word = max(re.findall(r"[0-9A-Za-z]+", text), key=len, default="").lower()
    return word if len(word) >= MIN_LENGTH else ""


def misread(text: str) -> tuple[str, str] | None:
    """Return a part of a text in lower case, and an expression for it in another charset.

    None if nothing of it could be misread, or if nothing else would be left.
    """
    runs = re.findall(r"[ -~]+", text)
    needle = max(runs, key=len, default="").lower()
    if text.isascii() or len(needle) < MIN_LENGTH:
        return None
    return needle, "".join(map(_misread, _RUN.findall(text)))


def _misread(run: str) -> str:
    """Return an expression for a part of a text; it takes linear time, whatever is searched."""
    if run.isascii():
        return re.escape(run)
    as_latin_1 = run.encode(errors="replace").decode("latin-1")
    # a text with replacement characters was something else where it came from
    odd = r"[^\x20->@-\x7e]" if REPLACEMENT in run else r"[?\ufffd]"
    lost = rf"{odd}{{{len(run)},{4 * len(run)}}}+"
    return rf"(?>{re.escape(run)}|{re.escape(as_latin_1)}|{lost})"


class Base64Forms:
    """A text in Base64, whatever is before and after it."""

    __slots__ = ("_cores", "_data")

    def __init__(self, text: str) -> None:
        """Prepare what is the same in all of them, for each position among three bytes."""
        self._data = text.encode(errors="replace")
        self._cores = tuple(
            {*cores(self._data), *(c.translate(_TO_URL_SAFE) for c in cores(self._data))}
        )

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where the text is."""
        if any(core in text for core in self._cores):
            for word in _IN_BASE64.finditer(text):
                if self._is_in(word[0]):
                    yield word.span()

    def _is_in(self, word: str) -> bool:
        encoded = word.replace("=", "").translate(_URL_SAFE)
        # what comes before it may be part of a path
        return any(self._data in _decoded(encoded[start:]) for start in range(4))


def _decoded(encoded: str) -> bytes:
    return a2b_base64(encoded + "A" * (4 + -len(encoded) % 4))


def cores(data: bytes) -> Iterator[str]:
    """Yield the characters that bytes alone decide in Base64, after 0, 1 and 2 other bytes."""
    for before in range(3):
        encoded = b64encode(bytes(before) + data).decode()
        yield encoded[(8 * before + 5) // 6 : 8 * (before + len(data)) // 6]


class Pieces:
    """A long token of which only a piece may be there, plain or in Base64."""

    __slots__ = ("_cores", "_pieces", "_token")

    def __init__(self, token: str) -> None:
        """Prepare its pieces: so many that any twelve characters contain one of them."""
        self._token = token.lower()
        self._pieces = list(_pieces(self._token))
        self._cores = [piece for core in cores(token.encode()) for piece in _pieces(core)]

    @staticmethod
    def can_be_of(text: str) -> bool:
        """Return whether pieces of a text are no coincidence."""
        return _TOKEN_LIKE.fullmatch(text) is not None

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where pieces are."""
        lowered = text.lower()
        for piece in self._pieces:
            if piece in lowered:
                yield from (found.span() for found in re.finditer(re.escape(piece), lowered))
        if any(core in text for core in self._cores):
            for word in _IN_BASE64.finditer(text):
                if any(core in word[0] for core in self._cores):
                    yield word.span()


def _pieces(text: str) -> Iterator[str]:
    return (
        text[at : at + PIECE_LENGTH] for at in range(0, len(text) - PIECE_LENGTH + 1, PIECE_STEP)
    )
