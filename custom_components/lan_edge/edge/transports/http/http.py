"""HTTP: requests to one host on kept-alive connections, by default one at a time.

As Home Assistant's LAN guide has it: 5 s for a request, three tries if it times out, one if it is
answered, with whatever status. A POST is sent once, unless the driver says that it may be sent
`again`: it may have been done. Redirects are followed on the same host only, and what may have been
done is not done again there.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
import ssl
from types import MappingProxyType
from typing import Any, ClassVar, override
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import orjson
from yarl import URL

from ...diagnostics.trace import MAX_ENTRY
from ...errors import CredentialsError, ReplyError, TimedOutError, UnreachableError
from ...network.address import Address
from ...network.reachability import CHECK_INTERVAL, answers_at
from ...network.tls import context_for
from ...sentences import said
from ..base import Transport
from ..hiding import HIDDEN, Secret, text_without
from ..login import log_in
from .client import HttpClient
from .login import HttpSession, Login
from .messages import (
    Request,
    Response,
    redirected,
    require_headers,
    require_sendable,
    same_host,
)
from .options import HttpOptions
from .refusals import refusal
from .retry_after import begin_pause
from .session_login import SessionLogin, carrying, login_under_way

TRIES = 3
MAX_PAUSES = 5
"""How often one request is sent to a device that asks for a pause each time."""
MAX_REDIRECTS = 3
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that change nothing more when they are sent again (RFC 9110, 9.2.2)."""
_EMPTY_FORM = MappingProxyType[str, str]({})


class Http(Transport):
    """HTTP to one device; all paths are on its address.

    Every request raises TimedOutError, UnreachableError, CertificateError, RefusedError (an
    error status), CredentialsError (401, or another of the options' `login_statuses`) or
    ReplyError. Their messages name the method and path, never a secret.
    """

    options_type = HttpOptions
    pushes = False
    poll = 10.0
    deadline = 20.0
    heartbeat: ClassVar[float | None] = CHECK_INTERVAL
    holds_connection = False
    identify_every: ClassVar[float | None] = 60.0  # polled, it is never silent
    _any_port: ClassVar[bool] = False
    """Whether a path may be a URL with another port of the device."""
    _options: HttpOptions
    _client: HttpClient | None = None
    _url = URL()
    _ssl: ssl.SSLContext | bool = True
    """aiohttp's `ssl` argument, where the device uses TLS."""
    _heard_at = 0.0
    _login: SessionLogin | None = None
    """What logs in by requests of its own, if anything does."""

    @override
    async def open(self, address: Address) -> None:
        await self.close()
        port, tls = address.port or self._options.port, self._options.tls
        self._ssl = await context_for(tls, self._link.pin) if tls else True
        self._url = URL.build(scheme="https" if tls else "http", host=address.host, port=port)
        link = self._link
        self._client = HttpClient(self._options, self._ssl, link.trace, self._heard, link.challenge)
        self._client.pacing = link.pacing
        login = self._options.login
        if login is not None and not isinstance(login, Login):
            client, run = self._client, partial(log_in, self, login)
            keep = partial(link.trace.privacy.renew, id(self))
            self._login = SessionLogin(run, self, client, keep)

    @override
    async def close(self) -> None:
        client, self._client, self._login = self._client, None, None
        if client is not None:
            await client.close()

    @override
    async def is_reachable(self) -> bool | None:
        url = self._url
        return await answers_at(Address(url.host or "", url.port or 0))

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at

    def _heard(self) -> None:
        """Record that something arrived from the device."""
        self._heard_at = asyncio.get_running_loop().time()

    @property
    def _is_paced(self) -> bool:
        """Whether the driver sets a pace."""
        return self._options.pace is not None

    async def get(
        self, path: str, /, *, again: bool | None = None, secret: Secret = False, **query: str
    ) -> Response:
        """GET a path with a query; `again` and `secret` as in `request`, here and below."""
        return await self.request("GET", path, query=query, again=again, secret=secret)

    async def get_text(
        self, path: str, /, *, again: bool | None = None, secret: Secret = False, **query: str
    ) -> str:
        """GET a path as text without surrounding blanks."""
        return (await self.get(path, again=again, secret=secret, **query)).text()

    async def get_json(
        self, path: str, /, *, again: bool | None = None, secret: Secret = False, **query: str
    ) -> Any:
        """GET a path as JSON."""
        return (await self.get(path, again=again, secret=secret, **query)).json()

    async def get_xml(
        self, path: str, /, *, again: bool | None = None, secret: Secret = False, **query: str
    ) -> Element:
        """GET a path as XML."""
        return (await self.get(path, again=again, secret=secret, **query)).xml()

    async def post(
        self,
        path: str,
        body: str | bytes | Mapping[str, Any] = b"",
        *,
        again: bool | None = None,
        secret: Secret = False,
    ) -> Response:
        """POST text, bytes, or a mapping as JSON."""
        return await self.request("POST", path, body, again=again, secret=secret)

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, str] = _EMPTY_FORM,
        /,
        *,
        again: bool | None = None,
        secret: Secret = False,
        **more: str,
    ) -> Response:
        """POST fields as a form, in UTF-8, by name or in a mapping; traces show only the names."""
        fields = {**fields, **more}
        return await self._send(
            Request(
                "POST",
                self._resolve(path, secret=secret),
                urlencode(fields),
                {"Content-Type": "application/x-www-form-urlencoded"},
                str(self._link.shown(f"a form: {', '.join(fields)}", secret)),
                again=self._may_repeat("POST", again),
                secret=secret,
            )
        )

    async def put(
        self,
        path: str,
        body: str | bytes | Mapping[str, Any] = b"",
        *,
        again: bool | None = None,
        secret: Secret = False,
    ) -> Response:
        """PUT text, bytes, or a mapping as JSON."""
        return await self.request("PUT", path, body, again=again, secret=secret)

    async def delete(
        self, path: str, *, again: bool | None = None, secret: Secret = False
    ) -> Response:
        """DELETE a path."""
        return await self.request("DELETE", path, again=again, secret=secret)

    async def request(
        self,
        method: str,
        path: str,
        body: str | bytes | Mapping[str, Any] = b"",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool | None = None,
        secret: Secret = False,
    ) -> Response:
        """Send any request; return the answer if its status is 2xx.

        `again`: whether it may be sent again when there is no answer, though the device may have
        done it; by default GET, HEAD, PUT and DELETE may, and others where the options say so.
        `secret`: neither the trace nor an error shows its path, its body or the answer; or the part
        that is given, wherever it is: in one of these, in the query or in a header.
        """
        require_sendable("the method", method)
        require_headers(headers)
        kind = {} if isinstance(body, str | bytes) else {"Content-Type": "application/json"}
        data = body if isinstance(body, str | bytes) else orjson.dumps(body)
        url, sent = self._resolve(path, query, secret=secret), {**kind, **(headers or {})}
        shown = self._link.shown(data, secret)
        traced = HIDDEN if secret is True else repr(shown[:MAX_ENTRY])
        again = self._may_repeat(method, again)
        return await self._send(
            Request(method, url, data, sent, traced, again=again, secret=secret)
        )

    def _may_repeat(self, method: str, again: bool | None) -> bool:
        """Return whether a request may be sent again; None: the driver does not say."""
        by_default = self._options.again or method.upper() in _IDEMPOTENT
        return by_default if again is None else again

    def _resolve(
        self, path: str, query: Mapping[str, str] | None = None, *, secret: Secret = False
    ) -> URL:
        is_url = self._any_port and path.startswith(f"{self._url.scheme}://")
        path = path if is_url else self._options.base + path
        require_sendable("the path", path)
        url = same_host(self._url, path, any_port=is_url)
        if url is None:
            raise UnreachableError(t"{text_without(secret, path)} is not on the device")
        return url.update_query(query or {})

    async def _send(self, request: Request) -> Response:
        client, login = self._client, self._login  # kept: the next one may be for another address
        if (of_login := login_under_way(self)) is not None:
            return await self._try(of_login.client, replace(request, hides_answer=True))
        if client is None:
            raise UnreachableError(t"{request.what}: not connected")
        if login is None:
            return await self._try(client, request)

        async def send(session: HttpSession) -> Response:
            response = await self._try(client, carrying(session, request))
            login.follow(session, response)
            return response

        return await login.run(request.what, send)

    async def _try(self, client: HttpClient, request: Request) -> Response:
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._follow(client, request)
            except TimedOutError:
                client.fail_if_closed(request)
                if not (tries_left and request.again):
                    raise
        raise AssertionError  # the last try returned or raised

    async def _follow(self, client: HttpClient, request: Request) -> Response:
        for _ in range(1 + MAX_REDIRECTS):
            response = await self._ask(client, request)
            if not 300 <= response.status < 400:  # noqa: PLR2004
                return self._check(response)
            request = redirected(request, response)
        raise ReplyError(t"{request.what}: redirected too often")

    async def _ask(self, client: HttpClient, request: Request) -> Response:
        """Send a request and return the answer, the last one if the device asks for pauses.

        What it refuses so was not done: it may be sent again, whatever it is.
        """
        pacing = self._link.pacing
        for _ in range(MAX_PAUSES):
            response = await client.send(request)
            status, headers, is_paced = response.status, response.headers, self._is_paced
            is_asked = begin_pause(pacing, request.what, status, headers, is_paced=is_paced)
            if not (is_asked and pacing.can_wait):
                break
        return response

    def _check(self, response: Response) -> Response:
        """Return an answer of status 2xx; raise the error that another one stands for."""
        is_login_refused = response.status in self._options.login_statuses
        if is_login_refused or not 200 <= response.status < 300:  # noqa: PLR2004
            pause = self._link.pacing.pause
            raise refusal(response, is_login_refused=is_login_refused, pause=pause)
        if words := self._login_refusal(response):
            raise CredentialsError(t"{response.what}: {words}")
        wanted, kind = self._options.content_type, response.headers.get("Content-Type", "")
        if wanted and response.body and kind.partition(";")[0].strip().lower() != wanted:
            what, kind = response.what, kind[:80] or said(t"of no type")
            raise ReplyError(t"{what}: the answer is {kind}, not {wanted}")
        return response

    def _login_refusal(self, response: Response) -> str | None:
        """Return the words by which an answer refuses the login; None if it does not."""
        if (words_of := self._options.login_refusal) is not None:
            with suppress(ReplyError):  # where it cannot be read, it says nothing
                return words_of(response)
        return None
