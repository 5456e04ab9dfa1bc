"""Server-sent events: HTTP requests, and a stream of events that the device keeps open.

The stream is taken up again where it ended, by the last event's id. Every event goes to the
driver's `on_message`.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import override

import aiohttp

from ..discovery import Address
from ..errors import CredentialsError, EdgeError, ReplyError, TimedOutError, UnreachableError
from .base import Link, Options
from .event_stream import EventParser
from .http import Http, HttpOptions, client_errors
from .stream import watch

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

    options_type = SseOptions
    pushes = True
    poll = 300.0  # should an event be lost
    heartbeat = 20.0  # the stream may be silent for long
    _options: SseOptions
    _stream: aiohttp.ClientSession | None = None
    _reader: asyncio.Task[None] | None = None

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a stream."""
        super().__init__(link, options)
        self.last_event_id = ""
        """Where the stream is taken up again."""
        self.retry: float | None = None
        """Seconds that the device wants to pass between two connections, if it said."""

    @override
    async def open(self, address: Address) -> None:
        await super().open(address)
        try:
            response = await self._listen()
        except BaseException:
            await self.close()
            raise
        self._reader = asyncio.create_task(self._read(response))

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
        what = f"GET {self._options.events}"
        # a session of its own: the requests' connections are counted
        self._stream = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=None)
        )
        with client_errors(what):
            async with asyncio.timeout(self._options.timeout):
                response = await self._stream.get(
                    self._resolve(self._options.events, {}),
                    headers=self._headers(),
                    allow_redirects=False,
                )
        _check(response, what)
        if (connection := response.connection) and (transport := connection.transport):
            watch(transport.get_extra_info("socket"))
        return response

    def _headers(self) -> dict[str, str]:
        resume = {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}
        return {
            **(self._options.headers or {}),
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Cache-Control": "no-store",
            **resume,
        }

    async def _read(self, response: aiohttp.ClientResponse) -> None:
        try:
            with client_errors("the event stream"):
                await self._take(response.content)
        except EdgeError as err:
            reason = err
        else:
            reason = UnreachableError("the device ended the event stream")
        finally:
            response.close()
        self._ended(reason)

    async def _take(self, content: aiohttp.StreamReader) -> None:
        parser = EventParser(self._options.limit)
        parser.last_id = self.last_event_id
        while chunk := await self._chunk(content):
            self._heard_at = asyncio.get_running_loop().time()
            for event in parser.feed(chunk):
                self._link.trace.add("received", event)
                self._link.message(event)
            self._remember(parser)

    async def _chunk(self, content: aiohttp.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(self._options.silence):
                return await content.readany()
        except TimeoutError as err:
            msg = f"the event stream was silent for {self._options.silence:g} s"
            raise TimedOutError(msg) from err

    def _remember(self, parser: EventParser) -> None:
        if len(parser.last_id) <= MAX_ID:
            self.last_event_id = parser.last_id
        if parser.retry is not None:
            self.retry = parser.retry / 1000

    def _ended(self, reason: EdgeError) -> None:
        if self._reader is asyncio.current_task():
            self._reader = None
            self._link.lost(reason)
