"""The services in a UPnP description, by type (UPnP Device Architecture 1.1, 2.3)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from yarl import URL

from ...network.text import MAX_FIELD, is_sendable
from ..http.http import Http
from ..http.messages import same_host

MAX_SERVICES = 64
"""The services of a device that are looked at, the first ones: parsing their paths takes time."""


class HttpOnAnyPort(Http):
    """HTTP to a device whose description may name other ports of its own."""

    _any_port = True


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is: paths, or URLs where these are not relative."""

    control: str
    events: str = ""
    """Empty: it has none."""


def services_of(root: Element, path: str, device: URL) -> Mapping[str, Service]:
    """Return the services in the description that was read at `path` of a device.

    Of several of one type it is that of the root device, else of the first device in it: a power
    strip has the same service as its outlets. One whose path cannot be requested does not exist.
    """
    base = _joined(path, _text(root, "URLBase"))
    if not base or same_host(device, base, any_port=True) is None:
        base = path  # it is wrong: no other host is asked
    services: dict[str, Service] = {}
    for service in islice(_services(root), MAX_SERVICES):
        if control := _joined(base, _text(service, "controlURL")):
            events = _joined(base, _text(service, "eventSubURL"))
            services.setdefault(_text(service, "serviceType"), Service(control, events))
    return services


def _services(root: Element) -> Iterator[Element]:
    """Yield the services, those of the root device first."""
    own = list(root.iterfind("{*}device/{*}serviceList/{*}service"))
    known = set(map(id, own))
    return chain(own, (each for each in root.iterfind(".//{*}service") if id(each) not in known))


def _text(element: Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}", "").strip()[:MAX_FIELD]


def _joined(base: str, path: str) -> str:
    """Return a path in a description, joined to its base; empty if it cannot be requested."""
    with suppress(ValueError):
        if path and is_sendable(path):
            return urljoin(base, path)
    return ""
