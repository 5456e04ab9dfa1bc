"""JSON and XML from the network: parsed, or a ReplyError."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring
import orjson

from ..errors import ReplyError


def parse_json(data: bytes | str, what: str) -> Any:
    """Return `data` as JSON; raise ReplyError, which calls it `what`."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise ReplyError(f"{what} is not JSON") from err


def parse_xml(data: bytes, what: str) -> Element:
    """Return the root element of `data`, XML without entities; raise ReplyError."""
    try:
        return fromstring(data)
    except (ParseError, ValueError, LookupError) as err:
        raise ReplyError(f"{what} is not plain XML") from err
