"""Requests that are ready to be sent, as the transports take them.

Nobody changes them. They are not frozen, as one is made for each command, and that takes longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...transports.hiding import Secret


@dataclass(slots=True, kw_only=True)
class ReadyHttp:
    """An HTTP request: the arguments of `Http.request`."""

    method: str
    path: str
    """Escaped; it may have a query of its own."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """With that of the body's type."""
    body: bytes
    again: bool | None
    secret: Secret = False
    """The secret that is in it; True: there are several. Here and below."""


@dataclass(slots=True, kw_only=True)
class ReadyText:
    """A line, a text message or a datagram of text."""

    text: str
    secret: Secret = False


@dataclass(slots=True, kw_only=True)
class ReadyJson:
    """A JSON message."""

    message: Any
    secret: Secret = False


@dataclass(slots=True, kw_only=True)
class ReadyCall:
    """A request of JSON-RPC, with params by name or by position."""

    method: str
    positions: tuple[Any, ...] = ()
    params: Mapping[str, Any]
    secret: Secret = False


@dataclass(slots=True, kw_only=True)
class ReadyBytes:
    """A binary message."""

    data: bytes
    secret: Secret = False


type Ready = ReadyHttp | ReadyText | ReadyJson | ReadyCall | ReadyBytes
