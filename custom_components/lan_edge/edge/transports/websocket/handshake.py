"""How a WebSocket begins and ends, as the library's errors."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import aiohttp
from yarl import URL

from ...errors import (
    CredentialsError,
    EdgeError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...network.address import Address
from ...network.os_errors import network_errors
from ...network.tls import tls_errors
from ..base import Options
from ..http.messages import require_sendable, same_host


def websocket_url(address: Address, options: Options, path: str) -> URL:
    """Return the URL of a path on the device; raise UnreachableError if it leads elsewhere."""
    require_sendable("the path", path)
    scheme, port = "wss" if options.tls else "ws", address.port or options.port
    base = URL.build(scheme=scheme, host=address.host, port=port)
    if (url := same_host(base, path)) is None:
        raise UnreachableError(f"{path} is not on the device")
    return url


def end_reason(socket: aiohttp.ClientWebSocketResponse, message: aiohttp.WSMessage) -> EdgeError:
    """Return why a connection ended, by its last message: the close code and the device's words."""
    if message.type is aiohttp.WSMsgType.CLOSE:
        words = f": {message.extra}" if message.extra else ""
        return UnreachableError(f"the device closed the WebSocket with code {message.data}{words}")
    failure = message.data if isinstance(message.data, Exception) else socket.exception()
    if isinstance(failure, TimeoutError):
        return TimedOutError("no answer to a ping")
    if isinstance(failure, aiohttp.WebSocketError):
        return ReplyError(f"not valid WebSocket, closed with code {failure.code}: {failure}")
    return UnreachableError(f"the WebSocket broke without a close code: {failure or 'cut'}")


class Upgrade:
    """The middleware of a handshake: refuses redirects, and keeps the connection's transport."""

    transport: asyncio.Transport | None = None

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Raise for a redirect: it would lead away from the device whose address is known."""
        response = await handler(request)
        if 300 <= response.status < 400:  # noqa: PLR2004
            response.close()
            raise aiohttp.ClientResponseError(
                response.request_info, response.history, status=response.status
            )
        if response.connection is not None:
            self.transport = response.connection.transport
        return response


@contextmanager
def handshake_errors(what: str) -> Generator[None]:
    """Turn aiohttp's errors into those that `open` may raise; `what` begins their messages."""
    try:
        with network_errors(what), tls_errors(what):
            yield
    except aiohttp.ClientResponseError as err:
        if err.status == 401:  # noqa: PLR2004
            raise CredentialsError(f"{what}: the device requires a login") from err
        reason = f"{what}: no WebSocket here: status {err.status} {err.message}"
        raise UnreachableError(reason) from err
    except aiohttp.ClientError as err:
        raise UnreachableError(f"{what}: {err}") from err
