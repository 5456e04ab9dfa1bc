"""JSON and XML from the network: parsed as far as they make sense, or a ReplyError."""

import codecs
from contextlib import suppress
import json
from math import isfinite
import re
from typing import Any, override
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser
import orjson

from ..errors import ReplyError
from .loose_json import MAX_LOOSE, mended_json
from .markup import read_markup, without_controls
from .text import PADDING, decode_text, encodable

MAX_CONTAINERS = 50_000
"""The most lists and objects in JSON: they take most of the time that it takes to parse. With them,
a MiB is parsed in about 10 ms, whatever it consists of."""
LARGE = 64 * 1024
"""Shorter JSON cannot contain that many."""
MAX_LENIENT = 256 * 1024
"""The longest JSON in which control characters are accepted, in characters."""
MAX_XML = 256 * 1024
"""The largest XML document, in bytes. It is parsed in less than 10 ms, whatever it consists of."""
MAX_ELEMENTS = 5000
"""The most elements of a document."""
MAX_EQUALS = 10_000
"""The most equals signs in it, since each attribute has one."""
MAX_NESTING = 64
"""How deeply its elements may be nested."""
MAX_DECLARATION = 256
"""The bytes in which the encoding is looked for."""
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\sencoding\s*=\s*["'](iso-8859-(?:[1-9]|1[0-6])|windows-125[0-8])["']""",
    re.IGNORECASE,
)
"""The declaration of an encoding with a byte for each character."""
_WIDE = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
"""What XML in UTF-16 begins with, and how it is decoded."""


def parse_json(data: bytes | str, what: str) -> Any:
    """Return `data` as JSON; raise ReplyError, which calls it `what`.

    In its texts may be control characters, and bytes that are not UTF-8: replacement characters.
    What is not a number, such as NaN, is null, as is a number that is too large; what is otherwise
    not JSON is read as far as it is clear what is meant.
    """
    if len(data) > LARGE and _containers(data) > MAX_CONTAINERS:
        raise ReplyError(t"{what} is JSON of more than {MAX_CONTAINERS} lists and objects")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        text = (decode_text(data) if isinstance(data, bytes) else encodable(data)).strip(PADDING)
    try:
        return _leniently_parsed(text)
    except (ValueError, RecursionError) as err:
        raise ReplyError(t"{what} is not JSON") from err


def strict_json(text: str) -> Any:
    """Return what an owner gives as JSON; raise ValueError or RecursionError for anything else.

    What is not a number, such as NaN, or too large for one is an error: it cannot be sent.
    """
    return json.loads(text, parse_constant=_only_finite, parse_float=_only_finite)


def _only_finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise ValueError(f"{number} is no number that can be sent")
    return value


def _leniently_parsed(text: str) -> Any:
    """Return JSON that may have control characters in its texts, or only half of a surrogate pair.

    It may have numbers that are none, too. Raises ValueError or RecursionError.
    """
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(text)
    if _ODD.search(text) is not None and len(text) <= MAX_LENIENT:
        with suppress(ValueError):
            return _first_value(text)
    if len(text) > MAX_LOOSE:
        raise ValueError("too much to be read in another way")
    return _first_value(mended_json(text))


def _first_value(text: str) -> Any:
    """Return the value in `text`, after which there may be a NUL; raise ValueError."""
    text = _NO_NUMBER.sub(lambda match: match[1] or "null", text)
    value, end = _LENIENT.raw_decode(text)
    if text[end:].lstrip(PADDING[:-1])[:1] not in {"", "\0"}:  # after a NUL: what was there before
        raise ValueError("more than one value")
    # in orjson's terms: numbers of 64 bits, and texts that can be encoded
    return orjson.loads(encodable(json.dumps(value, ensure_ascii=False, allow_nan=False)))


def _finite(number: str) -> float | None:
    value = float(number)
    return value if isfinite(value) else None


_ODD = re.compile(r"[\x00-\x1f]|\\u[dD]|nan|inf|e\+?\d{3}", re.IGNORECASE)
"""What is in JSON that only the lenient parser takes."""
_NO_NUMBER = re.compile(
    r"""("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|-?\b(?:nan|inf(?:inity)?)\b""", re.IGNORECASE | re.DOTALL
)
"""A text, which stays as it is; or what programs in C and Python write instead of a number."""
_LENIENT = json.JSONDecoder(strict=False, parse_float=_finite)


def _containers(data: bytes | str) -> int:
    """Return how many lists and objects there are in JSON, at most: texts may look like them."""
    if isinstance(data, str):
        return data.count("[") + data.count("{")
    return data.count(b"[") + data.count(b"{")


def parse_xml(data: bytes, what: str) -> Element:
    """Return the root element of `data`, XML without a document type; raise ReplyError.

    What is not well-formed is read as far as it makes sense.
    """
    if len(data) > MAX_XML:
        raise ReplyError(t"{what} is XML of more than {MAX_XML} bytes")
    if data.count(b"=") > MAX_EQUALS:
        raise ReplyError(t"{what} is XML with too many attributes")
    text = without_controls(_decoded(data).strip(PADDING))
    try:
        return _element(text[max(text.find("<"), 0) :])
    except (ParseError, ValueError) as err:
        raise ReplyError(t"{what} is not valid XML") from err


def _element(text: str) -> Element:
    # a document type can declare attributes that each element gets: seconds of work in a few bytes
    parser = DefusedXMLParser(target=_BoundedTreeBuilder(), forbid_dtd=True)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except ParseError:
        return read_markup(text, _BoundedTreeBuilder())
    return root


def _decoded(data: bytes) -> str:
    """Return XML as text: in UTF-8 if it is that, whatever it declares; otherwise as declared.

    Where the encoding is none, there are replacement characters.
    """
    for begin, encoding in _WIDE.items():
        if data.startswith(begin):
            return data.decode(encoding, "replace")
    declared = _DECLARED.search(data[:MAX_DECLARATION])
    if declared is None or _is_utf_8(data):
        return decode_text(data)
    return data.decode(declared[1].decode(), "replace")


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _BoundedTreeBuilder(TreeBuilder):
    """Raises ValueError for a document of too many or too deeply nested elements."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = self._depth = 0

    @override
    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS or self._depth > MAX_NESTING:
            raise ValueError("too many elements")
        return super().start(tag, attrs)

    @override
    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
