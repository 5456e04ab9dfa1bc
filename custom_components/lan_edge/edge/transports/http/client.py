"""Sends HTTP requests to one device, with bounds on their number, their time and their answers."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import ssl

import aiohttp

from ...diagnostics.trace import MAX_ENTRY, Trace
from ...errors import ReplyError, UnreachableError
from ...timing.arrivals import arrivals
from ..base import HIDDEN
from ..challenge import KnownChallenge
from .login import middlewares
from .messages import Request, Response, client_errors, require_token
from .options import HttpOptions
from .session import ConnectionUse, new_session

_HUNG_UP = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


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
        self._on_heard = on_heard
        self._session = new_session(
            tls,
            connections=options.connections,
            headers=options.headers,
            middlewares=middlewares(options.login, options.limit, challenge),
        )
        self._slots = asyncio.Semaphore(options.connections)
        self._timeouts = set[asyncio.Timeout]()
        """Of the requests under way."""

    async def close(self) -> None:
        """Fail all requests and close all connections."""
        for timeout in self._timeouts:  # aiohttp does not stop a connection attempt by itself
            if not timeout.expired():
                timeout.reschedule(0)
        await self._session.close()

    async def send(self, request: Request) -> Response:
        """Send a request and return the answer, whatever its status; raise an EdgeError."""
        self.fail_if_closed(request)
        async with self._slots:
            if not request.again:
                await arrivals()
            with client_errors(request.what):
                use = ConnectionUse()
                try:
                    return await self._exchange(request, use)
                except _HUNG_UP:
                    if not (use.was_idle and request.again):
                        raise
                    # the device had closed the idle connection, and most likely saw no request
                    return await self._exchange(request, ConnectionUse())

    def fail_if_closed(self, request: Request) -> None:
        """Raise UnreachableError if it was closed, which ends requests by their timeouts."""
        if self._session.closed:
            raise UnreachableError(f"{request.what}: cancelled before the device answered")

    async def _exchange(self, request: Request, use: ConnectionUse) -> Response:
        self.fail_if_closed(request)
        self._trace.add("sent", f"{request.what} {request.traced}")
        tls = self._options.tls
        async with (
            self._timeout(),
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
            response = Response(request.what, status, headers, body, request.secret)
        shown = HIDDEN if request.secret else repr(body[:MAX_ENTRY])
        self._trace.add("received", f"{request.what} {response.status} {shown}")
        return response

    @asynccontextmanager
    async def _timeout(self) -> AsyncGenerator[None]:
        """Limit the time of a request; `close` ends it early."""
        async with asyncio.timeout(self._options.timeout) as timeout:
            self._timeouts.add(timeout)
            try:
                yield
            finally:
                self._timeouts.discard(timeout)

    async def _read(self, content: aiohttp.StreamReader, what: str) -> bytes:
        body = bytearray()
        async for chunk in content.iter_any():
            self._on_heard()  # alive, if slow
            body += chunk
            if len(body) > self._options.limit:
                raise ReplyError(f"{what}: a body of more than {self._options.limit} bytes")
        return bytes(body)
