"""UPnP: a device's description, its services' actions by SOAP over HTTP, and their events.

UPnP Device Architecture 1.1, sections 2 and 3; section 4 is in `upnp_events`. Names are taken
without their namespaces: many devices answer with a wrong one.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias, override
from urllib.parse import urljoin
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from ...errors import RefusedError, ReplyError
from ...network.address import Address
from ..base import Link, Options
from ..http.http import Http, HttpOptions
from ..http.messages import Response
from .events import Subscriptions, UpnpEvent
from .location import locate_description

USUAL = "/description.xml"
"""Where most devices have their description."""
RECONCILE = 300.0
"""Seconds from one refresh to the next while events come: they can get lost in a burst."""

_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"\
 s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
<u:{name} xmlns:u="{service}">{arguments}</u:{name}></s:Body></s:Envelope>"""


class Texts(dict[str, str]):
    """What a device told, by name; one that is missing raises ReplyError."""

    def __init__(self, what: str, element: Element) -> None:
        """Take the texts of an element's children; `what` told them."""
        told = ((_local(c), (c.text or "").strip()) for c in element if not len(c))
        super().__init__(told)
        self._what = what

    def __missing__(self, key: str) -> str:
        """Say what is missing."""
        msg = f"{self._what}: no {key}"
        raise ReplyError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnpOptions(HttpOptions):
    """Options of Upnp."""

    limit: int = 256 * 1024  # XML takes its time
    description: str = USUAL
    """The path of the description; empty: the device is asked where it has it."""


class Upnp(Http):
    """UPnP to one device: `description()`, `action()`, `subscribe()`, beside all of Http."""

    Event: TypeAlias = UpnpEvent  # noqa: UP040  # it is called as well
    options_type = UpnpOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a description."""
        super().__init__(link, options)
        assert isinstance(options, UpnpOptions)  # noqa: S101  # it is by contract
        self._told = self._path = options.description
        self._is_there = False
        """Whether the description was found where it is asked for; else that is but a guess."""
        self._controls: Mapping[str, str] = {}
        self._events: Mapping[str, str] = {}
        self._subscriptions = Subscriptions(link, options)

    @override
    def configure(self, options: Options) -> None:
        super().configure(options)
        assert isinstance(options, UpnpOptions)  # noqa: S101  # it is by contract
        if options.description != self._told:
            self._told = self._path = options.description
            self._is_there = False
        self._subscriptions.configure(options)

    @override
    async def open(self, address: Address) -> None:
        if not self._told and not (self._is_there and address.port):
            found = await locate_description(address)
            self._path = found.path_qs if found else USUAL
            port = found.port if found else None
            address = Address(address.host, address.port or port or 0)
        await super().open(address)
        await self._subscriptions.open(address)

    @override
    async def close(self) -> None:
        try:
            await super().close()
        finally:
            await self._subscriptions.close()  # which may take a second

    @override
    def announced(self) -> None:
        self._subscriptions.renew()

    @property
    @override
    def reconcile(self) -> float:
        return RECONCILE if self._subscriptions.live else 0

    async def description(self) -> Texts:
        """Read what the device tells about itself: friendlyName, UDN, modelName, ..."""
        try:
            root = await self.get_xml(self._path)
        except RefusedError:
            self._is_there = False  # it may have moved: ask again next time
            raise
        device = root.find("{*}device")
        if device is None:
            msg = f"GET {self._path}: no description of a device"
            raise ReplyError(msg)
        self._is_there = True
        self._controls = self._paths(root, "controlURL")
        self._events = self._paths(root, "eventSubURL")
        return Texts(f"GET {self._path}", device)

    async def action(self, service: str, name: str, /, **arguments: object) -> Texts:
        """Call an action of a service, by its full type; return what it answers.

        Raises RefusedError with the words of the device's fault.
        """
        if service not in self._controls:
            await self.description()
        if (control := self._controls.get(service)) is None:
            msg = f"{name}: the device has no {service}"
            raise ReplyError(msg)
        parts = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in arguments.items())
        body = _ENVELOPE.format(name=name, service=service, arguments=parts)
        headers = {
            "Content-Type": 'text/xml; charset="utf-8"',
            "SOAPACTION": f'"{service}#{name}"',
        }
        response = await self.request("POST", control, body, headers=headers)
        answer = _content(response)
        _raise_fault(name, answer)  # some devices send theirs with the status of success
        if _local(answer) != f"{name}Response":
            msg = f"{name}: answered with {_local(answer)}"
            raise ReplyError(msg)
        return Texts(name, answer)

    async def subscribe(self, service: str) -> None:
        """Have a service's events come as messages, each a UpnpEvent; call it in `connected`.

        It does not wait and cannot fail: where no events come, the poll goes on.
        """
        if self._link.callback is None:
            return
        if service not in self._controls:
            await self.description()
        if path := self._events.get(service):
            self._subscriptions.add(self._link.callback, service, path)

    async def has(self, service: str) -> bool:
        """Whether the device has a service, by its full type."""
        if not self._controls:
            await self.description()
        return service in self._controls

    def _paths(self, root: Element, kind: str) -> dict[str, str]:
        """Return the paths of one kind that a description gives its services."""
        found: dict[str, str] = {}
        for service in root.iterfind(".//{*}service"):
            with suppress(ValueError):  # a path that is none
                if path := service.findtext(f"{{*}}{kind}"):
                    found[service.findtext("{*}serviceType", "")] = urljoin(self._path, path)
        return found

    @override
    def _check(self, response: Response) -> Response:
        if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            with suppress(ReplyError):
                _raise_fault(response.what, _content(response))
        return super()._check(response)


def _raise_fault(what: str, answer: Element) -> None:
    """Raise RefusedError with the words of a fault, if it is one."""
    if _local(answer) == "Fault":
        texts = {_local(e): (e.text or "").strip() for e in answer.iter()}
        words = texts.get("errorDescription") or texts.get("faultstring", "")
        msg = f"{what}: {words} {texts.get('errorCode', '')}"
        raise RefusedError(msg.strip()[:500])


def _content(response: Response) -> Element:
    """Return what a SOAP envelope holds; raise ReplyError."""
    content = response.xml().find("{*}Body/*")
    if content is None:
        msg = f"{response.what}: no SOAP envelope"
        raise ReplyError(msg)
    return content


def _local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]
