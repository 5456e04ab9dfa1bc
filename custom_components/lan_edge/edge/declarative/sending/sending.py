"""What is sent to a device: a request with placeholders for arguments and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Body", "Sending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of an HTTP request: at most one of the three."""

    json: Any = None
    """A JSON value; a text in it that is one placeholder becomes the argument with its type."""
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    content_type: str = ""
    """Of a `text`; a text of XML has its arguments escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One request, of the kind that the transport sends.

    In all texts, `{level}` is an argument or parameter, `{level:03d}` one with a format, `{{` a
    brace. How it is put in depends on the place: escaped in a path, a query, a form and XML, with
    its type in JSON, in a line without line breaks, as bytes of a type (`{level:u16be}`).
    """

    method: str = ""
    """HTTP's method, in capitals."""
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Body = field(default_factory=Body)
    again: bool | None = None
    """Whether it may be sent again if the answer is missing; None: as HTTP's method says."""
    line: str = ""
    """A text line; also the text of a WebSocket's text message or of a datagram."""
    message: Any = None
    """A JSON message, for a WebSocket, a datagram or a device that dials in."""
    call: str = ""
    """The method of JSON-RPC, with `params`."""
    params: Any = None
    data: str = ""
    """Bytes as hexadecimal digits with placeholders: `55 AA {level:u8}`."""
    answered: bool | str | None = None
    """Whether the device answers it, or the name of the kind of message that is the answer.

    None: with HTTP and JSON-RPC it does. With other transports it does if it reads: then a kind of
    message with the name of the request is the answer, or else the next message.
    """
    wait: float = 0.0
    """Seconds to wait before it, if it is not the first of several."""
