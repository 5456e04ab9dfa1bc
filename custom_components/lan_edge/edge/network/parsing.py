"""JSON and XML from the network: parsed, or a ReplyError."""

from typing import Any, override
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser
import orjson

from ..errors import ReplyError

MAX_XML = 256 * 1024
"""The largest XML document, in bytes. It is parsed in less than 10 ms, whatever it consists of."""
MAX_ELEMENTS = 5000
"""The most elements of a document."""
MAX_NESTING = 64
"""How deeply its elements may be nested."""


def parse_json(data: bytes | str, what: str) -> Any:
    """Return `data` as JSON; raise ReplyError, which calls it `what`."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise ReplyError(f"{what} is not JSON") from err


def parse_xml(data: bytes, what: str) -> Element:
    """Return the root element of `data`, XML without a document type; raise ReplyError."""
    if len(data) > MAX_XML:
        raise ReplyError(f"{what} is XML of more than {MAX_XML} bytes")
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
