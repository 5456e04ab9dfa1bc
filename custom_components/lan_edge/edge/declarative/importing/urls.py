"""URLs, taken apart into the address of a device and the path within it."""

from dataclasses import dataclass
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from ...sentences import said
from .variables import has_variable, without_marks

MAX_URL = 4000
_PORTS = {"http": 80, "https": 443}
_UNWRITABLE = re.compile(r"[\s#\\\x00-\x1f\x7f]")
_PLACE_OF_HOST = re.compile(r"[<\[{(]+[\w .-]+[>\]})]+")
"""As in http://<IP of the device>/, of which a URL cannot be made."""


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL."""

    is_tls: bool
    host: str
    """Empty: the text does not have it."""
    port: int
    path: str
    query: tuple[tuple[str, str], ...]
    username: str = ""
    password: str = ""

    @property
    def device(self) -> tuple[bool, str, int]:
        """What tells devices apart."""
        return self.is_tls, self.host, self.port


def url_of(text: str) -> Url:
    """Return the parts of a URL; raise ValueError with the reason if it is none for a device."""
    if len(text) > MAX_URL:
        raise ValueError(said(t"the URL is too long"))
    text = text.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        text = f"http://{text}"
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in _PORTS:
        raise ValueError(said(t"{scheme:.20} is not http or https"))
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    login, _, place = authority.rpartition("@")
    host, port = _host_and_port(place, scheme.lower())
    parts = urlsplit(f"http://host{rest[len(authority) :]}")
    username, _, password = login.partition(":")
    return Url(
        scheme.lower() == "https",
        host,
        port,
        _path(parts.path),
        tuple(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)),
        unquote(username),
        unquote(password),
    )


def _host_and_port(place: str, scheme: str) -> tuple[str, int]:
    if not place:
        raise ValueError(said(t"the URL has no host"))
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|.*?)(?::([^:\]]*))?", place)
    host, port = (found[1], found[2]) if found else (place, None)
    number = _PORTS[scheme]
    if port and not has_variable(port):
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= 65535:  # noqa: PLR2004
            raise ValueError(said(t"the URL has a port that is not possible"))
        number = int(port)
    if has_variable(host) or _PLACE_OF_HOST.fullmatch(host):
        return "", number
    host = without_marks(host).strip("[]").lower().replace("%25", "%")
    if not re.fullmatch(r"[\w.:%-]{1,253}", host):
        raise ValueError(said(t"the URL has a host that is not possible"))
    return host, number


def _path(text: str) -> str:
    """Return a path without blanks, dots and doubled slashes at its beginning."""
    steps: list[str] = []
    for step in text.split("/")[1:]:
        if step == ".." and steps:
            steps.pop()
        elif unquote(step) not in {".", ".."}:
            steps.append(step)
    path = "/" + "/".join(steps).lstrip("/")
    return _UNWRITABLE.sub(
        lambda found: f"%{ord(found[0]):02X}" if found[0].isascii() else "", path
    )
