"""Sends HTTP requests to one device, with bounds on their number, their time and their answers."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import errno
import ssl

import aiohttp

from ...diagnostics.trace import MAX_ENTRY, Trace
from ...errors import ReplyError, UnreachableError
from ...timing.arrivals import arrivals
from ..challenge import KnownChallenge
from ..hiding import HIDDEN, bytes_without
from ..pacing import Pacing
from .login import middlewares
from .messages import Request, Response, client_errors, require_token
from .options import HttpOptions
from .session import ConnectionUse, new_session

_HUNG_UP = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
BUSY_PAUSE = 0.2
"""Seconds until a request is sent again after a reset: a device that serves one connection at a
time resets the next one while it is still closing the last."""


def _is_reset(error: Exception) -> bool:
    """Return whether the device reset a connection, rather than refused it."""
    is_refused = isinstance(error, aiohttp.ClientConnectorError)
    return isinstance(error, OSError) and error.errno == errno.ECONNRESET and not is_refused


@dataclass(slots=True)
class _UnderWay:
    """A request under way."""

    timeout: asyncio.Timeout
    what: str
    is_sent: bool = False


class HttpClient:
    """The client from one `open` of the transport to the next; a request stays with its client."""

    def __init__(
        self,
        options: HttpOptions,
        tls: ssl.SSLContext | bool,
        trace: Trace,
        on_heard: Callable[[], None],
        challenge: KnownChallenge | None = None,
    ) -> None:
        """Connect nothing yet; raise CredentialsError for a login that HTTP cannot send.

        `on_heard` is called whenever something arrives from the device.
        """
        require_token(options.headers)
        self._options = options
        self._trace = trace
        self.pacing = Pacing()
        """Holds back the requests, where the device takes only so many."""
        self._on_heard = on_heard
        self._session = new_session(
            tls,
            connections=options.connections,
            headers=options.headers,
            middlewares=(
                *middlewares(options.login, options.limit, challenge),
                self._pace_login,
            ),
        )
        self._slots = asyncio.Semaphore(options.connections)
        self._under_way: dict[asyncio.Task[object] | None, _UnderWay] = {}
        """The requests under way, by their task."""

    async def close(self) -> None:
        """Fail all requests and close all connections."""
        for request in self._under_way.values():  # aiohttp does not stop a connection attempt
            if not request.timeout.expired():
                request.timeout.reschedule(0)
        await self._session.close()

    async def send(self, request: Request) -> Response:
        """Send a request and return the answer, whatever its status; raise an EdgeError."""
        self.fail_if_closed(request)
        async with self._slots:
            if not request.again:
                await arrivals()
            with client_errors(request.what, self._options.tls):
                use = ConnectionUse()
                try:
                    return await self._exchange(request, use)
                except _HUNG_UP as err:
                    if not (request.again and (use.was_idle or _is_reset(err))):
                        raise
                    if not use.was_idle:
                        await asyncio.sleep(BUSY_PAUSE)
                    # the device had closed the idle connection, and most likely saw no request
                    return await self._exchange(request, ConnectionUse())

    def fail_if_closed(self, request: Request) -> None:
        """Raise UnreachableError if it was closed, which ends requests by their timeouts."""
        if self._session.closed:
            raise UnreachableError(t"{request.what}: given up before the device answered")

    async def _exchange(self, request: Request, use: ConnectionUse) -> Response:
        self.fail_if_closed(request)
        tls = self._options.tls
        async with (
            self._timeout(request),
            self._session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers=request.headers,
                server_hostname=(tls.server_name or None) if tls else None,
                allow_redirects=False,
                trace_request_ctx=use,
            ) as answer,
        ):
            self._on_heard()
            body = await self._read(answer.content, request.what)
            status, headers = answer.status, answer.headers
            is_secret = request.secret is True
            response = Response(request.what, status, headers, body, is_secret)
        is_hidden = is_secret or request.hides_answer
        shown = HIDDEN if is_hidden else repr(bytes_without(request.secret, body)[:MAX_ENTRY])
        self._trace.add("received", f"{request.what} {response.status} {shown}")
        return response

    @asynccontextmanager
    async def _timeout(self, request: Request) -> AsyncGenerator[None]:
        """Limit the time of a request, as of when the pace allows it; `close` ends it early."""
        task = asyncio.current_task()
        async with asyncio.timeout(self._options.timeout) as timeout:
            self._under_way[task] = under_way = _UnderWay(timeout, request.what)
            try:
                if self.pacing.is_active:
                    await self._hold(under_way)
                self._trace.add("sent", f"{request.what} {request.traced}")
                yield
            finally:
                del self._under_way[task]

    async def _hold(self, under_way: _UnderWay) -> None:
        """Wait until the pace allows the request, which then has all its time."""
        under_way.timeout.reschedule(None)
        await self.pacing.turn(under_way.what)
        if not under_way.timeout.expired():
            now = asyncio.get_running_loop().time()
            under_way.timeout.reschedule(now + self._options.timeout)

    async def _pace_login(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Keep to the pace with the answer to a challenge, too: it is a request of its own."""
        under_way = self._under_way[asyncio.current_task()]
        if under_way.is_sent and self.pacing.is_active:
            await self._hold(under_way)
        under_way.is_sent = True
        return await handler(request)

    async def _read(self, content: aiohttp.StreamReader, what: str) -> bytes:
        body = bytearray()
        async for chunk in content.iter_any():
            self._on_heard()  # alive, if slow
            body += chunk
            if len(body) > self._options.limit:
                raise ReplyError(t"{what}: a body of more than {self._options.limit} bytes")
        return bytes(body)
