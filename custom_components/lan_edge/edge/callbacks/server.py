"""The sockets of the listener: HTTP and datagrams on one port, every request bounded."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
import errno
from functools import partial
from http import HTTPStatus
import logging
import socket
from typing import Any, override

from aiohttp import WSMsgType, web

from ..network.hosts import canonical_host
from .rate_limit import RateLimitedSocket, RateLimiter
from .registration import Answer, CallbackRegistration
from .request import CallbackRequest

_LOGGER = logging.getLogger(__name__)
_STRANGERS = logging.getLogger(f"{__name__}.strangers")
"""What aiohttp says of bytes that are no HTTP: nobody needs to read it."""
_STRANGERS.setLevel(logging.CRITICAL)

MAX_BODY = 64 * 1024
MAX_CONNECTIONS = 128
"""HTTP connections at a time; WebSockets count no more, a device has one."""
MAX_PER_SOURCE = 16
MAX_STRANGERS = 64
"""Of these, from addresses of no device: the rest is left for devices."""
DEADLINE = 5.0
"""Seconds a connection has for one request and its answer."""
LINGER = 1.0
"""Seconds what follows an early answer is read, so that the answer arrives."""
HEARTBEAT = 20.0

type Find = Callable[[str, str, Mapping[str, str], str], tuple[CallbackRegistration, str] | None]
"""Whose a request is, by method, path, headers and source, and the rest of its path."""


class Server:
    """Open on one port until closed; `find` says whom something is for, before it is read."""

    def __init__(
        self, find: Find, count: Callable[[str], None], is_device: Callable[[str], bool]
    ) -> None:
        """Count by `count` what is turned away; tell devices' addresses by `is_device`."""
        self._find = find
        self._count = count
        self._is_device = is_device
        self._http: _Http | None = None
        self._runner: web.ServerRunner | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        """Listen; raise OSError where the port is taken, for either protocol."""
        tcp = _bound(RateLimitedSocket, socket.SOCK_STREAM, host, port)
        self.port = tcp.getsockname()[1]
        try:
            udp = _bound(socket.socket, socket.SOCK_DGRAM, host, self.port)
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
        tcp.admit = partial(self._admit, RateLimiter(self._is_device))
        self._http = _Http(self._answer, self._count, self._is_device)
        self._runner = web.ServerRunner(self._http, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, tcp).start()
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._datagram), sock=udp
        )

    async def close(self) -> None:
        """Close every socket."""
        if self._datagrams is not None:
            self._datagrams.close()
        if self._http is not None:
            self._http.abort()
        if self._runner is not None:
            await self._runner.cleanup()
        self._datagrams = self._http = self._runner = None

    def _admit(self, limiter: RateLimiter, source: str) -> bool:
        if not (admitted := limiter.admit(source)):
            self._count("too often")
        return admitted

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._route(request)
        except web.RequestPayloadError:
            return _response(Answer(HTTPStatus.BAD_REQUEST))
        except Exception:
            _LOGGER.exception("a request from %s failed", request.remote)
            return _response(Answer(HTTPStatus.INTERNAL_SERVER_ERROR))

    async def _route(self, request: web.BaseRequest) -> web.StreamResponse:
        source = canonical_host(request.remote)
        found = self._find(request.method, request.path, request.headers, source)
        if found is None:
            self._count("stranger")
            return _response(Answer(HTTPStatus.NOT_FOUND))
        callback, path = found
        base = partial(CallbackRequest, path=path, headers=request.headers, source=source)
        upgraded = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_BODY, timeout=1)
        if callback.is_attached and upgraded.can_prepare(request).ok:
            return await self._converse(request, upgraded, callback, base)
        body = await _body(request)
        if body is None:
            self._count("too large")
            return _response(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        return _response(
            callback.take(base(method=request.method, query=dict(request.query), body=body))
        )

    async def _converse(
        self,
        request: web.BaseRequest,
        upgraded: web.WebSocketResponse,
        callback: CallbackRegistration,
        base: Callable[..., CallbackRequest],
    ) -> web.StreamResponse:
        await upgraded.prepare(request)
        if self._http is not None:
            self._http.take_time(request.protocol)
        with callback.connected(upgraded) as before:
            if before is not None:
                await before.close()
            async for message in upgraded:
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    continue
                text = message.type is WSMsgType.TEXT
                body = message.data.encode() if text else message.data
                answer = callback.take(base(method="WEBSOCKET", body=body))
                if answer.text:
                    with suppress(OSError):
                        await upgraded.send_str(answer.text)
        return upgraded

    def _datagram(self, data: bytes, source: str) -> None:
        found = self._find("UDP", "/", {}, source)
        if found is None:
            self._count("stranger")
        else:
            callback, path = found
            callback.take(CallbackRequest("UDP", path, body=data, source=source))


class _Http(web.Server):
    """aiohttp's server, with a bound on connections and a deadline for each."""

    def __init__(
        self, handler: Any, count: Callable[[str], None], is_device: Callable[[str], bool]
    ) -> None:
        super().__init__(handler, access_log=None, lingering_time=LINGER, logger=_STRANGERS)
        self._count = count
        self._is_device = is_device
        self._deadlines: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        self._transports: dict[web.RequestHandler, asyncio.Transport] = {}
        self._sources = Counter[str]()
        """How many come from each address, and how many from strangers' (empty text)."""
        self._from: dict[web.RequestHandler, tuple[str, ...]] = {}

    @override
    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        source = canonical_host(str((transport.get_extra_info("peername") or ("",))[0]))
        places = (source,) if self._is_device(source) else (source, "")
        self._transports[handler], self._from[handler] = transport, places
        self._sources.update(places)
        if self._is_full(source):
            self._count("too many")
            transport.abort()
        else:
            loop = asyncio.get_running_loop()
            self._deadlines[handler] = loop.call_later(DEADLINE, self._too_slow, transport)

    def _is_full(self, source: str) -> bool:
        return (
            len(self._deadlines) >= MAX_CONNECTIONS
            or self._sources[source] > MAX_PER_SOURCE
            or self._sources[""] > MAX_STRANGERS
        )

    @override
    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        super().connection_lost(handler, exc)
        self.take_time(handler)
        self._transports.pop(handler, None)

    def take_time(self, handler: web.RequestHandler) -> None:
        """Have no deadline for a connection any more, and do not count it."""
        if (deadline := self._deadlines.pop(handler, None)) is not None:
            deadline.cancel()
        if places := self._from.pop(handler, ()):
            self._sources.subtract(places)
            self._sources += Counter()  # without the zeros

    def abort(self) -> None:
        """End every connection now."""
        for transport in list(self._transports.values()):
            transport.abort()

    def _too_slow(self, transport: asyncio.Transport) -> None:
        self._count("too slow")
        transport.abort()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, str], None]) -> None:
        self._received = received

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._received(data, canonical_host(str(addr[0])))


async def _body(request: web.BaseRequest) -> bytes | None:
    """Return the body, or None if it is too large."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _response(answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, text=answer.text)
    response.force_close()  # a connection has time for one request
    return response


def _bound[S: socket.socket](make: type[S], kind: socket.SocketKind, host: str, port: int) -> S:
    """Return a socket on `host`, or on all interfaces, of both families where there are two."""
    if host:
        return _bound_to(make, kind, socket.AF_INET6 if ":" in host else socket.AF_INET, host, port)
    try:
        return _bound_to(make, kind, socket.AF_INET6, "::", port)
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            raise
        return _bound_to(make, kind, socket.AF_INET, "0.0.0.0", port)  # noqa: S104


def _bound_to[S: socket.socket](
    make: type[S], kind: socket.SocketKind, family: socket.AddressFamily, host: str, port: int
) -> S:
    made = make(family, kind)
    try:
        if kind is socket.SOCK_STREAM:  # a port of connections that just ended is free
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        made.bind((host, port))
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made
