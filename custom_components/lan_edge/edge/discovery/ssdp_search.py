"""An active SSDP search (UPnP Device Architecture 1.1, 1.3).

It finds devices that Home Assistant's own search does not: those that answer only their own search
target, or only a search with a space after each header's colon. Responses are not trusted: they
are bounded and checked, and none of them makes it raise.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from ipaddress import ip_address
from itertools import islice
import logging
from sys import getsizeof
from urllib.parse import urlsplit

from ..errors import EdgeError
from ..network.address import Address, location_address
from ..network.ssdp import SSDP_GROUP, SSDP_PORT, search_message
from ..network.text import MAX_FIELD, MAX_VALUE
from ..transports.base import Link
from ..transports.udp.asking import Inquiry, ask_around
from ..transports.upnp.upnp import Upnp, UpnpOptions
from .sighting import MAX_SIGHTING_FIELDS, Sighting

_LOGGER = logging.getLogger(__name__)

SSDP_SEARCH_INTERVAL = 0.2
"""Seconds between two repetitions of a search."""
MAX_RESPONSES = 256
"""Different responses to one search that are used."""
MAX_RESPONSES_PER_SENDER = 32
"""Of these, from one IP address; one machine may run many devices, such as bridges do."""
MAX_RESPONSE = 4 * 1024
"""The bytes of a response that are read."""
MAX_DESCRIPTION = 64 * 1024
"""The largest description that is read, in bytes."""
MAX_DESCRIPTIONS_SIZE = 1024 * 1024
"""The most bytes of memory that the texts of all descriptions may take."""
MAX_CONCURRENT_DESCRIPTIONS = 16
"""Descriptions that are read at a time."""
MAX_DESCRIPTIONS_PER_SENDER = 2
"""Of these, from one IP address: it may be slow, or never answer."""
DESCRIPTION_TIMEOUT = 5.0
"""Seconds to read a description, its wait for the others included."""


async def ssdp_search(
    targets: Iterable[str],
    interfaces: Iterable[str],
    *,
    on_sighting: Callable[[Sighting], None] = lambda _: None,
    timeout: float = 3.0,
    port: int = SSDP_PORT,
    only: str = "",
) -> list[Sighting]:
    """Search for `targets` from our own IPv4 addresses `interfaces`, one for each network.

    Each sighting goes to `on_sighting` (which must not raise) once its description is read or
    turns out to be unreadable. All are returned after `timeout` seconds, or up to 5 more if a
    description is slow. `port` is for protocols derived from SSDP. If a response names no target,
    as Yeelight's, it is taken as one to the only target. `only` is the one host to find, if any:
    all devices respond, but nothing is read from the others.
    """
    targets, own = set(targets), set(interfaces)
    max_wait = max(1, int(timeout) - 1)
    messages = tuple(search_message(t, SSDP_GROUP, port, max_wait=max_wait) for t in targets)
    inquiries = [Inquiry(messages, Address(SSDP_GROUP, port), host) for host in own]
    sightings: list[Sighting] = []

    def report(sighting: Sighting) -> None:
        sightings.append(sighting)
        on_sighting(sighting)

    async with asyncio.TaskGroup() as group:
        only_target = next(iter(targets)) if len(targets) == 1 else ""
        responses = _Responses(group, report, only_target, own, only)
        await ask_around(inquiries, responses.add, timeout=timeout, interval=SSDP_SEARCH_INTERVAL)
    return sightings


class _Sender:
    """What one IP address has sent, and the slots for reading its descriptions."""

    def __init__(self) -> None:
        self.responses = 0
        self.slots = asyncio.Semaphore(MAX_DESCRIPTIONS_PER_SENDER)


class _Responses:
    """Reports a sighting for each different response."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        report: Callable[[Sighting], None],
        only_target: str,
        own: Collection[str],
        only_host: str,
    ) -> None:
        self._only_host = only_host
        self._group = group
        self._report = report
        self._only_target = only_target
        self._own = own
        self._seen: set[tuple[str, ...]] = set()
        self._senders = defaultdict[str, _Sender](_Sender)
        self._descriptions: dict[str, asyncio.Task[Mapping[str, str]]] = {}
        self._size = 0
        """The bytes of memory that the descriptions take."""
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_DESCRIPTIONS)

    def add(self, data: bytes, sender: Address) -> None:
        headers = parse_response(data)
        location = headers.get("location", "")
        key = (location, headers.get("st", ""), headers.get("usn", ""))
        address = confirmed_address(location, sender.host, self._own)
        if address is not None and self._only_host not in {"", address.host}:
            return
        if address is not None and key not in self._seen and self._has_room(sender.host):
            self._seen.add(key)
            self._senders[sender.host].responses += 1
            if location not in self._descriptions:
                reading = self._group.create_task(self._describe(location, address))
                self._descriptions[location] = reading
            self._group.create_task(self._sight(headers, address))

    def _has_room(self, sender: str) -> bool:
        if len(self._seen) >= MAX_RESPONSES:
            return False
        return self._senders[sender].responses < MAX_RESPONSES_PER_SENDER

    async def _sight(self, headers: Mapping[str, str], address: Address) -> None:
        upnp = await self._descriptions[headers["location"]]
        name, kind = upnp.get("friendlyName", ""), headers.get("st") or self._only_target
        values = {"headers": headers, "upnp": upnp}
        self._report(Sighting("ssdp", kind, address, name, values))

    async def _describe(self, location: str, address: Address) -> Mapping[str, str]:
        """Return the texts of the device's description; {} if it cannot be read."""
        parts = urlsplit(location)
        if parts.scheme != "http":
            return {}
        path = f"{parts.path or '/'}?{parts.query}"
        io = Upnp(_NO_LINK, UpnpOptions(description=path, limit=MAX_DESCRIPTION))
        slots = self._senders[address.host].slots
        try:
            async with asyncio.timeout(DESCRIPTION_TIMEOUT), slots, self._slots:
                await io.open(address)
                description = await io.description()
        except (EdgeError, TimeoutError) as err:
            _LOGGER.debug("no description at %s: %s", address, err)
            return {}
        finally:
            await io.close()
        fields = islice(description.items(), MAX_SIGHTING_FIELDS)
        texts = {name[:MAX_FIELD]: value[:MAX_VALUE] for name, value in fields}
        self._size += sum(map(getsizeof, (*texts, *texts.values())))
        return texts if self._size <= MAX_DESCRIPTIONS_SIZE else {}


_NO_LINK = Link(lambda _: None, lambda _: None)


def parse_response(datagram: bytes) -> dict[str, str]:
    """Return the headers of a search response, by lower-case name; {} if it is not one."""
    first, *lines = datagram[:MAX_RESPONSE].decode(errors="replace").split("\n")
    if first.split()[:2] not in (["HTTP/1.1", "200"], ["HTTP/1.0", "200"]):
        return {}
    parts = (line.partition(":") for line in lines[:MAX_SIGHTING_FIELDS])
    return {k.strip().lower(): v.strip()[:MAX_VALUE] for k, colon, v in parts if colon}


def confirmed_address(location: str, sender: str, own: Collection[str] = ()) -> Address | None:
    """Return the address in LOCATION if it is the sender's and can be used, else None."""
    address = location_address(location, sender, own)
    if address is None or not urlsplit(location).scheme:
        return None
    return None if ip_address(address.host).is_link_local else address
