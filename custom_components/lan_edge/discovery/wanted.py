"""Devices that are not where they were announced, or were announced at too many addresses.

Anybody can announce a device anywhere, as often as they like. An answer to a question that has just
been sent to everybody comes from the address of its sender, unless somebody forges that. One search
is for all devices that are wanted.
"""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import partial
from random import sample
import socket
from typing import Any, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Mdns, Sighting, Ssdp

from ..const import DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..runtime import async_source_addresses, domain_data
from . import asking
from .asking import MdnsAsker
from .entries import ids_of, is_driven_by
from .search import async_probe, async_search_ssdp

WANTED_INTERVAL = 10.0
"""Seconds between the beginnings of two searches."""
MDNS_GROUP = "224.0.0.251"
MDNS_HOPS = 255
MAX_ANSWERING = 256
"""Hosts whose answers by mDNS are read."""
MAX_SIGHTINGS = 1024
"""Answers that are used, by all protocols together."""


@callback
def watch_wanted(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Search for an entry's device whenever that is needed."""

    @callback
    def search() -> None:
        wanted = domain_data(hass).wanted
        if not wanted:
            hass.async_create_background_task(_async_search(hass), f"{DOMAIN} wanted devices")
        wanted.add(entry.entry_id)

    entry.runtime_data.device.connection.sightings.on_search_needed = search


async def _async_search(hass: HomeAssistant) -> None:
    """Search for all devices that are wanted, once the last search is long enough ago."""
    data = domain_data(hass)
    try:
        await asyncio.sleep(data.searched_at + WANTED_INTERVAL - hass.loop.time())
        data.searched_at = hass.loop.time()
        sightings = await async_ask_everybody(hass)
    finally:
        wanted, data.wanted = data.wanted, set()
    for entry in map(hass.config_entries.async_get_entry, wanted):
        if entry is not None and entry.state is ConfigEntryState.LOADED:
            _report(hass, entry, sightings)


@callback
def _report(hass: HomeAssistant, entry: LanEdgeConfigEntry, sightings: Iterable[Sighting]) -> None:
    """Tell the device of an entry where it answered; of too many answers, any may be the true."""
    registry, ids = domain_data(hass).registry, ids_of(entry)
    found = {
        candidate.match.address
        for sighting in sightings
        for candidate in registry.match(sighting)
        if candidate.match.unique_id in ids and is_driven_by(hass, entry, candidate.driver.id)
    }
    chosen = sample(sorted(found, key=str), len(found))
    entry.runtime_data.device.connection.sightings.found(*chosen)


async def async_ask_everybody(hass: HomeAssistant) -> list[Sighting]:
    """Return what everybody on all networks answers now, by all ways of discovery."""
    registry = domain_data(hass).registry
    found: list[Sighting] = []

    @callback
    def keep(sighting: Sighting) -> None:
        if len(found) < MAX_SIGHTINGS:
            found.append(sighting)

    types = {matcher.type for matcher in registry.matchers(Mdns)}
    *_, answers = await asyncio.gather(
        async_search_ssdp(hass, keep, (m for m in registry.matchers(Ssdp) if "*" not in m.target)),
        async_probe(hass, keep),
        _ask_all_by_mdns(await async_source_addresses(hass), types),
    )
    return [*found, *answers]


async def _ask_all_by_mdns(interfaces: Iterable[str], types: Collection[str]) -> list[Sighting]:
    """Ask all hosts by mDNS; what one of them answers counts at its own address only."""
    search = _MdnsSearch(types)
    sockets: list[asyncio.DatagramTransport] = []
    try:
        for interface in interfaces:
            with suppress(OSError):
                sockets.append(await _open(search, interface))
        for _ in range(int(asking.ASK_TIMEOUT / asking.ASK_AGAIN)):
            for each in sockets:
                search.ask(each)
            await asyncio.sleep(asking.ASK_AGAIN)
    finally:
        for each in sockets:
            each.close()
    return search.sightings()


async def _open(search: _MdnsSearch, interface: str) -> asyncio.DatagramTransport:
    """Return a socket for questions to all hosts on the network of an interface."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, MDNS_HOPS)
        opened.bind((interface, 0))
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: search, sock=opened)
    except BaseException:
        opened.close()
        raise
    return transport


class _MdnsSearch(asyncio.DatagramProtocol):
    """Keeps the answers of each host apart."""

    def __init__(self, types: Collection[str]) -> None:
        self._types = types
        self._by_host: dict[str, MdnsAsker] = {}

    def ask(self, transport: asyncio.DatagramTransport) -> None:
        """Ask everybody for services; ask who has named some for their details."""
        MdnsAsker(self._types).ask(partial(transport.sendto, addr=(MDNS_GROUP, asking.MDNS_PORT)))
        for host, asker in self._by_host.items():
            if not asker.answered.is_set():
                asker.ask(partial(transport.sendto, addr=(host, asking.MDNS_PORT)))

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        host = str(addr[0])
        if host in self._by_host or len(self._by_host) < MAX_ANSWERING:
            self._by_host.setdefault(host, MdnsAsker(self._types)).datagram_received(data, addr)

    def sightings(self) -> list[Sighting]:
        """Return the services as sightings at the hosts that named them."""
        return [each for host, asker in self._by_host.items() for each in asker.sightings(host)]
