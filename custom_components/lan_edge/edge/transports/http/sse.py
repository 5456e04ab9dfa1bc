"""Server-sent events: HTTP requests, and a stream of events that the device keeps open.

A new stream continues after the last event's id. Every event goes to the driver's `on_message`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
import socket
from typing import TypeAlias, override

import aiohttp

from ...diagnostics.trace import MAX_ENTRY
from ...errors import EdgeError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.sockets import acknowledged_at, detect_dead_peer
from ...sentences import said
from ...timing.slices import PausedReading
from ..base import Link, Options
from ..messages.unpacking import pieces
from .event_stream import EventParser, SseEvent
from .http import Http
from .login import HttpSession, middlewares
from .messages import client_errors
from .options import HttpOptions
from .refusals import fail_paused, login_refused, read_refusal, words_or_status
from .session import STREAM_READ, new_session
from .session_login import carried_headers

MAX_EVENT = 128 * 1024
"""The largest event, in bytes; a part of one may be held for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SseOptions(HttpOptions):
    """Options of Sse; one event may have at most `limit` bytes, and at most 128 KiB."""

    events: str = "/events"
    """The path of the event stream."""
    silence: float | None = 60.0
    """Seconds without event or comment after which the stream is dead; None: never."""


class Sse(Http):
    """HTTP requests, and an event stream beside them."""

    Event: TypeAlias = SseEvent  # noqa: UP040  # it is called as well
    options_type = SseOptions
    pushes = True
    poll = 300.0  # should an event be lost
    heartbeat = 20.0  # the stream may be silent for long
    identify_every = None  # its loss would show
    _options: SseOptions
    _stream: aiohttp.ClientSession | None = None
    _reader: asyncio.Task[None] | None = None
    _stream_socket: socket.socket | None = None

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a stream."""
        super().__init__(link, options)
        self.last_event_id = ""
        """The id after which the next stream continues."""
        self.retry: float | None = None
        """Seconds that the device asks to wait between two connections, if it does."""

    @override
    async def open_to_ask(self, address: Address) -> None:
        await super().open(address)

    @override
    async def open(self, address: Address) -> None:
        await super().open(address)
        try:
            response = await self._listen()
        except BaseException:
            await self.close()
            raise
        # eager, so that it closes the response even if it is cancelled at once
        self._reader = asyncio.Task(self._read_events(response), eager_start=True)

    @override
    async def close(self) -> None:
        reader, self._reader = self._reader, None
        stream, self._stream = self._stream, None
        try:
            if reader is not None:
                reader.cancel()
                await asyncio.wait([reader])
        finally:
            try:
                if stream is not None:
                    await stream.close()
            finally:
                await super().close()

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return acknowledged_at(self._stream_socket) if self._reader is not None else None

    async def _listen(self) -> aiohttp.ClientResponse:
        if self._login is None:
            return await self._listen_with(HttpSession())
        return await self._login.run(f"GET {self._options.events}", self._listen_with)

    async def _listen_with(self, session: HttpSession) -> aiohttp.ClientResponse:
        options = self._options
        what = f"GET {options.events}"
        if self._stream is not None:  # it was refused
            await self._stream.close()
        # a session of its own, since the number of connections for requests is limited
        login = middlewares(options.login, options.limit, self._link.challenge)
        self._stream = new_session(self._ssl, max_read=STREAM_READ, middlewares=login)
        if self._link.pacing.is_active:
            await self._link.pacing.turn(what)
        with client_errors(what, options.tls):
            async with asyncio.timeout(options.timeout):
                response = await self._stream.get(
                    self._resolve(options.events, session.query),
                    headers={**self._headers(), **carried_headers(session)},
                    server_hostname=(options.tls.server_name or None) if options.tls else None,
                    allow_redirects=False,
                )
        try:
            await self._check_event_stream(response, what)
        except BaseException:
            response.close()  # its body may still be on the way
            raise
        self._stream_socket = _watched(response)
        return response

    async def _check_event_stream(self, response: aiohttp.ClientResponse, what: str) -> None:
        """Raise an error that `open` may raise if this is not an event stream."""
        if response.status in self._options.login_statuses:
            raise login_refused(what, await read_refusal(response))
        await fail_paused(self._link.pacing, what, response, is_paced=self._is_paced)
        if response.status != 200:  # noqa: PLR2004
            words = words_or_status(response.status, await read_refusal(response))
            raise UnreachableError(t"{what}: no event stream: {words}")
        if response.content_type != "text/event-stream":
            kind = response.content_type
            raise UnreachableError(t"{what}: the answer is {kind}, not an event stream")

    def _headers(self) -> dict[str, str]:
        resume = {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}
        return {
            **(self._options.headers or {}),
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Cache-Control": "no-store",
            **resume,
        }

    async def _read_events(self, response: aiohttp.ClientResponse) -> None:
        reason: EdgeError
        try:
            with client_errors(said(t"the event stream")):
                await self._read_until_end(response)
        except EdgeError as err:
            reason = err
        except Exception as err:  # noqa: BLE001  # the loss must be reported in any case
            reason = UnreachableError(t"the event stream broke: {err!r}")
        else:
            reason = UnreachableError(t"the device ended the event stream")
        finally:
            response.close()
        if self._reader is asyncio.current_task():
            await super().close()  # requests to a lost device fail too
        if self._reader is asyncio.current_task():
            self._reader = None
            self._link.on_lost(reason)

    async def _read_until_end(self, response: aiohttp.ClientResponse) -> None:
        connection = response.connection  # None: it has ended already
        reading = PausedReading(connection.transport if connection is not None else None)
        parser = EventParser(min(self._options.limit, MAX_EVENT))
        parser.last_id = parser.resume_id = self.last_event_id
        while chunk := await self._chunk(response.content):
            self._heard()
            await reading.run_in_slices(self._handled(parser, chunk))

    def _handled(self, parser: EventParser, chunk: bytes) -> Iterator[object]:
        """Handle the events that a chunk completes, in steps."""
        for piece in pieces(chunk):
            for event in parser.feed(piece):
                self._link.trace.add("received", f"{event.type}: {event.data[:MAX_ENTRY]}")
                self._link.on_message(event)
                yield from self._link.backlog.steps()
                yield None
            self._remember(parser)

    async def _chunk(self, content: aiohttp.StreamReader) -> bytes:
        silence = self._options.silence
        try:
            async with asyncio.timeout(silence):
                return await content.readany()
        except TimeoutError as err:
            raise TimedOutError(t"the event stream was silent for {silence:g} s") from err

    def _remember(self, parser: EventParser) -> None:
        self.last_event_id = parser.resume_id
        if parser.retry is not None:
            self.retry = parser.retry / 1000


def _watched(response: aiohttp.ClientResponse) -> socket.socket | None:
    """Have the end of the connection noticed, by the kernel and by the reader; return its socket.

    None: it has already ended, as the reader will see.
    """
    connection = response.connection
    if connection is None or connection.protocol is None or connection.transport is None:
        return None
    sock: socket.socket = connection.transport.get_extra_info("socket")
    detect_dead_peer(sock)
    if (closed := connection.protocol.closed) is not None:
        closed.add_done_callback(partial(_end, response.content))
    return sock


def _end(content: aiohttp.StreamReader, closed: asyncio.Future[None]) -> None:
    """End a body whose connection is closed: after a broken chunk aiohttp leaves it hanging."""
    if not closed.cancelled():
        closed.exception()  # retrieved
    if not content.is_eof() and content.exception() is None:
        content.set_exception(aiohttp.ClientPayloadError("a broken chunk"))
