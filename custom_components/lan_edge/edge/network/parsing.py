"""JSON and XML from the network: parsed, or a ReplyError."""

from typing import Any, override
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser
import orjson

from ..errors import ReplyError

MAX_CONTAINERS = 50_000
"""The most lists and objects in JSON: they take most of the time that it takes to parse. With them,
a MiB is parsed in about 10 ms, whatever it consists of."""
LARGE = 64 * 1024
"""Shorter JSON cannot contain that many."""
MAX_XML = 256 * 1024
"""The largest XML document, in bytes. It is parsed in less than 10 ms, whatever it consists of."""
MAX_ELEMENTS = 5000
"""The most elements of a document."""
MAX_EQUALS = 10_000
"""The most equals signs in it, since each attribute has one."""
MAX_NESTING = 64
"""How deeply its elements may be nested."""


def parse_json(data: bytes | str, what: str) -> Any:
    """Return `data` as JSON; raise ReplyError, which calls it `what`."""
    if len(data) > LARGE and _containers(data) > MAX_CONTAINERS:
        raise ReplyError(f"{what} is JSON of more than {MAX_CONTAINERS} lists and objects")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise ReplyError(f"{what} is not JSON") from err


def _containers(data: bytes | str) -> int:
    """Return how many lists and objects there are in JSON, at most: texts may look like them."""
    if isinstance(data, str):
        return data.count("[") + data.count("{")
    return data.count(b"[") + data.count(b"{")


def parse_xml(data: bytes, what: str) -> Element:
    """Return the root element of `data`, XML without a document type; raise ReplyError."""
    if len(data) > MAX_XML:
        raise ReplyError(f"{what} is XML of more than {MAX_XML} bytes")
    if data.count(b"=") > MAX_EQUALS:
        raise ReplyError(f"{what} is XML with too many attributes")
    # a document type can declare attributes that each element gets: seconds of work in a few bytes
    parser = DefusedXMLParser(target=_BoundedTreeBuilder(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as err:
        raise ReplyError(f"{what} is not plain XML") from err
    return root


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
