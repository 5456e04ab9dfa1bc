"""HTTP logins: Basic (RFC 7617) and Digest (RFC 7616)."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import re
from typing import Literal, cast, override
from unicodedata import category

from aiohttp import (
    ClientError,
    ClientHandlerType,
    ClientMiddlewareType,
    ClientRequest,
    ClientResponse,
    DigestAuthMiddleware,
)
from aiohttp.payload import Payload
from yarl import URL

from ...errors import CredentialsError, ReplyError
from ...timing.arrivals import arrivals
from ..challenge import KnownChallenge
from .offered import offered_digest


@dataclass(frozen=True, slots=True)
class Login:
    """A user name and a password."""

    user: str
    """The user name."""
    password: str = field(repr=False)
    """The password."""
    digest: bool = False
    """Whether to use Digest, which never sends the password itself, instead of Basic."""


def middlewares(
    login: object, limit: int, challenge: KnownChallenge | None = None
) -> tuple[ClientMiddlewareType, ...]:
    """Return the middlewares that log in a session's requests; raise CredentialsError.

    A Digest challenge that differs from the known one is not answered. Other logins need none.
    """
    if not isinstance(login, Login):
        return ()
    if ":" in login.user or any(category(c) in {"Cc", "Cs"} for c in login.user + login.password):
        raise CredentialsError(t"the user name or password has characters that HTTP cannot send")
    return (_Digest(login, limit, challenge) if login.digest else _Basic(login),)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSession:
    """What a login by requests has given: all other requests carry it, until a new login."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Headers, such as `{"Authorization": f"Bearer {token}"}`, or a cookie."""
    query: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What each URL has in its query, by name."""
    renewed_by: str = ""
    """The header of later answers that gives another token; cookies are renewed without it."""
    renew: Callable[[str], HttpSession | None] | None = field(
        default=None, repr=False, compare=False
    )
    """Returns the session after such an answer, as that header has it; None: it stays."""


class _Basic:
    def __init__(self, login: Login) -> None:
        credentials = b64encode(f"{login.user}:{login.password}".encode()).decode()
        self._header = f"Basic {credentials}"

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["Authorization"] = self._header
        return await handler(request)


@dataclass(frozen=True, slots=True)
class _Challenge:
    """What aiohttp reads of a response that may be a challenge."""

    status: int
    headers: Mapping[str, str]
    url: URL


class _DigestByAuth(DigestAuthMiddleware):
    """Takes what browsers take: Digest beside other schemes, names and words in any case.

    Of the qualities of protection it prefers `auth`: few devices do `auth-int` right.
    """

    @override
    def _authenticate(self, response: ClientResponse) -> bool:
        asked = offered_digest(response.headers.getall("WWW-Authenticate", ()))
        headers = {"www-authenticate": f"Digest {asked}"} if asked else dict[str, str]()
        chosen = _Challenge(response.status, headers, response.url)
        return super()._authenticate(cast("ClientResponse", chosen))

    @override
    async def _encode(self, method: str, url: URL, body: Payload | Literal[b""]) -> str:
        if "auth" in re.split(r"[\s,]+", self._challenge.get("qop", "").lower()):
            self._challenge["qop"] = "auth"
        return await super()._encode(method, url, body)


class _Digest:
    """Answers a challenge, and reuses it for later requests until the device sends another.

    After a refusal it starts over, so that a wrong password is tried once a request, not twice.
    """

    def __init__(self, login: Login, limit: int, challenge: KnownChallenge | None) -> None:
        self._login = login
        self._limit = limit
        self._challenge = challenge or KnownChallenge()
        self._digest = self._new()

    def _new(self) -> DigestAuthMiddleware:
        return _DigestByAuth(self._login.user, self._login.password)

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        async def drained(request: ClientRequest) -> ClientResponse:
            answer = request.headers.get("Authorization")
            asked = self._challenge.check(answer) if answer else None
            response = await handler(request)
            if response.status == 401:  # noqa: PLR2004
                await self._drain(response)
                await arrivals()
            elif asked:
                self._challenge.learn(asked)
            return response

        digest = self._digest
        try:
            response = await digest(request, drained)
        except ClientError, ValueError, CredentialsError:
            self._digest = self._new()  # a challenge that cannot be answered is not kept
            raise
        if response.status == 401 and self._digest is digest:  # noqa: PLR2004
            self._digest = self._new()
        return response

    async def _drain(self, response: ClientResponse) -> None:
        """Read a challenge's body, so that its connection can be used for the answer."""
        try:
            await self._skip(response)
        except BaseException:
            response.close()
            raise

    async def _skip(self, response: ClientResponse) -> None:
        left = self._limit
        async for chunk in response.content.iter_any():
            left -= len(chunk)
            if left < 0:
                raise ReplyError(t"a challenge with a body of more than {self._limit} bytes")
