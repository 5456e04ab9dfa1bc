"""UPnP: a device's description, its services' actions by SOAP over HTTP, and their events.

UPnP Device Architecture 1.1, sections 2 and 3; section 4 is in events.py. Names are compared
without their namespaces, since many devices answer with wrong ones.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
import re
from typing import TypeAlias, override
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from ...errors import ArgumentError, RefusedError, ReplyError
from ...network.address import Address
from ..base import Link, Options
from ..http.messages import Response
from ..http.options import HttpOptions
from ..http.refusals import shown_body
from .events import UpnpEvent
from .location import locate_description
from .services import HttpOnAnyPort, Service, services_of
from .subscriptions import Subscriptions

USUAL_PATH = "/description.xml"
"""Where most devices have their description."""
RECONCILE = 300.0
"""Seconds between refreshes while events come: some get lost in a burst."""

_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"\
 s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
<u:{name} xmlns:u="{service}">{arguments}</u:{name}></s:Body></s:Envelope>"""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Texts(dict[str, str]):
    """The texts in a device's answer, by name; a missing one raises ReplyError."""

    def __init__(self, what: str, element: Element) -> None:
        """Take the texts of an element's children; errors call the answer `what`."""
        super().__init__((_local_name(c), (c.text or "").strip()) for c in element if not len(c))
        self._what = what

    def __missing__(self, key: str) -> str:
        """Raise ReplyError."""
        raise ReplyError(t"{self._what}: {key} is missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnpOptions(HttpOptions):
    """Options of Upnp."""

    limit: int = 256 * 1024  # parsing XML takes time
    description: str = USUAL_PATH
    """The path of the description; empty: the device is asked for it."""
    secret: tuple[str, ...] = ()
    """The actions that neither the trace nor an error shows, since they carry a password."""


class Upnp(HttpOnAnyPort):
    """UPnP to one device: `description()`, `action()`, `subscribe()`, beside all of Http."""

    Event: TypeAlias = UpnpEvent  # noqa: UP040  # it is called as well
    options_type = UpnpOptions
    _options: UpnpOptions
    _address = Address("")

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a description."""
        super().__init__(link, options)
        self._given_path = self._path = self._options.description
        """The description's path in the options, and in use."""
        self._announced_path = ""
        """The path that the device has announced, which is tried first."""
        self._is_path_proven = False
        """Whether a description was read there."""
        self._services: Mapping[str, Service] = {}
        self._subscriptions = Subscriptions(link, self._options)

    @override
    async def open(self, address: Address) -> None:
        options = self._options
        # anybody can announce a path: they must not choose where a login is sent
        announced = "" if options.login else address.path
        if (options.description, announced) != (self._given_path, self._announced_path):
            self._given_path, self._announced_path = options.description, announced
            self._path = announced or options.description
            self._is_path_proven = False
        is_announced = bool(announced) and self._path == announced
        is_known = is_announced or (self._is_path_proven and address.port)
        if not options.description and not is_known:
            address = await self._locate(address)
        self._address = address
        await super().open(address)
        await self._subscriptions.open(address, options)

    async def _locate(self, address: Address) -> Address:
        """Ask the device for its path; return the address with the port that it has there."""
        url = await locate_description(address, self._link.unique_id)
        self._path = url.path_qs if url else USUAL_PATH
        port = url.port if url else None
        return replace(address, port=address.port or port or 0)

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
        """Read the device's description of itself: friendlyName, UDN, modelName, ..."""
        try:
            return await self._read_description()
        except RefusedError, ReplyError:
            self._is_path_proven = False  # it may have moved, so ask for it at the next `open`
            if not self._path or self._path != self._announced_path:
                raise
        if self._options.description:
            self._path = self._options.description
        else:
            await self._locate(self._address)
        return await self._read_description()

    async def _read_description(self) -> Texts:
        root = await self.get_xml(self._path)
        device = root.find("{*}device")
        if device is None:
            raise ReplyError(t"{self._what}: not the description of a device")
        self._is_path_proven = True
        self._services = services_of(root, self._path, self._url)
        return Texts(self._what, device)

    async def action(self, service: str, name: str, /, **arguments: object) -> Texts:
        """Call an action of a service, named by its full type; return its output arguments.

        Raises RefusedError with the device's words if the device reports a fault. An action named
        Get... may be sent again when there is no answer, others where the options say so.
        """
        if (urls := await self._find(service)) is None:
            raise ReplyError(t"{name}: the device has no {service}")
        parts = "".join(f"<{k}>{escape(_text(v))}</{k}>" for k, v in arguments.items())
        body = _ENVELOPE.format(name=name, service=service, arguments=parts)
        headers = {
            "Content-Type": 'text/xml; charset="utf-8"',
            "SOAPACTION": f'"{service}#{name}"',
        }
        again, secret = name.startswith("Get") or None, name in self._options.secret
        response = await self.request(
            "POST", urls.control, body, headers=headers, again=again, secret=secret
        )
        answer = _raise_fault(response, name)  # some devices send faults with status 200
        if (kind := _local_name(answer)) != (wanted := f"{name}Response"):
            what, kind = name, kind[:60]
            raise ReplyError(t"{what}: the answer is {kind}, not {wanted}")
        return Texts(name, answer)

    async def subscribe(self, service: str) -> None:
        """Have a service's events arrive as messages, each an Upnp.Event; call it in `connected`.

        It neither waits nor fails: where no events come, the poll goes on.
        """
        if self._link.callback is None:
            return
        urls = await self._find(service)
        if urls is not None and urls.events:
            self._subscriptions.add(self._link.callback, service, urls.events)

    async def has(self, service: str) -> bool:
        """Return whether the device has a service, named by its full type."""
        if not self._services:
            await self.description()
        return service in self._services

    async def _find(self, service: str) -> Service | None:
        """Return where a service is; if it is unknown, the description is read again."""
        if service not in self._services:
            await self.description()
        return self._services.get(service)

    @property
    def _what(self) -> str:
        """The request for the description, as it appears in errors: without its query."""
        return f"GET {self._path.partition('?')[0]}"

    @override
    def _check(self, response: Response) -> Response:
        if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            with suppress(ReplyError):
                _raise_fault(response, response.what)
        return super()._check(response)


def _text(argument: object) -> str:
    """Return an argument as text; raise ArgumentError if XML cannot contain it."""
    text = str(argument)
    if _NOT_XML.search(text):
        raise ArgumentError(t"an argument with a control character")
    return text


def _raise_fault(response: Response, what: str) -> Element:
    """Return the content of an answer; raise RefusedError with the device's words for a fault."""
    answer = _content(response)
    if _local_name(answer) == "Fault":
        texts = {_local_name(e): (e.text or "").strip() for e in answer.iter()}
        words = texts.get("errorDescription") or texts.get("faultstring", "")
        words = f"{what}: {words} {texts.get('errorCode', '')}".strip()
        raise RefusedError(words, status=response.status, body=shown_body(response))
    return answer


def _content(response: Response) -> Element:
    """Return the content of a SOAP envelope; raise ReplyError."""
    content = response.xml().find("{*}Body/*")
    if content is None:
        raise ReplyError(t"{response.what}: not a SOAP envelope")
    return content


def _local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]
