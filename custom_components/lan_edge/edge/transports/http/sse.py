"""Server-sent events: HTTP requests, and a stream of events that the device keeps open.

The stream is taken up again where it ended, by the last event's id. Every event goes to the
driver's `on_message`.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, cast, override

import aiohttp

from ...errors import CredentialsError, EdgeError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.sockets import detect_dead_peer
from ..base import Link, Options
from .event_stream import EventParser, SseEvent
from .http import Http, HttpOptions
from .login import middlewares
from .messages import client_errors

MAX_ID = 1024
"""The longest event id that is sent back to take up a stream, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SseOptions(HttpOptions):
    """Options of Sse; `limit` is of an event too."""

    events: str = "/events"
    """The path of the event stream."""
    silence: float | None = 60.0
    """Seconds without event or comment after which the stream is dead; None: no such sign."""


class Sse(Http):
    """HTTP requests, and an event stream beside them."""

    Event: TypeAlias = SseEvent  # noqa: UP040  # it is called as well
    options_type = SseOptions
    pushes = True
    poll = 300.0  # should an event be lost
    heartbeat = 20.0  # the stream may be silent for long
    _stream: aiohttp.ClientSession | None = None
    _reader: asyncio.Task[None] | None = None

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a stream."""
        super().__init__(link, options)
        self.last_event_id = ""
        """Where the stream is taken up again."""
        self.retry: float | None = None
        """Seconds that the device wants to pass between two connections, if it said."""

    @property
    def _sse(self) -> SseOptions:
        return cast("SseOptions", self._options)

    @override
    async def open(self, address: Address) -> None:
        await super().open(address)
        try:
            response = await self._listen()
        except BaseException:
            await self.close()
            raise
        # eager: begun, it closes the response even when it is cancelled at once
        self._reader = asyncio.Task(self._listen_on(response), eager_start=True)

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

    async def _listen(self) -> aiohttp.ClientResponse:
        what = f"GET {self._sse.events}"
        # a session of its own: the requests' connections are counted
        self._stream = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._ssl),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            middlewares=middlewares(self._sse.login, self._sse.limit),
        )
        with client_errors(what):
            async with asyncio.timeout(self._sse.timeout):
                response = await self._stream.get(
                    self._resolve(self._sse.events, {}),
                    headers=self._headers(),
                    server_hostname=self._server_name,
                    allow_redirects=False,
                )
        try:
            _check(response, what)
        except BaseException:
            response.close()  # its body may still be on the way
            raise
        _watch(response)
        return response

    def _headers(self) -> dict[str, str]:
        resume = {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}
        return {
            **(self._sse.headers or {}),
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Cache-Control": "no-store",
            **resume,
        }

    async def _listen_on(self, response: aiohttp.ClientResponse) -> None:
        reason: EdgeError
        try:
            with client_errors("the event stream"):
                await self._take(response.content)
        except EdgeError as err:
            reason = err
        except Exception as err:  # noqa: BLE001  # whatever it is, the loss must be told
            reason = UnreachableError(f"the event stream broke: {err!r}"[:200])
        else:
            reason = UnreachableError("the device ended the event stream")
        finally:
            response.close()
        if self._reader is asyncio.current_task():
            await super().close()  # what was asked of a device that is lost is lost too
        if self._reader is asyncio.current_task():
            self._reader = None
            self._link.on_lost(reason)

    async def _take(self, content: aiohttp.StreamReader) -> None:
        parser = EventParser(self._sse.limit)
        parser.last_id = self.last_event_id
        while chunk := await self._chunk(content):
            self._heard_at = asyncio.get_running_loop().time()
            for event in parser.feed(chunk):
                self._link.trace.add("received", event)
                self._link.on_message(event)
            self._remember(parser)

    async def _chunk(self, content: aiohttp.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(self._sse.silence):
                return await content.readany()
        except TimeoutError as err:
            msg = f"the event stream was silent for {self._sse.silence:g} s"
            raise TimedOutError(msg) from err

    def _remember(self, parser: EventParser) -> None:
        if len(parser.last_id) <= MAX_ID:
            self.last_event_id = parser.last_id
        if parser.retry is not None:
            self.retry = parser.retry / 1000


def _check(response: aiohttp.ClientResponse, what: str) -> None:
    """Raise what `open` may raise if this is no event stream."""
    if response.status == 401:  # noqa: PLR2004
        msg = f"{what}: the device wants a login"
        raise CredentialsError(msg)
    if response.status != 200:  # noqa: PLR2004
        msg = f"{what}: no event stream: status {response.status}"
        raise UnreachableError(msg)
    if response.content_type != "text/event-stream":
        msg = f"{what}: no event stream but {response.content_type}"[:200]
        raise UnreachableError(msg)


def _watch(response: aiohttp.ClientResponse) -> None:
    """Have the connection watched, by the kernel and from here."""
    connection = response.connection
    if connection is None or connection.protocol is None or connection.transport is None:
        return  # it has ended already, as the reader will see
    detect_dead_peer(connection.transport.get_extra_info("socket"))
    if (closed := connection.protocol.closed) is not None:
        closed.add_done_callback(partial(_end, response.content))


def _end(content: aiohttp.StreamReader, closed: asyncio.Future[None]) -> None:
    """End a body whose connection is closed: after a broken chunk aiohttp lets it hang."""
    if not closed.cancelled():
        closed.exception()  # seen
    if not content.is_eof() and content.exception() is None:
        content.set_exception(aiohttp.ClientPayloadError("a broken chunk"))
