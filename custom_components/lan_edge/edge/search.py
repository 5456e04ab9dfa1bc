"""An active SSDP search (UPnP Device Architecture 1.1, 1.3): who answers to these targets now.

Beside a hub's own search, for devices that answer only their own search target, or only a
search with a space after each header's colon. What comes back is a stranger's word: bounded,
checked, and nothing in it raises.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from ipaddress import ip_address, ip_network
from itertools import islice
import logging
import socket
from typing import override
from urllib.parse import urlsplit

from .discovery import MAX_FIELD, MAX_FIELDS, Address, Sighting, location_address
from .errors import EdgeError
from .transports import Link, Upnp, UpnpOptions

_LOGGER = logging.getLogger(__name__)

GROUP = "239.255.255.250"
PORT = 1900
TIMES = 3
"""How often each search is sent: datagrams get lost."""
PAUSE = 0.2
"""Seconds after each time."""
MAX_ANSWERS = 256
MAX_HEADER = 1024
"""The part of an answer's header that is kept, in characters."""
MAX_DESCRIPTION = 64 * 1024
DESCRIPTIONS = 16
"""Descriptions read at a time."""
DESCRIPTION_TIMEOUT = 5.0

_REQUEST = 'M-SEARCH * HTTP/1.1\r\nHOST: {}:{}\r\nMAN: "ssdp:discover"\r\nMX: {}\r\nST: {}\r\n\r\n'


async def search(
    targets: Iterable[str],
    interfaces: Iterable[str],
    *,
    found: Callable[[Sighting], None] = lambda _: None,
    timeout: float = 3.0,
    port: int = PORT,
) -> list[Sighting]:
    """Search for `targets` from our own IPv4 addresses `interfaces`, one each network.

    Each sighting goes to `found` (which must not raise) as soon as its description is read, or
    turned out unreadable; all are returned after `timeout` seconds, or up to 5 more for a slow
    description. `port` is for relatives of SSDP on another one. An answer that does not say to
    which target it is (Yeelight's) is to the only one.
    """
    targets, own = set(targets), set(interfaces)
    only = next(iter(targets)) if len(targets) == 1 else ""
    longest_wait = max(1, int(timeout) - 1)
    requests = [_REQUEST.format(GROUP, port, longest_wait, t).encode() for t in targets]
    sightings: list[Sighting] = []

    def report(sighting: Sighting) -> None:
        sightings.append(sighting)
        found(sighting)

    async with asyncio.TaskGroup() as group:
        answers = _Answers(group, report, only, own)
        with ExitStack() as stack:
            senders = [await _open(address, answers, stack) for address in own]
            for _ in range(TIMES):
                for sender in filter(None, senders):
                    for request in requests:
                        sender.sendto(request, (GROUP, port))
                await asyncio.sleep(PAUSE)
            await asyncio.sleep(timeout - TIMES * PAUSE)
    await asyncio.sleep(0)  # now the sockets are closed
    return sightings


async def _open(
    interface: str, answers: _Answers, stack: ExitStack
) -> asyncio.DatagramTransport | None:
    """Return a socket that multicasts from `interface`; None where that cannot be."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
        sock.bind((interface, 0))
    except OSError as err:
        sock.close()
        _LOGGER.debug("no search from %s: %s", interface, err)
        return None
    loop = asyncio.get_running_loop()
    sender, _ = await loop.create_datagram_endpoint(lambda: answers, sock=sock)
    stack.callback(sender.close)
    return sender


class _Answers(asyncio.DatagramProtocol):
    """Makes sightings of the answers, each once."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        report: Callable[[Sighting], None],
        only_target: str,
        own: Collection[str],
    ) -> None:
        self._group = group
        self._report = report
        self._only_target = only_target
        self._own = own
        self._seen: set[tuple[str, ...]] = set()
        self._descriptions: dict[str, asyncio.Task[Mapping[str, str]]] = {}
        self._slots = asyncio.Semaphore(DESCRIPTIONS)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        headers = parse_answer(data)
        location = headers.get("location", "")
        key = (location, headers.get("st", ""), headers.get("usn", ""))
        address = answered_from(location, addr[0], self._own)
        if address is not None and key not in self._seen and len(self._seen) < MAX_ANSWERS:
            self._seen.add(key)
            if location not in self._descriptions:
                reading = self._group.create_task(self._read(location, address))
                self._descriptions[location] = reading
            self._group.create_task(self._sight(headers, address))

    async def _sight(self, headers: Mapping[str, str], address: Address) -> None:
        upnp = await self._descriptions[headers["location"]]
        name, kind = upnp.get("friendlyName", ""), headers.get("st") or self._only_target
        values = {"headers": headers, "upnp": upnp}
        self._report(Sighting("ssdp", kind, address, name, values))

    async def _read(self, location: str, address: Address) -> Mapping[str, str]:
        """Return what the description tells of the device; {} if it cannot be read, or is none."""
        parts = urlsplit(location)
        if parts.scheme != "http":
            return {}
        path = f"{parts.path or '/'}?{parts.query}"
        io = Upnp(_NOBODY, UpnpOptions(description=path, limit=MAX_DESCRIPTION))
        try:
            async with asyncio.timeout(DESCRIPTION_TIMEOUT), self._slots:
                await io.open(address)
                told = await io.description()
        except (EdgeError, TimeoutError) as err:
            _LOGGER.debug("no description at %s: %s", location, err)
            return {}
        finally:
            await io.close()
        return {k[:MAX_FIELD]: v[:MAX_FIELD] for k, v in islice(told.items(), MAX_FIELDS)}


_NOBODY = Link(lambda _: None, lambda _: None)


def parse_answer(datagram: bytes) -> dict[str, str]:
    """Return the headers of an answer to a search, by lower-case name; {} if it is none."""
    first, *lines = datagram.decode(errors="replace").split("\n")
    if first.split()[:2] not in (["HTTP/1.1", "200"], ["HTTP/1.0", "200"]):
        return {}
    parts = (line.partition(":") for line in lines[:MAX_FIELDS])
    return {k.strip().lower(): v.strip()[:MAX_HEADER] for k, colon, v in parts if colon}


def answered_from(location: str, sender: str, own: Collection[str] = ()) -> Address | None:
    """Return the address in LOCATION, if it is the sender's.

    Nobody shall send us to any place they like, where a request may do something. What comes
    from this very machine, of the addresses `own`, may be at another address of it.
    """
    address = location_address(location)
    if address is None or urlsplit(location).scheme in {"", "https"}:
        return None
    host = ip_address(address.host)
    if ip_address(sender).is_loopback:
        return address if host.is_loopback else None
    near = sender in own and host in ip_network(f"{sender}/24", strict=False)
    return address if near or address.host == sender else None
