"""A message of a device, parsed as JSON or XML when the first value in it is read."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

import orjson

from ...capabilities.schema import short
from ...errors import ReplyError
from ...network.parsing import parse_json, parse_xml
from ...network.text import PADDING, decode_text
from ...sentences import said, said_by

type Raw = Any
"""A value as the device sends it, parsed; None for null, MISSING if it is not there."""


class Missing(Enum):
    """The type of MISSING."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Stands for a value that a message does not contain: it may contain only what has changed."""
THE_VALUE: Final = said(t"the value")
"""What errors call a value that nothing else names."""
THE_MESSAGE: Final = said(t"the message")
"""What errors call a message that nothing else names."""
_NO_GROUPS: Mapping[str, str | None] = MappingProxyType({})


class Received:
    """A message, for all values that are read from it."""

    __slots__ = ("_content", "_json", "_xml", "event", "fields", "groups", "is_reply", "what")

    def __init__(
        self,
        content: bytes | str,
        groups: Mapping[str, str | None] = _NO_GROUPS,
        *,
        what: str = THE_MESSAGE,
        event: str = "",
        is_reply: bool = False,
    ) -> None:
        """Take bytes or text; `groups` are those of the pattern that matched it.

        Errors call it `what`.
        """
        self._content: Any = content
        self._json: Any = MISSING
        self._xml: Element | ReplyError | None = None
        self.fields: dict[str, Any] | None = None
        """Its fields, once it was found to be a JSON object."""
        self.groups = groups
        self.what = what
        self.event = event
        """The type of a server-sent event, or the method of JSON-RPC."""
        self.is_reply = is_reply
        """Whether it is the reply to a call of that method."""

    @property
    def is_parsed(self) -> bool:
        """Whether it was JSON from the beginning."""
        return self._content is None

    def json(self) -> Any:
        """Return it as JSON; raise ReplyError."""
        if self.fields is not None:  # as usual
            return self.fields
        if self._json is MISSING:
            self._json = _attempted(lambda: parse_json(self._content, self.what), self, "JSON")
            self.fields = _fields_of(self._json)
        return _result(self._json)

    def xml(self) -> Element:
        """Return its root element; raise ReplyError."""
        if self._xml is None:
            self._xml = _attempted(lambda: parse_xml(self.data(), self.what), self, "XML")
        root: Element = _result(self._xml)
        return root

    def text(self) -> str:
        """Return it as text without surrounding blanks."""
        if self._content is None:
            return self._json if isinstance(self._json, str) else orjson.dumps(self._json).decode()
        content = self._content
        return (decode_text(content) if isinstance(content, bytes) else content).strip(PADDING)

    def data(self) -> bytes:
        """Return it as bytes."""
        if isinstance(self._content, bytes):
            return self._content
        return self.text().encode(errors="replace")

    def whole(self) -> Raw:
        """Return what it is without any path: JSON that was parsed already, or text."""
        return self.text() if self._content is not None else self._json


class ReceivedJson(Received):
    """A message that is JSON, parsed already."""

    __slots__ = ()

    def __init__(  # one for each message: nothing that takes longer
        self, value: Any, event: str = "", is_reply: bool = False, what: str = THE_MESSAGE
    ) -> None:
        """Take the value."""
        self._content = self._xml = None
        self._json = value
        self.fields = value if type(value) is dict else None
        self.groups = _NO_GROUPS
        self.what = what
        self.event = event
        self.is_reply = is_reply


def received_of(message: Any, what: str = THE_MESSAGE) -> Received:
    """Return a message as readings take it: bytes, text, or JSON that was parsed already."""
    if isinstance(message, bytes | str):
        return Received(message, what=what)
    return ReceivedJson(message, what=what)


def _fields_of(value: Any) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if type(value) is dict else None


def _attempted(parse: Callable[[], Any], message: Received, language: str) -> Any:
    """Return what `parse` returns, or its error, so that no message is parsed twice."""
    try:
        return parse()
    except ReplyError as err:
        if err.__cause__ is None:  # too much of it, which it says
            return err
        return ReplyError(said(t"{message.what} is not {language}"))


def _result(attempted: Any) -> Any:
    if isinstance(attempted, ReplyError):
        raise ReplyError(said_by(attempted))
    return attempted


def as_text(value: object, name: str = THE_VALUE) -> str:
    """Return a single value as text, a number in the shortest way; raise ReplyError for others."""
    match value:
        case StrEnum():
            return str(value.value)
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
            return str(int(value))
        case int() | float():
            return repr(value)
        case _:
            raise ReplyError(said(t"{name} is {short(value)}, not a single value"))
