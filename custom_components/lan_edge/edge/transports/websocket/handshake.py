"""How a WebSocket begins and ends, as the library's errors."""

import asyncio
from collections.abc import Collection, Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Literal, NoReturn

import aiohttp
from aiohttp.http import WSMessageNoDecodeText
from yarl import URL

from ...errors import EdgeError, ReplyError, UnreachableError
from ...network.address import Address
from ...network.os_errors import network_errors, reason_of
from ...network.tls import Tls, tls_errors
from ...sentences import said
from ..base import Options
from ..http.messages import require_sendable, same_host
from ..http.refusals import fail_paused, login_refused, read_refusal, words_or_status
from ..pacing import Pacing


def websocket_url(address: Address, options: Options, path: str) -> URL:
    """Return the URL of a path on the device; raise UnreachableError if it leads elsewhere."""
    require_sendable("the path", path)
    scheme, port = "wss" if options.tls else "ws", address.port or options.port
    base = URL.build(scheme=scheme, host=address.host, port=port)
    if (url := same_host(base, path)) is None:
        raise UnreachableError(t"{path} is not on the device")
    return url


def end_reason(
    socket: aiohttp.ClientWebSocketResponse[Literal[False]], message: WSMessageNoDecodeText
) -> EdgeError:
    """Return why a connection ended, by its last message: the close code and the device's words."""
    if message.type is aiohttp.WSMsgType.CLOSE:
        code = message.data
        closed = said(t"the device closed the WebSocket with code {code}")
        words = message.extra
        return UnreachableError(t"{closed}: {words}" if words else closed)
    failure = message.data if isinstance(message.data, Exception) else socket.exception()
    if isinstance(failure, aiohttp.WebSocketError):
        return ReplyError(t"not valid WebSocket, closed with code {failure.code}: {failure}")
    err = reason_of(failure) if failure else said(t"no close code")
    return UnreachableError(t"the WebSocket broke: {err}")


class Upgrade:
    """The middleware of a handshake: raises a refusal, and keeps the connection's transport."""

    transport: asyncio.Transport | None = None

    def __init__(
        self, what: str, login_statuses: Collection[int], pacing: Pacing, *, is_paced: bool
    ) -> None:
        """Begin the errors with `what`; `login_statuses` refuse the login."""
        self._what = what
        self._login_statuses = login_statuses
        self._pacing = pacing
        self._is_paced = is_paced
        """Whether the driver sets a pace."""

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Raise for any other answer, also a redirect: it would lead away from the device."""
        response = await handler(request)
        if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
            try:
                await self._fail(response)
            finally:
                response.close()
        self._pacing.accepted()
        if response.connection is not None:
            self.transport = response.connection.transport
        return response

    async def _fail(self, response: aiohttp.ClientResponse) -> NoReturn:
        what, status = self._what, response.status
        if status in self._login_statuses:
            raise login_refused(what, await read_refusal(response))
        await fail_paused(self._pacing, what, response, is_paced=self._is_paced)
        words = words_or_status(status, await read_refusal(response))
        raise UnreachableError(t"{what}: no WebSocket here: {words}")


@contextmanager
def handshake_errors(what: str, tls: Tls | None) -> Generator[None]:
    """Turn aiohttp's errors into those that `open` may raise; `what` begins their messages."""
    try:
        with network_errors(what), tls_errors(what, tls):
            yield
    except aiohttp.ClientResponseError as err:
        words = err.message
        raise UnreachableError(t"{what}: no WebSocket here: {words}") from err
    except aiohttp.ServerDisconnectedError as err:
        raise UnreachableError(t"{what}: the device closed the connection") from err
    except aiohttp.ClientError as err:
        raise UnreachableError(t"{what}: {err}") from err
