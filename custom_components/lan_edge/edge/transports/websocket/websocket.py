"""WebSocket: JSON, text or binary messages, replies and notifications on one connection.

Replies are identified by a key (`key`), by the driver (`ask(..., match=...)`), or by their order.
Every message goes to the driver first, in the order of arrival. Pings detect a dead connection.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
import socket
from typing import Any, Literal, override

import aiohttp

from ...errors import DeviceError, EdgeError, UnreachableError
from ...network.address import Address
from ...network.os_errors import reason_of
from ...network.sockets import acknowledged_at, detect_dead_peer, discard_unsent
from ...network.text import decode_text
from ...network.tls import context_for
from ...sentences import said
from ...timing.slices import PausedReading
from ..base import (
    CLOSE_TIMEOUT,
    CONNECT_TIMEOUT,
    Link,
    Options,
)
from ..http.http import Http
from ..http.messages import require_sendable, require_token
from ..http.options import LOGIN_STATUSES, HttpOptions
from ..http.session import STREAM_READ, new_session
from ..login import log_in
from ..messages.message_transport import MessageOptions, MessageTransport
from .handshake import Upgrade, handshake_errors, websocket_url
from .receiver import MessageReceiver


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketOptions(MessageOptions):
    """Options of WebSocket."""

    port: int = 80
    path: str = "/"
    """The path, with its query if it has one."""
    protocols: tuple[str, ...] = ()
    """The subprotocols to offer, the best first."""
    headers: Mapping[str, str] | None = None
    """Headers of the handshake, and of requests by HTTP."""
    login_statuses: Collection[int] = LOGIN_STATUSES
    """The statuses by which the device refuses a missing or wrong login; often 403 as well."""
    ping: float | None = 15.0
    """Seconds of silence after which the device is pinged; it has half as long to answer."""
    login: Callable[[WebSocket], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class WebSocket(MessageTransport):
    """Messages over one WebSocket, and HTTP requests beside it (`http`)."""

    options_type = WebSocketOptions
    _options: WebSocketOptions
    _session: aiohttp.ClientSession | None = None
    _socket: aiohttp.ClientWebSocketResponse[Literal[False]] | None = None
    _tcp_socket: socket.socket | None = None  # asyncio loses it when a TLS connection ends
    _reader: asyncio.Task[None] | None = None
    _is_open = False
    _early_end: EdgeError | None = None
    """Why the connection ended before `open` returned."""
    _opens_on_use: Address | None = None
    """Where the first message opens the socket, in an identification or a pairing."""
    _opener: asyncio.Task[Any] | None = None
    """The task that opens the socket, and logs in on it."""
    _tolerated: tuple[type[EdgeError], ...] = ()
    """The errors of the login that leave the socket open."""
    _receiver: MessageReceiver | None = None

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._opening = asyncio.Lock()
        self._http = Http(link, self._http_options())

    @override
    async def open(self, address: Address) -> None:
        await self._open_http(address)
        try:
            await self._open_socket(address)
        except BaseException:
            await self.close()
            raise

    @override
    async def open_to_ask(self, address: Address) -> None:
        await self._open_http(address)
        self._opens_on_use = address

    @override
    async def open_to_pair(self, address: Address) -> None:
        await self.open_to_ask(address)
        self._tolerated = (DeviceError,)

    async def listen(self) -> None:
        """Open the socket, in `identify` or `pair`, to receive before anything is sent."""
        if self._opens_on_use is None or asyncio.current_task() is self._opener:
            return
        async with self._opening:
            if self._socket is None and (address := self._opens_on_use) is not None:
                self._opener = asyncio.current_task()
                try:
                    await self._open_socket(address)
                finally:
                    self._opener = None

    def _http_options(self) -> HttpOptions:
        options = self._options
        return HttpOptions(
            port=options.port,
            timeout=options.timeout,
            limit=options.limit,
            tls=options.tls,
            headers=options.headers,
            login_statuses=options.login_statuses,
            pace=options.pace,
        )

    async def _open_http(self, address: Address) -> None:
        await self.close()
        self._http.configure(self._http_options())
        await self._http.open(address)

    async def _open_socket(self, address: Address) -> None:
        try:
            await self._start(address)
            with suppress(*self._tolerated):
                await log_in(self, self._options.login)
            if self._tolerated and self._early_end is not None:
                await self._start(address)
            self._raise_early_end(address)
        except BaseException:
            await self._close_socket()
            raise
        self._is_open = True

    def _raise_early_end(self, address: Address) -> None:
        if (reason := self._early_end) is not None:
            raise UnreachableError(t"{address}: {reason}") from reason

    async def _start(self, address: Address) -> None:
        """Open the socket, and receive from it."""
        await self._close_socket()
        self._match_replies()
        self._socket = await self._connect(address)
        self._receiver = MessageReceiver(
            self._socket, self._reading, self._link.backlog, self._take, self._options.ping
        )
        receiving = self._receiver.run(partial(self._ended, self._socket))
        # eager, so that it closes the socket even if it is cancelled at once
        self._reader = asyncio.Task(receiving, eager_start=True)

    async def _connect(self, address: Address) -> aiohttp.ClientWebSocketResponse[Literal[False]]:
        options, tls = self._options, self._options.tls
        url = websocket_url(address, options, options.path)
        require_sendable("a subprotocol", *options.protocols)
        require_token(options.headers)
        context = await context_for(tls, self._link.pin) if tls else True
        there = f"{url.scheme}://{Address(address.host, url.port or 0)}{url.path}"
        what = said(t"connecting to {there}")
        if self._link.pacing.is_active:
            await self._link.pacing.turn(what)
        pacing, is_paced = self._link.pacing, options.pace is not None
        upgrade = Upgrade(what, options.login_statuses, pacing, is_paced=is_paced)
        self._session = new_session(context, max_read=STREAM_READ, middlewares=(upgrade,))
        with handshake_errors(what, tls):
            async with asyncio.timeout(CONNECT_TIMEOUT):
                websocket = await self._session.ws_connect(
                    url,
                    protocols=options.protocols,
                    headers=options.headers,
                    server_hostname=(tls.server_name or None) if tls else None,
                    autoping=False,  # a pong is a sign of life, which has to be seen here
                    decode_text=False,  # aiohttp closes the connection for a byte that is not UTF-8
                    max_msg_size=options.limit + 1,  # aiohttp refuses a message of just that size
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT),  # pyright: ignore[reportCallIssue]
                )
        self._reading = PausedReading(upgrade.transport)
        self._tcp_socket = websocket.get_extra_info("socket")
        if self._tcp_socket is not None:
            detect_dead_peer(self._tcp_socket)
        return websocket

    @override
    def abandon(self) -> None:
        if self._tcp_socket is not None:
            discard_unsent(self._tcp_socket)

    @override
    async def close(self) -> None:
        self._opens_on_use, self._tolerated = None, ()
        try:
            await self._close_socket()
        finally:
            await self._http.close()

    async def _close_socket(self) -> None:
        reader, self._reader = self._reader, None
        session, self._session = self._session, None
        self._socket, self._is_open, self._early_end = None, False, None
        self._fail_all(UnreachableError(t"the connection was closed"))
        try:
            if reader is not None:
                reader.cancel()
                await asyncio.wait([reader])
        finally:
            if session is not None:
                await session.close()

    @property
    @override
    def heard_at(self) -> float:
        return self._receiver.heard_at if self._socket and self._receiver else 0.0

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return acknowledged_at(self._tcp_socket) if self._socket else None

    @property
    def http(self) -> Http:
        """Requests by HTTP to the same port, in a pairing before there is a socket."""
        return self._http

    @property
    def protocol(self) -> str:
        """The subprotocol that the device chose; empty: none."""
        return (self._socket.protocol or "") if self._socket else ""

    def _connected(self) -> aiohttp.ClientWebSocketResponse[Literal[False]]:
        if self._socket is None:
            raise UnreachableError(t"not connected")
        return self._socket

    @override
    async def _opened(self) -> None:
        await self.listen()

    @override
    def _require_connection(self) -> None:
        self._connected()

    @override
    async def _transmit(self, data: Any) -> None:
        websocket, is_binary = self._connected(), self._options.messages == "binary"
        try:
            await (websocket.send_bytes(data) if is_binary else websocket.send_str(data))
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as err:
            raise UnreachableError(t"the connection broke: {reason_of(err)}") from err

    def _take(self, data: bytes, is_text: bool) -> None:
        self._link.trace.add("received", data)
        kind = self._options.messages
        if kind == "json":
            self._deliver_json(data)
        elif is_text is (kind == "binary"):
            self._link.count_oddity(f"a message that is not {kind}")
        else:
            self._correlator.deliver(decode_text(data) if is_text else data)

    def _ended(
        self, websocket: aiohttp.ClientWebSocketResponse[Literal[False]], reason: EdgeError
    ) -> None:
        if websocket is not self._socket:
            return
        self._socket, self._is_open, was_open = None, False, self._is_open
        self._fail_all(reason)
        if was_open:
            self._link.on_lost(reason)
        else:
            self._early_end = reason

    @override
    def _break(self, reason: EdgeError) -> None:
        if self._socket is not None and self._reader is not None:
            self._ended(self._socket, reason)
            if self._tcp_socket is not None:
                with suppress(OSError):
                    self._tcp_socket.shutdown(socket.SHUT_RDWR)  # even if it accepts no more data
            self._reader.cancel()
