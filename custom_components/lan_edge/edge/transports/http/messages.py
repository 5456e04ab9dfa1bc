"""HTTP requests and responses, and aiohttp's errors as the library's."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
from yarl import URL

from ...errors import ArgumentError, CredentialsError, ReplyError, UnreachableError
from ...network.os_errors import network_errors
from ...network.parsing import parse_json, parse_xml
from ...network.text import PADDING, decode_text, is_sendable
from ...network.tls import Tls, tls_errors
from ...sentences import said_by
from ..hiding import Secret, text_without
from .cookies import cookies_after


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with its whole body."""

    what: str
    """The method and path of the request."""
    status: int
    headers: Mapping[str, str]
    body: bytes
    secret: bool = False
    """Whether errors do not show it."""

    @property
    def cookie(self) -> str:
        """The cookies that it sets, as the header `Cookie` has them; empty: it sets none."""
        return cookies_after("", self.cookies)

    @property
    def cookies(self) -> tuple[str, ...]:
        """The lines by which it sets cookies."""
        all_of: Callable[..., Iterable[str]] | None = getattr(self.headers, "getall", None)
        # aiohttp's headers have each of several lines of one name; others have one
        one = self.headers.get("Set-Cookie", "")
        return tuple(all_of("Set-Cookie", ()) if all_of is not None else [one] if one else ())

    def text(self) -> str:
        """Return the body as UTF-8 text without surrounding blanks, BOM and NUL.

        What is not UTF-8 becomes replacement characters.
        """
        return decode_text(self.body).strip(PADDING)

    def json(self) -> Any:
        """Return the body parsed as JSON; raise ReplyError."""
        return parse_json(self.body, f"{self.what}: the body")

    def xml(self) -> Element:
        """Return the body parsed as XML, as far as it makes sense; raise ReplyError."""
        return parse_xml(self.body, f"{self.what}: the body")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the device."""

    method: str
    url: URL
    body: str | bytes
    headers: Mapping[str, str]
    traced: str
    """The body as it appears in traces."""
    again: bool = False
    """Whether it may be sent again when its answer is missing: the device may have done it."""
    secret: Secret = False
    """Whether errors and traces show neither its path nor the answer; or what of these."""
    hides_answer: bool = False
    """Whether traces do not show the answer: it has what later requests carry as a login."""

    @property
    def what(self) -> str:
        """The request as it appears in errors and traces: without its query."""
        return f"{self.method} {text_without(self.secret, self.url.path)}"


def require_sendable(what: str, *texts: str) -> None:
    """Raise ArgumentError if one of the driver's `texts` has a line break, or is not valid."""
    if not all(map(is_sendable, texts)):
        raise ArgumentError(t"{what} contains a line break or another control character")


def require_headers(headers: Mapping[str, str] | None) -> None:
    """Raise ArgumentError for headers that HTTP cannot send; their values stay secret."""
    for name, value in (headers or {}).items():
        require_sendable(f"the header {name[:60]!r}", name, value)


def require_token(headers: Mapping[str, str] | None) -> None:
    """Raise CredentialsError for headers of the options that HTTP cannot send.

    What varies in them is a token, which the user entered or the device gave.
    """
    try:
        require_headers(headers)
    except ArgumentError as err:
        raise CredentialsError(said_by(err)) from None


def same_host(base: URL, target: str, *, any_port: bool = False) -> URL | None:
    """Return `target` resolved against `base`; None if it is invalid or on another host.

    Another port is another host, unless `any_port`; another scheme always.
    """
    try:
        url = base.join(URL(target)).with_user(None)  # a login comes from the options only
        there = url.with_port(base.port) if any_port else url
        return url if there.origin() == base.origin() else None
    except ValueError, IndexError:  # IndexError: yarl's, for "//[]@"
        return None


def redirected(request: Request, response: Response) -> Request:
    """Return the request to send next after a redirect; raise ReplyError if it leads elsewhere.

    What may have been done is not done again: only the page that shows its result is read
    (RFC 9110, 15.4).
    """
    url = same_host(request.url, response.headers.get("Location", ""))
    if url is None:
        raise ReplyError(t"{request.what}: redirected to another host")
    is_done = response.status == HTTPStatus.SEE_OTHER
    if response.status in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND}:
        is_done = request.method.upper() == "POST" or not request.again
    if not is_done or request.method.upper() in {"GET", "HEAD"}:
        return replace(request, url=url)
    headers = {name: text for name, text in request.headers.items() if name != "Content-Type"}
    return replace(request, method="GET", url=url, body=b"", headers=headers, traced="")


@contextmanager
def client_errors(what: str, tls: Tls | None = None) -> Generator[None]:
    """Turn aiohttp's errors into the library's; `what` begins their messages.

    `tls` is what a handshake in the block uses.
    """
    try:
        with network_errors(what), tls_errors(what, tls):
            yield
    except aiohttp.ClientPayloadError as err:
        raise UnreachableError(t"{what}: the answer was cut short") from err
    except aiohttp.ClientResponseError:
        raise ReplyError(t"{what}: not valid HTTP") from None  # it names the whole URL
    except aiohttp.ServerDisconnectedError as err:
        raise UnreachableError(t"{what}: the device closed the connection") from err
    except aiohttp.ClientError as err:
        raise UnreachableError(t"{what}: {err}") from err
    except ValueError as err:  # what the device gave earlier cannot be sent back
        raise ReplyError(t"{what}: not valid HTTP") from err
    except RuntimeError as err:  # aiohttp's, where `close` came between two pieces of a body
        if "closed" not in str(err):
            raise
        raise UnreachableError(t"{what}: given up before the device answered") from err
