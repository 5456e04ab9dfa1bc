"""The HTTP client of one device: its own few connections, which end with it."""

from collections.abc import Mapping
from dataclasses import dataclass
import socket
import ssl
from typing import Any

import aiohttp

from ...network.sockets import limit_unacknowledged
from .login import Login, middlewares

KEEP_ALIVE = 60
"""Seconds an idle connection is kept: longer than from one poll to the next."""
UNTAKEN_MS = 5000
"""Milliseconds in which a device's system must take what it is sent; else nothing more is."""


def new_session(
    tls: ssl.SSLContext | bool,
    connections: int,
    headers: Mapping[str, str] | None,
    login: Login | None,
    limit: int,
) -> aiohttp.ClientSession:
    """Return a session that goes by `tls`, with so many connections at a time.

    Not the hub's shared one: these connections must end with the device. A request takes an
    `Idle` as its context.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections,
            keepalive_timeout=KEEP_ALIVE,
            ssl=tls,
            socket_factory=_socket,
        ),
        trace_configs=[_reuse_noted()],
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
        middlewares=middlewares(login, limit),
    )


def _socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket whose kernel does not send on, long after, what was given up."""
    made = socket.socket(*address[:3])
    limit_unacknowledged(made, UNTAKEN_MS)
    return made


@dataclass(slots=True)
class Idle:
    """Whether a request went out on a connection that had been idle."""

    reused: bool = False


def _reuse_noted() -> aiohttp.TraceConfig:
    async def note(_session: Any, context: Any, _params: Any) -> None:
        context.trace_request_ctx.reused = True

    noted = aiohttp.TraceConfig()
    noted.on_connection_reuseconn.append(note)
    return noted
