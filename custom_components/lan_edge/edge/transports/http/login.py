"""A user name and a password for HTTP: Basic (RFC 7617) and Digest (RFC 7616)."""

from base64 import b64encode
from dataclasses import dataclass, field
from unicodedata import category

from aiohttp import (
    ClientHandlerType,
    ClientMiddlewareType,
    ClientRequest,
    ClientResponse,
    DigestAuthMiddleware,
)

from ...errors import CredentialsError, ReplyError


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks; `digest`: the password itself is never sent, but proven."""

    user: str
    password: str = field(repr=False)
    digest: bool = False


def middlewares(login: Login | None, limit: int) -> tuple[ClientMiddlewareType, ...]:
    """Return what logs a session's requests in; raise CredentialsError."""
    if login is None:
        return ()
    if ":" in login.user or any(category(c) in {"Cc", "Cs"} for c in login.user + login.password):
        msg = "a user name or password that HTTP cannot send"
        raise CredentialsError(msg)
    return (_Digest(login, limit) if login.digest else _Basic(login),)


class _Basic:
    def __init__(self, login: Login) -> None:
        told = b64encode(f"{login.user}:{login.password}".encode()).decode()
        self._header = f"Basic {told}"

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["Authorization"] = self._header
        return await handler(request)


class _Digest:
    """Answers a challenge once, and later requests' in advance, until the device wants another.

    After a refusal it starts anew: a wrong password is tried once a request, not twice.
    """

    def __init__(self, login: Login, limit: int) -> None:
        self._login = login
        self._limit = limit
        self._proof = self._new()

    def _new(self) -> DigestAuthMiddleware:
        return DigestAuthMiddleware(self._login.user, self._login.password)

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        async def drained(request: ClientRequest) -> ClientResponse:
            response = await handler(request)
            if response.status == 401:  # noqa: PLR2004
                await self._drain(response)
            return response

        proof = self._proof
        response = await proof(request, drained)
        if response.status == 401 and self._proof is proof:  # noqa: PLR2004
            self._proof = self._new()
        return response

    async def _drain(self, response: ClientResponse) -> None:
        """Read a challenge's body, for its connection to be free for the answer."""
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
                what = f"{response.method} {response.url.path}"
                msg = f"{what}: a body of more than {self._limit} bytes"
                raise ReplyError(msg)
