"""URLs, taken apart into the address of a device and the path within it."""

from dataclasses import dataclass
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from ...sentences import said
from .places_to_fill import with_places
from .variables import SECRET_MARK, has_variable, only_variable, without_marks

MAX_URL = 4000
_PORTS = {"http": 80, "https": 443}
_UNWRITABLE = re.compile(r"[\s#\\\x00-\x1f\x7f]")
_URL_IN_NAME = re.compile(r"(?i)(?:^|_)(?:url|uri|endpoint|resource)(?:$|_)")
_PLACE_OF_HOST = re.compile(r"[<\[{(]+[\w .-]+[>\]})]+")
"""As in http://<IP of the device>/, of which a URL cannot be made."""
_PLACE_OF_PORT = re.compile(r"(?i)[\[<{(]*(?:your_?)?port[\]>})]*")
_PLACE_OF_ADDRESS = re.compile(
    r"(?i)(?=.*[xyip*])(?:[0-9]{1,3}|x{1,3}|y{1,3}|ip|\*)(?:\.(?:[0-9]{1,3}|x{1,3}|y{1,3}|ip|\*)){3}"
)
_WORD_FOR_HOST = re.compile(
    r"(?i)(?:your|my|the)?[_-]?(?:\w{1,40}[_-])??(?:ip|ip_?addr(?:ess)?|ip-addr(?:ess)?|host(?:name)?)"
    r"|your_\w{1,60}"
)


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
    port_word: str = ""
    """What stands for a port that the text does not have."""

    @property
    def device(self) -> tuple[bool, str, int]:
        """What tells devices apart."""
        return self.is_tls, self.host, self.port


def url_of(text: str) -> Url:
    """Return the parts of a URL; raise ValueError with the reason if it is none for a device."""
    if len(text) > MAX_URL:
        raise ValueError(said(t"the URL is too long"))
    text = text.strip()
    if only := only_variable(text):
        name = only.removeprefix(SECRET_MARK)
        if only.startswith(SECRET_MARK) or _URL_IN_NAME.search(name):
            raise ValueError(said(t"{name:.40} stands for the whole URL: put the URL in its place"))
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
        _path("/".join(map(with_places, parts.path.split("/")))),
        tuple(
            (name, with_places(value))
            for name, value in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
        ),
        unquote(username),
        unquote(password),
        _port_word(place),
    )


def _host_and_port(place: str, scheme: str) -> tuple[str, int]:
    if not place:
        raise ValueError(said(t"the URL has no host"))
    host, port = _parts_of_place(place)
    number = _PORTS[scheme]
    if port and not _is_word(port):
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= 65535:  # noqa: PLR2004
            raise ValueError(said(t"the URL has a port that is not possible"))
        number = int(port)
    if has_variable(host) or _stands_for_host(host):
        return "", number
    host = without_marks(host).strip("[]").lower().replace("%25", "%")
    if not re.fullmatch(r"[\w.:%-]{1,253}", host):
        raise ValueError(said(t"the URL has a host that is not possible"))
    return host, number


def _parts_of_place(place: str) -> tuple[str, str]:
    """Return the host and the port as they are written."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|.*?)(?::([^:\]]*|[\[<{(]+\w+[\]>})]+))?", place)
    return (found[1], found[2] or "") if found else (place, "")


def _is_word(port: str) -> bool:
    """Return whether something only stands for a port."""
    return has_variable(port) or _PLACE_OF_PORT.fullmatch(port) is not None


def _port_word(place: str) -> str:
    _, port = _parts_of_place(place)
    return without_marks(port) if port and _is_word(port) else ""


def _stands_for_host(host: str) -> bool:
    """Return whether a host is only a word for one, such as `192.168.x.x` or `YOUR_IP`."""
    return any(each.fullmatch(host) for each in (_PLACE_OF_HOST, _WORD_FOR_HOST, _PLACE_OF_ADDRESS))


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
