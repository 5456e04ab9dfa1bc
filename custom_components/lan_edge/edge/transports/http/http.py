"""HTTP: requests to one host on kept-alive connections, by default one at a time.

As the LAN guide has it: 5 s for a request, three tries for one that timed out, none for one
that was answered, whatever the answer. Redirects are followed on the same host only.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
import ssl
from typing import Any, ClassVar, override
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import aiohttp
import orjson
from yarl import URL

from ...errors import (
    CredentialsError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...network.address import Address
from ...network.reachability import CHECK_INTERVAL, answers_at
from ...network.tls import context_for
from ..base import Link, Options, Transport
from .login import Login
from .messages import Request, Response, client_errors, same_host
from .session import Idle, new_session

TRIES = 3
MAX_REDIRECTS = 3
_HUNG_UP = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions(Options):
    """Options of Http."""

    port: int = 80
    timeout: float = 5.0
    limit: int = 1024 * 1024
    base: str = ""
    """The path that all paths start with."""
    headers: Mapping[str, str] | None = None
    connections: int = 1
    """Connections to the device at a time."""
    content_type: str = ""
    """What every answer with a body must be, as "application/json"; empty: anything."""
    login: Login | None = None
    """Who asks, where the device wants a user name and a password."""


class Http(Transport):
    """HTTP to the device's own address; every path is on it.

    Every request raises TimedOutError, UnreachableError, CertificateError, RefusedError (an
    error status), CredentialsError (401) or ReplyError, with the method and path, never with a
    secret.
    """

    options_type = HttpOptions
    pushes = False
    poll = 10.0
    deadline = 20.0
    heartbeat: ClassVar[float | None] = CHECK_INTERVAL
    _options: HttpOptions
    _session: aiohttp.ClientSession | None = None
    _url = URL()
    _ssl: ssl.SSLContext | bool = True
    """What aiohttp is to go by where the device speaks TLS."""
    _heard_at = 0.0

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a session."""
        super().__init__(link, options)
        self._slots = asyncio.Semaphore(self._options.connections)
        self._limits = set[asyncio.Timeout]()
        """Of the requests under way."""

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        self._slots = asyncio.Semaphore(self._options.connections)
        port, tls = address.port or self._options.port, self._options.tls
        self._ssl = await context_for(tls, self._link.pin) if tls else True
        self._url = URL.build(scheme="https" if tls else "http", host=address.host, port=port)
        options = self._options
        self._session = new_session(
            self._ssl, options.connections, options.headers, options.login, options.limit
        )

    @override
    async def close(self) -> None:
        session, self._session = self._session, None
        for limit in self._limits:  # aiohttp goes on with a connection that is being made
            if not limit.expired():
                limit.reschedule(0)
        if session is not None:
            await session.close()

    @override
    async def is_reachable(self) -> bool | None:
        url = self._url
        return await answers_at(Address(url.host or "", url.port or 0))

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at

    @property
    def _server_name(self) -> str | None:
        return (self._options.tls.server_name or None) if self._options.tls else None

    async def get(self, path: str, **query: str) -> Response:
        """GET a path."""
        return await self.request("GET", path, query=query)

    async def get_text(self, path: str, **query: str) -> str:
        """GET a path as text without surrounding blanks."""
        return (await self.get(path, **query)).text()

    async def get_json(self, path: str, **query: str) -> Any:
        """GET a path as JSON."""
        return (await self.get(path, **query)).json()

    async def get_xml(self, path: str, **query: str) -> Element:
        """GET a path as XML."""
        return (await self.get(path, **query)).xml()

    async def post(self, path: str, body: str | bytes | Mapping[str, Any] = b"") -> Response:
        """POST text, bytes, or a mapping as JSON."""
        return await self.request("POST", path, body)

    async def post_form(self, path: str, /, **fields: str) -> Response:
        """POST fields as a form, in UTF-8; the trace has their names only."""
        return await self._ask(
            Request(
                self._session,
                "POST",
                self._resolve(path, {}),
                urlencode(fields),
                {"Content-Type": "application/x-www-form-urlencoded"},
                f"a form: {', '.join(fields)}",
            )
        )

    async def put(self, path: str, body: str | bytes | Mapping[str, Any] = b"") -> Response:
        """PUT text, bytes, or a mapping as JSON."""
        return await self.request("PUT", path, body)

    async def delete(self, path: str) -> Response:
        """DELETE a path."""
        return await self.request("DELETE", path)

    async def request(
        self,
        method: str,
        path: str,
        body: str | bytes | Mapping[str, Any] = b"",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request; return the answer if its status is 2xx."""
        kind = {} if isinstance(body, str | bytes) else {"Content-Type": "application/json"}
        data = body if isinstance(body, str | bytes) else orjson.dumps(body)
        url = self._resolve(path, query or {})
        headers = {**kind, **(headers or {})}
        return await self._ask(Request(self._session, method, url, data, headers, repr(data)))

    async def _ask(self, request: Request) -> Response:
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._follow(request)
            except TimedOutError:
                if not tries_left:
                    raise
        raise AssertionError  # the last try returned or raised

    def _resolve(self, path: str, query: Mapping[str, str]) -> URL:
        url = same_host(self._url, self._options.base + path)
        if url is None:
            msg = f"{path} is not on the device"
            raise UnreachableError(msg)
        return url.update_query(query)

    async def _follow(self, request: Request) -> Response:
        for _ in range(1 + MAX_REDIRECTS):
            response = await self._send(request)
            if not 300 <= response.status < 400:  # noqa: PLR2004
                return self._check(response)
            request = replace(request, url=self._redirected(request, response.headers))
        msg = f"{request.what}: redirected too often"
        raise ReplyError(msg)

    def _check(self, response: Response) -> Response:
        """Return an answer of status 2xx; raise what any other one says."""
        if response.status == 401:  # noqa: PLR2004
            msg = f"{response.what}: the device wants a login"
            raise CredentialsError(msg)
        if not 200 <= response.status < 300:  # noqa: PLR2004
            msg = f"{response.what}: status {response.status}"
            raise RefusedError(msg)
        wanted, kind = self._options.content_type, response.headers.get("Content-Type", "")
        if wanted and response.body and kind.partition(";")[0].strip().lower() != wanted:
            msg = f"{response.what}: the answer is {kind[:80] or 'of no type'}, not {wanted}"
            raise ReplyError(msg)
        return response

    def _redirected(self, request: Request, headers: Mapping[str, str]) -> URL:
        url = same_host(request.url, headers.get("Location", ""))
        if url is None:
            msg = f"{request.what}: redirected to another host"
            raise ReplyError(msg)
        return url

    async def _send(self, request: Request) -> Response:
        request.connected()  # others may have the slots by now
        async with self._slots:
            with client_errors(request.what):
                idle = Idle()
                try:
                    return await self._exchange(request, idle)
                except _HUNG_UP:
                    if not idle.reused:
                        raise
                    # an idle connection that the device had closed: it saw nothing of this
                    return await self._exchange(request, Idle())

    async def _exchange(self, request: Request, idle: Idle) -> Response:
        session = request.connected()
        self._link.trace.add("sent", f"{request.what} {request.shown}")
        async with (
            self._limited(),
            session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers=request.headers,
                server_hostname=self._server_name,
                allow_redirects=False,
                trace_request_ctx=idle,
            ) as answer,
        ):
            self._heard()
            body = await self._read(answer.content, request.what)
            response = Response(request.what, answer.status, answer.headers, body)
        self._link.trace.add("received", f"{request.what} {response.status} {body!r}")
        return response

    @asynccontextmanager
    async def _limited(self) -> AsyncGenerator[None]:
        """Give a request its time, which ends with the connection."""
        async with asyncio.timeout(self._options.timeout) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    def _heard(self) -> None:
        """Note that the device speaks, if slowly."""
        self._heard_at = asyncio.get_running_loop().time()

    async def _read(self, content: aiohttp.StreamReader, what: str) -> bytes:
        body = bytearray()
        async for chunk in content.iter_any():
            self._heard()
            body += chunk
            if len(body) > self._options.limit:
                msg = f"{what}: a body of more than {self._options.limit} bytes"
                raise ReplyError(msg)
        return bytes(body)
