"""The one place where aiohttp sessions are made, for HTTP, event streams and WebSockets."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
import re
import socket
import ssl
from typing import Any

import aiohttp

from ...network.sockets import ShortReadSocket, limit_unacknowledged
from .protocol import LenientProtocol
from .reframing import MAX_HEAD_LINE, MAX_HEAD_LINES

KEEP_ALIVE = 60
"""Seconds an idle connection is kept: longer than from one poll to the next."""
BODY_READ = 16 * 1024
"""Bytes that are read at a time of an answer."""
STREAM_READ = 2 * 1024
"""Bytes that are read at a time where a device sends message after message: a thousand at most."""
UNACKNOWLEDGED_MS = 5000
"""Milliseconds after which data that a device does not acknowledge is no longer sent."""
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(slots=True)
class ConnectionUse:
    """A request's `trace_request_ctx`, which learns what connection the request was sent on."""

    was_idle: bool = False
    """Whether it was one kept from an earlier request."""


def new_session(
    tls: ssl.SSLContext | bool,
    *,
    connections: int = 1,
    max_read: int = BODY_READ,
    headers: Mapping[str, str] | None = None,
    middlewares: tuple[aiohttp.ClientMiddlewareType, ...] = (),
) -> aiohttp.ClientSession:
    """Return a session of one device, with at most so many connections at a time.

    Of each, `max_read` bytes are read at a time, and a few times as many wait to be handled. It is
    not Home Assistant's shared one, since its connections must end with the device. It has no
    timeout and keeps no cookies.
    """
    connector = aiohttp.TCPConnector(
        limit=connections,
        keepalive_timeout=KEEP_ALIVE,
        ssl=tls,
        socket_factory=partial(_socket, max_read),
    )
    # there is no option, and aiohttp's parser refuses what many devices send
    factory: Any = partial(LenientProtocol, loop=asyncio.get_running_loop())
    connector._factory = factory  # noqa: SLF001
    session = aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=max_read,
        max_line_size=MAX_HEAD_LINE,
        max_field_size=MAX_HEAD_LINE,
        max_headers=MAX_HEAD_LINES,
        trace_configs=[_connection_use()],
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
        middlewares=(*middlewares, _refuse_control_characters),
    )
    # what may be sent twice is decided in one place, which knows more than the method
    session._retry_connection = False  # noqa: SLF001  # there is no option
    return session


async def _refuse_control_characters(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Raise for an answer with control characters in its headers (RFC 9110, 5.5).

    Much of them is sent back: a nonce, the id of a subscription, a cookie, a location.
    """
    response = await handler(request)
    if _CONTROL.search(b"".join([value for _, value in response.raw_headers])):
        response.close()
        message = "a control character in a header"
        raise aiohttp.ClientResponseError(response.request_info, response.history, message=message)
    return response


def _socket(max_read: int, address: tuple[Any, ...]) -> socket.socket:
    """Return a socket whose kernel stops sending what the device does not acknowledge."""
    made = ShortReadSocket(*address[:3])
    made.max_read = max_read
    limit_unacknowledged(made, UNACKNOWLEDGED_MS)
    return made


def _connection_use() -> aiohttp.TraceConfig:
    async def note(_session: Any, context: Any, _params: Any) -> None:
        if isinstance(use := context.trace_request_ctx, ConnectionUse):
            use.was_idle = True

    config = aiohttp.TraceConfig()
    config.on_connection_reuseconn.append(note)
    return config
