"""A login by requests of its own: what it gives is carried by all others, until it has ended."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from http import HTTPStatus
import re

from ...errors import ArgumentError, CredentialsError, EdgeError, RefusedError, ReplyError
from ...sentences import said_by
from .client import HttpClient
from .cookies import cookies_after
from .login import HttpSession
from .messages import Request, Response, require_headers

MAX_FORBIDDEN = 100
"""The most requests that are known to be forbidden whatever the session."""
_TOKEN_WORD = re.compile(r"[^\s=;]{8,}")
"""What may be a token in a header: neither `Bearer` nor the name of most cookies."""
_WRONG_LOGIN = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    0,  # the driver has seen it in the answer
}
"""The statuses, besides those of logins, with which devices answer a wrong password."""


_NO_SESSION = HttpSession()
_logging_in: ContextVar[SessionLogin | None] = ContextVar("_logging_in", default=None)
"""The login whose requests are being sent, which carry no session."""


def login_under_way(io: object) -> SessionLogin | None:
    """Return the login of a transport of which the present request is one; None: of none."""
    login = _logging_in.get()
    return login if login is not None and login.io is io else None


def renewed(session: HttpSession, response: Response) -> HttpSession:
    """Return a session after an answer, which may have another cookie or token for the next one.

    One whose cookies have all been taken back stays one of cookies, and follows those to come.
    """
    after, lines = _with_another_token(session, response), response.cookies
    if "Cookie" not in session.headers or (after is session and not lines):
        return after
    given = after.headers.get("Cookie", "").split(";") if after is not session else ()
    cookie = cookies_after(session.headers["Cookie"], (*filter(str.strip, given), *lines))
    return replace(after, headers={**after.headers, "Cookie": cookie})


def _with_another_token(session: HttpSession, response: Response) -> HttpSession:
    given = response.headers.get(session.renewed_by, "") if session.renewed_by else ""
    if not given or session.renew is None:
        return session
    return session.renew(given) or session


def carried_headers(session: HttpSession) -> dict[str, str]:
    """Return the headers that the login has given."""
    return {name: text for name, text in session.headers.items() if text or name != "Cookie"}


def carrying(session: HttpSession, request: Request) -> Request:
    """Return a request with what the login has given."""
    url = request.url.update_query(session.query)
    return replace(request, url=url, headers={**carried_headers(session), **request.headers})


class SessionLogin:
    """Logs in before the first request of a client, and again when a session has ended."""

    def __init__(
        self,
        log_in: Callable[[], Awaitable[HttpSession | None]],
        io: object,
        client: HttpClient,
        keep: Callable[[Iterable[str]], None],
    ) -> None:
        """`log_in` returns None if it cannot yet; `keep` keeps texts out of all that is shown."""
        self._log_in, self._keep = log_in, keep
        self.io = io
        """The transport that it is for, ..."""
        self.client = client
        """... and what sends the requests of the login, so that no other address gets them."""
        self._session: HttpSession | None = None
        self._lock = asyncio.Lock()
        self._forbidden = set[str]()
        """Requests that a new session did not allow."""

    async def run[T](self, what: str, send: Callable[[HttpSession], Awaitable[T]]) -> T:
        """Send a request, called `what`, with the session; return its answer.

        If the session has ended, log in, and send it again: what is refused so was not done.
        """
        used = self._session
        if used is None:
            return await send(await self._after(None))
        try:
            return await send(used)
        except (CredentialsError, RefusedError) as err:
            if not self._may_have_ended(err, what):
                raise
        try:
            return await send(await self._after(used))
        except RefusedError as err:
            if err.status == HTTPStatus.FORBIDDEN and len(self._forbidden) < MAX_FORBIDDEN:
                self._forbidden.add(what)
            raise

    def _may_have_ended(self, err: EdgeError, what: str) -> bool:
        if isinstance(err, RefusedError):
            return err.status == HTTPStatus.FORBIDDEN and what not in self._forbidden
        return True

    def follow(self, used: HttpSession, response: Response) -> None:
        """Carry from now on what an answer to a request with the present session has renewed."""
        if used is self._session and (session := renewed(used, response)) != used:
            with suppress(ReplyError):  # it cannot be sent: the old one is kept
                self._check(session)
                self._session = session

    async def _after(self, used: HttpSession | None) -> HttpSession:
        """Return the session after one that has ended, or the first one; raise an EdgeError."""
        async with self._lock:
            if self._session is used:
                self._session = await self._logged_in()
            return self._session or _NO_SESSION

    async def _logged_in(self) -> HttpSession | None:
        token = _logging_in.set(self)
        try:
            session = await self._log_in()
        except RefusedError as err:
            if err.status not in _WRONG_LOGIN:
                raise
            raise CredentialsError(said_by(err)) from err
        finally:
            _logging_in.reset(token)
        if session is not None:
            self._check(session)
        return session

    def _check(self, session: HttpSession) -> None:
        """Raise ReplyError for what cannot be sent; keep the rest out of all that is shown."""
        try:
            require_headers({**session.headers, **session.query})
        except ArgumentError as err:
            raise ReplyError(t"the login: {err}") from None
        texts = (*session.headers.values(), *session.query.values())
        self._keep(word for text in texts for word in (text, *_TOKEN_WORD.findall(text)))
