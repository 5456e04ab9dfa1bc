"""The WebSockets that devices open to the hub: what they begin with, and how they are received."""

from collections.abc import Awaitable, Callable
from time import perf_counter

from aiohttp import WSMessage, WSMsgType, hdrs, web

from ..network.pings import Pings
from ..timing.backlog import Backlog
from ..timing.slices import PausedReading
from .body import MAX_BODY

PING_INTERVAL = 20.0
"""Seconds of silence after which a device is pinged."""


def new_websocket() -> web.WebSocketResponse:
    """Return a WebSocket without compression: a few bytes would unpack to a whole message."""
    return web.WebSocketResponse(
        max_msg_size=MAX_BODY, timeout=1, compress=False, autoping=False, decode_text=False
    )


def without_subprotocols(request: web.BaseRequest) -> web.BaseRequest:
    """Return a request that offers no subprotocols: we know none, and aiohttp would log them."""
    if hdrs.SEC_WEBSOCKET_PROTOCOL not in request.headers:
        return request
    headers = request.headers.copy()
    headers.popall(hdrs.SEC_WEBSOCKET_PROTOCOL)
    return request.clone(headers=headers)


def can_prepare(websocket: web.WebSocketResponse, request: web.BaseRequest) -> bool:
    """Return whether a request is one for a WebSocket."""
    try:
        return websocket.can_prepare(request).ok
    except ValueError:  # a key that is not ASCII
        return False


async def receive(
    websocket: web.WebSocketResponse,
    request: web.BaseRequest,
    backlog: Backlog,
    take: Callable[[WSMessage], Awaitable[None]],
) -> None:
    """Have `take` take text and bytes until the WebSocket is closed or no longer answers pings.

    The next message waits while `backlog` is full.
    """
    reading = PausedReading(request.transport)
    try:
        async with Pings(websocket, PING_INTERVAL) as pings:
            async for message in websocket:
                began = perf_counter()
                pings.heard()
                if message.type is WSMsgType.PING:
                    await websocket.pong(message.data)
                elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await take(message)
                del message  # it may be large, and the next one may come late
                while backlog.waiting:
                    await reading.next_turn()
                await reading.worked(began)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
