"""How a WebSocket begins and ends, in the library's terms."""

from collections.abc import Generator
from contextlib import contextmanager

import aiohttp

from ...errors import (
    CredentialsError,
    EdgeError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...network.os_errors import network_errors
from ...network.tls import tls_errors


def why(found: aiohttp.ClientWebSocketResponse, message: aiohttp.WSMessage) -> EdgeError:
    """Return why a connection ended, with the close code and the device's words."""
    if message.type is aiohttp.WSMsgType.CLOSE:
        words = f": {message.extra}"[:200] if message.extra else ""
        return UnreachableError(f"the device closed the WebSocket with code {message.data}{words}")
    failure = message.data if isinstance(message.data, Exception) else found.exception()
    if isinstance(failure, TimeoutError):
        return TimedOutError("no answer to a ping")
    if isinstance(failure, aiohttp.WebSocketError):
        return ReplyError(f"not valid WebSocket, closed with code {failure.code}: {failure}"[:300])
    return UnreachableError(f"the WebSocket broke without a close code: {failure or 'cut'}"[:300])


async def stay(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Follow no redirect: it would lead away from the device whose address is known."""
    response = await handler(request)
    if 300 <= response.status < 400:  # noqa: PLR2004
        response.close()
        raise aiohttp.ClientResponseError(
            response.request_info, response.history, status=response.status
        )
    return response


@contextmanager
def handshake_errors(what: str) -> Generator[None]:
    """Turn aiohttp's errors into what `open` may raise."""
    try:
        with network_errors(what), tls_errors(what):
            yield
    except aiohttp.ClientResponseError as err:
        if err.status == 401:  # noqa: PLR2004
            msg = f"{what}: the device wants a login"
            raise CredentialsError(msg) from err
        msg = f"{what}: no WebSocket here: status {err.status} {err.message}"[:300]
        raise UnreachableError(msg) from err
    except aiohttp.ClientError as err:
        msg = f"{what}: {err}"
        raise UnreachableError(msg) from err
