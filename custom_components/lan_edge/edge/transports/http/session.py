"""The one place where aiohttp sessions are made, for HTTP, event streams and WebSockets."""

from collections.abc import Mapping
from dataclasses import dataclass
import socket
import ssl
from typing import Any

import aiohttp

from ...network.sockets import limit_unacknowledged

KEEP_ALIVE = 60
"""Seconds an idle connection is kept: longer than from one poll to the next."""
UNACKNOWLEDGED_MS = 5000
"""Milliseconds after which data that a device does not acknowledge is no longer sent."""


@dataclass(slots=True)
class ConnectionUse:
    """A request's `trace_request_ctx`, which learns what connection the request was sent on."""

    was_idle: bool = False
    """Whether it was one kept from an earlier request."""


def new_session(
    tls: ssl.SSLContext | bool,
    *,
    connections: int = 1,
    headers: Mapping[str, str] | None = None,
    middlewares: tuple[aiohttp.ClientMiddlewareType, ...] = (),
) -> aiohttp.ClientSession:
    """Return a session of one device, with at most so many connections at a time.

    It is not Home Assistant's shared one, since its connections must end with the device. It has
    no timeout and keeps no cookies.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections,
            keepalive_timeout=KEEP_ALIVE,
            ssl=tls,
            socket_factory=_socket,
        ),
        timeout=aiohttp.ClientTimeout(total=None),
        trace_configs=[_connection_use()],
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
        middlewares=middlewares,
    )


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket whose kernel stops sending what the device does not acknowledge."""
    made = socket.socket(*address[:3])
    limit_unacknowledged(made, UNACKNOWLEDGED_MS)
    return made


def _connection_use() -> aiohttp.TraceConfig:
    async def note(_session: Any, context: Any, _params: Any) -> None:
        if isinstance(use := context.trace_request_ctx, ConnectionUse):
            use.was_idle = True

    config = aiohttp.TraceConfig()
    config.on_connection_reuseconn.append(note)
    return config
