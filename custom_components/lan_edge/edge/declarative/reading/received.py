"""A message of a device, parsed as JSON or XML when the first value in it is read."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Final, Self, cast
from xml.etree.ElementTree import Element

import orjson

from ...capabilities.schema import short
from ...errors import ReplyError
from ...network.parsing import parse_json, parse_xml
from ...network.text import PADDING, decode_text
from ..said import said, said_by

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

    __slots__ = ("_content", "_json", "_xml", "groups", "what")

    def __init__(
        self,
        content: bytes | str,
        groups: Mapping[str, str | None] = _NO_GROUPS,
        *,
        what: str = THE_MESSAGE,
    ) -> None:
        """Take bytes or text; `groups` are those of the pattern that matched it.

        Errors call it `what`.
        """
        self._content: Any = content
        self._json: Any = MISSING
        self._xml: Element | ReplyError | None = None
        self.groups = groups
        self.what = what

    @classmethod
    def of_json(cls, value: Any, *, what: str = THE_MESSAGE) -> Self:
        """Return a message that is JSON, parsed already."""
        made = cls.__new__(cls)  # one for each message: all at once
        made._content, made._json, made._xml = None, value, None  # noqa: SLF001  # its own
        made.groups, made.what = _NO_GROUPS, what
        return made

    @property
    def is_parsed(self) -> bool:
        """Whether it was JSON from the beginning."""
        return self._content is None

    def json(self) -> Any:
        """Return it as JSON; raise ReplyError."""
        if type(self._json) is dict:  # as usual
            return cast("Raw", self._json)
        if self._json is MISSING:
            self._json = _attempted(lambda: parse_json(self._content, self.what), self, "JSON")
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
