"""The server of the listener: HTTP, WebSockets and datagrams on one port."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
import logging
import socket
from typing import Any, override

from aiohttp import WSMessage, WSMsgType, web

from ..diagnostics.failures import place_of
from ..network.hosts import canonical_host
from ..network.text import decode_text
from .body import BodyError, read_body
from .calls import LineCall, WebSocketCall
from .http_server import HttpServer
from .line_reader import LineCallReader
from .rate_limit import RateLimitedSocket, RateLimiter
from .registration import Answer, CallbackRegistration
from .request import CallbackRequest
from .sockets import bound, watch
from .websockets import can_prepare, new_websocket, receive, without_subprotocols

_LOGGER = logging.getLogger(__name__)

type Find = Callable[[str, str, Mapping[str, str], str], tuple[CallbackRegistration, str] | None]
"""Returns the registration that a request is for, by method, path, headers and source address,
and the rest of the path; None if there is none."""


type FindCalls = Callable[[str, str], tuple[CallbackRegistration, bool] | None]
"""Returns the registration that a call is for, by path and source address, and whether its path
proves the caller; None if there is none."""


class Server:
    """Open on one port until closed; a request's body is read only if `find` knows whom it is for.

    `count` counts rejected requests by reason; `is_device` recognizes devices' IP addresses.
    """

    def __init__(
        self,
        find: Find,
        count: Callable[[str], None],
        is_device: Callable[[str], bool],
        find_calls: FindCalls = lambda *_: None,
    ) -> None:
        """Open nothing yet."""
        self._find = find
        self._find_calls = find_calls
        self._count = count
        self._is_device = is_device
        self._tcp: RateLimitedSocket | None = None
        self._http: HttpServer | None = None
        self._runner: web.ServerRunner | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._failures = set[str]()
        """Where requests have failed, which is logged once."""
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        """Listen; raise OSError if the port is taken, for TCP or UDP."""
        tcp = bound(RateLimitedSocket, socket.SOCK_STREAM, host, port)
        self.port = tcp.getsockname()[1]
        try:
            udp = bound(socket.socket, socket.SOCK_DGRAM, host, self.port)
        except OSError:
            tcp.close()
            raise
        try:
            await self._serve(tcp, udp)
        except BaseException:
            tcp.close()
            udp.close()
            await self.close()
            raise

    async def _serve(self, tcp: RateLimitedSocket, udp: socket.socket) -> None:
        self._tcp = tcp
        tcp.admit = partial(self._admit, RateLimiter(self._is_device))
        self._http = HttpServer(self._answer, self._count, self._is_device, self._take_lines)
        self._runner = web.ServerRunner(self._http, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, tcp).start()
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _DatagramProtocol(self._datagram_received), sock=udp
        )

    async def close(self) -> None:
        """Close every socket."""
        if self._tcp is not None:
            self._tcp.admit = _nobody
            await asyncio.sleep(0)  # asyncio fails for what it has accepted, but not attached yet
        if self._datagrams is not None:
            self._datagrams.close()
        if self._http is not None:
            self._http.abort()
        if self._runner is not None:
            await self._runner.cleanup()
        self._datagrams = self._http = self._runner = self._tcp = None

    def _admit(self, limiter: RateLimiter, source: str) -> bool:
        if not (is_admitted := limiter.admit(source)):
            self._count("too often")
        return is_admitted

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._route(request)
        except ConnectionError:  # it hung up
            return _response(Answer(HTTPStatus.BAD_REQUEST))
        except Exception as err:  # noqa: BLE001  # whatever was sent, the log gets one line of it
            self._count_failure(request, err)
            return _response(Answer(HTTPStatus.INTERNAL_SERVER_ERROR))

    def _count_failure(self, request: web.BaseRequest, err: Exception) -> None:
        self._count("failed")
        if (place := place_of(err)) not in self._failures:
            self._failures.add(place)
            _LOGGER.error("a request from %s failed: %s", canonical_host(request.remote), place)

    async def _route(self, request: web.BaseRequest) -> web.StreamResponse:
        source = canonical_host(request.remote)
        websocket, upgrade = new_websocket(), without_subprotocols(request)
        if can_prepare(websocket, upgrade) and (target := self._find_calls(request.path, source)):
            call = WebSocketCall(websocket, source, is_proven=target[1])
            return await self._take_call(upgrade, websocket, target[0], call)
        route = self._find(request.method, request.path, request.headers, source)
        if route is None:
            self._count("stranger")
            return _response(Answer(HTTPStatus.NOT_FOUND))
        registration, path = route
        make = partial(CallbackRequest, path=path, headers=request.headers, source=source)
        if registration.is_attached and can_prepare(websocket, upgrade):
            return await self._talk(upgrade, websocket, registration, make)
        try:
            body = await read_body(request)
        except BodyError as err:
            if err.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._count("too large")
            registration.handler.on_oddity(str(err))
            return _response(Answer(err.status))
        return _response(
            registration.take(make(method=request.method, query=dict(request.query), body=body))
        )

    async def _talk(
        self,
        request: web.BaseRequest,
        websocket: web.WebSocketResponse,
        registration: CallbackRegistration,
        make: Callable[..., CallbackRequest],
    ) -> web.StreamResponse:
        """Pass the messages of a WebSocket to its registration until it is closed."""
        await websocket.prepare(request)
        if self._http is not None:
            self._http.exempt(request.protocol)
        with registration.connected(websocket) as replaced:
            if replaced is not None:
                await replaced.close()
            take = partial(self._take_message, websocket, registration, make)
            await receive(websocket, request, registration.handler.backlog, take)
        return websocket

    async def _take_call(
        self,
        request: web.BaseRequest,
        websocket: web.WebSocketResponse,
        registration: CallbackRegistration,
        call: WebSocketCall,
    ) -> web.StreamResponse:
        """Keep a WebSocket that a device has opened, if it is taken; read it once it is used."""
        if not registration.calls.admits(call):
            self._count("not proven")
            return _response(Answer(HTTPStatus.NOT_FOUND))
        await websocket.prepare(request)
        if self._http is not None:
            self._http.exempt(request.protocol)
        watch(request.transport)
        async with registration.calls.holding(call):
            if await call.is_used():
                take = partial(_pass_on, call)
                await receive(websocket, request, registration.handler.backlog, take)
        await websocket.close()
        return websocket

    def _take_lines(self, path: str, transport: asyncio.Transport) -> LineCallReader | None:
        """Keep a TCP connection whose first line is a path; return its reader, or None."""
        source = canonical_host(str((transport.get_extra_info("peername") or ("",))[0]))
        if (target := self._find_calls(path, source)) is None:
            self._count("stranger")
            return None
        registration, is_proven = target
        call = LineCall(transport, source, is_proven=is_proven)
        if not registration.calls.admits(call):
            self._count("not proven")
            return None
        watch(transport)
        return LineCallReader(call, registration)

    async def _take_message(
        self,
        websocket: web.WebSocketResponse,
        registration: CallbackRegistration,
        make: Callable[..., CallbackRequest],
        message: WSMessage,
    ) -> None:
        answer = registration.take(make(method="WEBSOCKET", body=message.data))
        if answer.text:
            with suppress(OSError):
                await websocket.send_str(answer.text)

    def _datagram_received(self, data: bytes, source: str) -> None:
        route = self._find("UDP", "/", {}, source)
        if route is None:
            self._count("stranger")
        else:
            registration, path = route
            registration.take(CallbackRequest("UDP", path, body=data, source=source))


class _DatagramProtocol(asyncio.DatagramProtocol):
    def __init__(self, on_datagram: Callable[[bytes, str], None]) -> None:
        self._on_datagram = on_datagram

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._on_datagram(data, canonical_host(str(addr[0])))


async def _pass_on(call: WebSocketCall, message: WSMessage) -> None:
    is_text = message.type is WSMsgType.TEXT
    call.received(decode_text(message.data) if is_text else message.data)


def _nobody(_source: str) -> bool:
    return False


def _response(answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, text=answer.text)
    response.force_close()  # each connection serves one request
    return response
