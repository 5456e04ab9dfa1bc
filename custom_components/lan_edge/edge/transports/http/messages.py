"""What HTTP carries: a request, its answer, and what aiohttp raises between them."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
from yarl import URL

from ...errors import ReplyError, UnreachableError
from ...network.os_errors import network_errors
from ...network.parsing import parse_json, parse_xml
from ...network.tls import tls_errors


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of status 2xx, read whole."""

    what: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """Return the body as UTF-8 text without surrounding blanks; raise ReplyError."""
        with network_errors(self.what):
            return self.body.decode().strip()

    def json(self) -> Any:
        """Return the body parsed as JSON; raise ReplyError."""
        return parse_json(self.body, f"{self.what}: the body")

    def xml(self) -> Element:
        """Return the body parsed as XML, without entities; raise ReplyError."""
        return parse_xml(self.body, f"{self.what}: the body")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of which session."""

    session: aiohttp.ClientSession | None
    """The one it began with: it must not go on to another address."""
    method: str
    url: URL
    body: str | bytes
    headers: Mapping[str, str]
    shown: str
    """The body as traces have it."""

    @property
    def what(self) -> str:
        """The request as errors and traces name it: without its query."""
        return f"{self.method} {self.url.path}"

    def connected(self) -> aiohttp.ClientSession:
        """Return its session; raise UnreachableError if that has ended."""
        if self.session is None:
            msg = f"{self.what}: not connected"
            raise UnreachableError(msg)
        if self.session.closed:
            msg = f"{self.what}: given up before it was answered"
            raise UnreachableError(msg)
        return self.session


def same_host(base: URL, target: str) -> URL | None:
    """Return where `target` leads from `base`; None if that is another host, or nowhere."""
    try:
        url = base.join(URL(target)).with_user(None)  # the login is ours to say
        return url if url.origin() == base.origin() else None
    except ValueError:
        return None


@contextmanager
def client_errors(what: str) -> Generator[None]:
    """Turn aiohttp's errors into the library's."""
    try:
        with network_errors(what), tls_errors(what):
            yield
    except aiohttp.ClientPayloadError as err:
        msg = f"{what}: the answer was cut short"
        raise UnreachableError(msg) from err
    except aiohttp.ClientResponseError as err:
        msg = f"{what}: not valid HTTP"
        raise ReplyError(msg) from err
    except aiohttp.ClientError as err:
        msg = f"{what}: {err}"
        raise UnreachableError(msg) from err
