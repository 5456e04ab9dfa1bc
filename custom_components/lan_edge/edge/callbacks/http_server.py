"""aiohttp's server, with limits on the number of connections and a deadline for each."""

import asyncio
from collections import Counter
from collections.abc import Callable
import logging
from typing import Any, override

from aiohttp import web

from ..network.hosts import canonical_host
from .line_reader import MAX_GREETING, LineCallReader

_INVALID_HTTP = logging.getLogger(f"{__name__}.invalid_http")
"""For aiohttp's log entries about bytes that are not HTTP, which are of no use."""
_INVALID_HTTP.setLevel(logging.CRITICAL)

MAX_CONNECTIONS = 128
"""HTTP connections at a time; WebSockets no longer count, since a device has only one."""
MAX_PER_SOURCE = 16
MAX_STRANGERS = 64
"""Of these, from addresses that are no device's; the rest is reserved for devices."""
REQUEST_TIMEOUT = 5.0
"""Seconds a connection has for one request and its answer."""
MAX_LINE, MAX_HEADER_FIELD, MAX_HEADER_FIELDS = 4096, 2048, 32
"""Bytes of the request line and of a header, and the number of headers: kept until all are there,
and there may be many strangers."""
_STRANGERS = ""
"""What the connections from all addresses that are no device's are counted under."""


class _Request(web.BaseRequest):
    """A request whose answer does not name the software of the server."""

    @override
    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        response.headers.pop("Server", None)


class _Handler(web.RequestHandler):
    """Answers what is not HTTP by a status alone, not by aiohttp's words.

    A connection that begins with a slash, as no request of HTTP does, is one of lines: the first is
    the path, and the others are messages.
    """

    greeting: Callable[[web.RequestHandler, bytes], LineCallReader | None]
    """Takes the connection by its first line; returns None if it does not."""
    _lines: LineCallReader | None = None
    _first: bytes | None = b""
    """What has arrived of the first line; None: it is HTTP, or the line is complete."""

    @override
    def data_received(self, data: bytes) -> None:
        if self._lines is not None:
            self._lines.feed(data)
        elif self._first is None or not (self._first or data).startswith(b"/"):
            self._first = None
            super().data_received(data)
        else:
            self._greeted(self._first + data)

    def _greeted(self, data: bytes) -> None:
        line, end, rest = data.partition(b"\n")
        self._first = data if not end else None
        if len(line) > MAX_GREETING or (end and not self._accept(line, rest)):
            self.force_close()
            if self.transport is not None:
                self.transport.abort()

    def _accept(self, line: bytes, rest: bytes) -> bool:
        self._lines = self.greeting(self, line.strip())
        if self._lines is not None and rest:
            self._lines.feed(rest)
        return self._lines is not None

    @override
    def eof_received(self) -> None:
        if self._lines is not None:
            self._lines.end()

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        if self._lines is not None:
            self._lines.end()
        super().connection_lost(exc)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)  # raises if an answer has begun
        response = web.Response(status=status)
        response.force_close()
        return response


class HttpServer(web.Server):
    """Aborts connections that are too many or too slow, and counts them by reason.

    It unpacks no body, and does not read one to its end after the answer: the `handler` reads the
    bodies that are wanted.
    """

    def __init__(
        self,
        handler: Any,
        count: Callable[[str], None],
        is_device: Callable[[str], bool],
        take_lines: Callable[[str, asyncio.Transport], LineCallReader | None],
    ) -> None:
        """Pass requests to aiohttp's `handler`; `is_device` recognizes devices' IP addresses.

        `take_lines` takes connections of lines, by their path.
        """
        super().__init__(
            handler,
            request_factory=self._request,
            access_log=None,
            logger=_INVALID_HTTP,
            lingering_time=0,
            auto_decompress=False,
            max_line_size=MAX_LINE,
            max_field_size=MAX_HEADER_FIELD,
            max_headers=MAX_HEADER_FIELDS,
        )
        self._take_lines = take_lines
        self._count = count
        self._is_device = is_device
        self._deadlines: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        self._transports: dict[web.RequestHandler, asyncio.Transport] = {}
        self._sources = Counter[str]()
        """How many connections there are from each IP address, and from all strangers'."""
        self._counted_as: dict[web.RequestHandler, tuple[str, ...]] = {}

    @override
    def __call__(self) -> web.RequestHandler:
        handler = _Handler(self, loop=self._loop, **self._kwargs)
        handler.greeting = self._greeted
        return handler

    def _greeted(self, handler: web.RequestHandler, path: bytes) -> LineCallReader | None:
        transport = self._transports.get(handler)
        if transport is None or not path.isascii():
            return None
        if (reader := self._take_lines(path.decode(), transport)) is not None:
            self.exempt(handler)
            reader.start(transport)
        return reader

    def _request(self, *parts: Any) -> web.BaseRequest:
        make: Callable[..., web.BaseRequest] = _Request
        return make(*parts, self._loop)

    @override
    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        source = canonical_host(str((transport.get_extra_info("peername") or ("",))[0]))
        counted_as = (source,) if self._is_device(source) else (source, _STRANGERS)
        self._transports[handler], self._counted_as[handler] = transport, counted_as
        self._sources.update(counted_as)
        if self._is_full(source):
            self._count("too many")
            transport.abort()
        else:
            loop = asyncio.get_running_loop()
            self._deadlines[handler] = loop.call_later(REQUEST_TIMEOUT, self._too_slow, transport)

    def _is_full(self, source: str) -> bool:
        return (
            len(self._deadlines) >= MAX_CONNECTIONS
            or self._sources[source] > MAX_PER_SOURCE
            or self._sources[_STRANGERS] > MAX_STRANGERS
        )

    @override
    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        super().connection_lost(handler, exc)
        self.exempt(handler)
        self._transports.pop(handler, None)

    def exempt(self, handler: web.RequestHandler) -> None:
        """Remove a connection's deadline and no longer count it."""
        if (deadline := self._deadlines.pop(handler, None)) is not None:
            deadline.cancel()
        if counted_as := self._counted_as.pop(handler, ()):
            self._sources.subtract(counted_as)
            self._sources += Counter()  # removes the zeros

    def abort(self) -> None:
        """End every connection now."""
        for transport in list(self._transports.values()):
            transport.abort()

    def _too_slow(self, transport: asyncio.Transport) -> None:
        self._count("too slow")
        transport.abort()
