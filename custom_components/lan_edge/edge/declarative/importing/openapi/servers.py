"""Where a document says that its API is: the address of the device, and what paths begin with."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
import re
from typing import Any

from ....sentences import said
from ..notes import Notes
from ..urls import MAX_URL, url_of
from .values import list_in, object_in, text_in

_URL_VARIABLE = re.compile(r"\{([^{}]{1,100})\}")
_MAX_SERVERS = 16
_ANY_DEVICE = "<device>"
"""Stands for the address of the device in URLs."""
_LOCAL_ENDINGS = (".local", ".lan", ".home", ".internal", ".home.arpa", ".fritz.box")
_NOT_OF_A_DEVICE = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104  # no socket
"""Where the author of a document tried it."""


@dataclass(frozen=True, slots=True)
class ApiServer:
    """The device."""

    host: str = ""
    """Empty: the document does not have it."""
    port: int = 80
    is_tls: bool = False
    base: str = ""
    """With what all paths begin."""

    def url(self, path: str) -> str:
        """Return the URL of a path of the API."""
        scheme = "https" if self.is_tls else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host or _ANY_DEVICE
        return f"{scheme}://{host}:{self.port}{self.base}{path}"


def server_of(document: dict[str, Any], notes: Notes) -> ApiServer:
    """Return the first server that may be a device; without any, port 80 of any device."""
    found = [server for text in _texts(document) if (server := _server_of(text, notes)) is not None]
    local = next((each for each in found if each.host), None)
    chosen = local or next(iter(found), ApiServer())
    for each in found:
        if each != chosen:
            unused, used = each.url(""), chosen.url("")
            notes.left_out("servers", t"{unused} is not used, but {used}")
    return chosen


def _texts(document: dict[str, Any]) -> Iterator[str]:
    """Yield the URLs of the servers, with the defaults of their variables."""
    if "swagger" in document:
        host, base = text_in(document, "host"), text_in(document, "basePath")
        for scheme in (*list_in(document, "schemes")[:_MAX_SERVERS],) or ("http",):
            yield f"{scheme}://{host}{base}" if host else base
        return
    for server in list_in(document, "servers")[:_MAX_SERVERS]:
        yield _filled(text_in(server, "url"), object_in(server, "variables"))


def _filled(url: str, variables: dict[str, Any]) -> str:
    """Return a URL with the defaults of its variables."""
    return _URL_VARIABLE.sub(
        lambda found: text_in(variables.get(found[1]), "default") or found[0], url[:MAX_URL]
    )


def _server_of(text: str, notes: Notes) -> ApiServer | None:
    """Return the server at a URL, or at a path of the device; None if it is neither."""
    text = text.strip().rstrip("/")
    if not text or text.startswith("/"):
        return ApiServer(base=_base(text))
    try:
        url = url_of(_URL_VARIABLE.sub(_ANY_DEVICE, text))
    except ValueError as err:
        why = said(str(err))
        notes.not_understood("servers", t"{text:.80}: {why}")
        return None
    if url.query:
        notes.left_out("servers", t"the query of {text:.80}")
    base = _base(url.path)
    if url.host in _NOT_OF_A_DEVICE or not url.host:
        return ApiServer("", url.port, url.is_tls, base)
    if not _is_local(url.host):
        host = url.host
        notes.changed(
            "servers",
            t"{host} is not an address in a home network: your device is asked by http on port 80",
        )
        return ApiServer(base=base)
    return ApiServer(url.host, url.port, url.is_tls, base)


def _base(path: str) -> str:
    return "" if path == "/" else path.rstrip("/")


def _is_local(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.endswith(_LOCAL_ENDINGS) or (bool(host) and "." not in host)
    return address.is_private
