"""Listeners for every mDNS and SSDP announcement, including those that only repeat known data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from ipaddress import ip_address
import logging
from typing import Any, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.ssdp import SSDP_IP_V4, SSDP_PORT
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSAddress,
    DNSService,
    DNSText,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo

from lan_edge import Mdns, Registry, Sighting, Ssdp

from ..const import DOMAIN
from ..runtime import async_source_addresses, domain_data
from .mdns_services import forget_services, keep_service, service_info, service_sighting
from .routing import find_known, handle_announcement, handle_goodbye, route, route_or_offer
from .sightings import announcement_sighting, async_add_description, texts_of

_LOGGER = logging.getLogger(__name__)

MAX_SERVERS = 256
"""Host names of services that are kept."""


def mdns_types(registry: Registry) -> list[str]:
    """Return the mDNS service types of all drivers."""
    return sorted({m.type for m in registry.matchers(Mdns)})


async def async_listen_ssdp(hass: HomeAssistant) -> list[SsdpAdvertisementListener]:
    """Start and return the SSDP listeners; Home Assistant's own reports only changes."""
    registry = domain_data(hass).registry

    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announcement_sighting(headers, registry.hosts.own)) is None:
            return
        handle_announcement(hass, str(headers.get("usn", "")))
        if any(fnmatchcase(sighting.kind, m.target) for m in registry.matchers(Ssdp)):
            if not registry.match(sighting):
                sighting = await async_add_description(hass, sighting)
            route(hass, sighting)

    @callback
    def gone(headers: CaseInsensitiveDict) -> None:
        handle_goodbye(hass, str(headers.get("usn", "")))

    started: list[SsdpAdvertisementListener] = []
    for address in await async_source_addresses(hass):
        listener = SsdpAdvertisementListener(
            async_on_alive=alive, on_byebye=gone, source=(address, 0)
        )
        started += await async_start_ssdp(listener)
    return started


def custom_ports(registry: Registry) -> set[tuple[int, str]]:
    """Return the ports of protocols that are like SSDP, each with the target of its matcher."""
    return {
        (m.search_port, m.target) for m in registry.matchers(Ssdp) if m.search_port != SSDP_PORT
    }


def custom_listener(
    hass: HomeAssistant, address: str, port: int, target: str
) -> SsdpAdvertisementListener:
    """Return a listener for a protocol that is like SSDP, on the network of an address."""
    hosts = domain_data(hass).registry.hosts

    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announcement_sighting(headers, hosts.own)) is not None:
            # Home Assistant does not listen there, so it starts no discovery flow.
            route_or_offer(hass, replace(sighting, kind=target))

    group = (SSDP_IP_V4, port)
    return SsdpAdvertisementListener(async_on_alive=alive, source=(address, 0), target=group)


async def async_start_ssdp(
    listener: SsdpAdvertisementListener,
) -> Iterable[SsdpAdvertisementListener]:
    """Start a listener and return it; nothing if that is not possible."""
    try:
        await listener.async_start()
    except OSError as err:
        _LOGGER.info("Cannot receive SSDP announcements on %s: %s", listener.source[0], err)
        return ()
    return (listener,)


class MdnsListener(RecordUpdateListener):
    """Routes every record of our service types, even if it only repeats known data."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen for the service types of all drivers."""
        self._hass = hass
        self._types: dict[str, str] = {}
        """The service types, by what their names end with in lower case."""
        self._servers: dict[str, tuple[str, str]] = {}
        """Type and name of the service that was announced for a host name."""
        self._services: set[tuple[str, str]] = set()
        """Type and name of the services in this packet."""
        self._addresses: dict[str, list[str]] = {}
        """The addresses of each host name in this packet."""
        self._texts: dict[str, bytes] = {}
        """The TXT record of each service in this packet, by its name in lower case."""
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        self.follow()

    @callback
    def follow(self) -> None:
        """Listen for the service types that the drivers know now."""
        types = mdns_types(domain_data(self._hass).registry)
        self._types = {f".{type_.lower()}": type_ for type_ in types}

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        """Forget the sightings of a device whose entry is removed."""
        if change is ConfigEntryChange.REMOVED and entry.domain == DOMAIN:
            forget_services(self._hass, entry.entry_id)

    @override
    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        self._zeroconf = zc
        for record in (r.new for r in records if not r.new.is_expired(now)):
            if isinstance(record, DNSService):
                for type_ in self._types_of(record.key):
                    self._services.add((type_, record.name))
                    self._servers[record.server_key] = (type_, record.name)
            elif isinstance(record, DNSText):
                for type_ in self._types_of(record.key):
                    self._services.add((type_, record.name))
                    self._texts[record.key] = record.text
            elif isinstance(record, DNSAddress):
                address = str(ip_address(record.address))
                self._addresses.setdefault(record.key, []).append(address)

    def _types_of(self, key: str) -> Iterator[str]:
        return (type_ for suffix, type_ in self._types.items() if key.endswith(suffix))

    @override
    def async_update_records_complete(self) -> None:
        services, self._services = self._services, set()
        addresses, self._addresses = self._addresses, {}
        texts, self._texts = self._texts, {}
        services |= {self._servers[server] for server in addresses if server in self._servers}
        while len(self._servers) > MAX_SERVERS:
            del self._servers[next(iter(self._servers))]
        for type_, name in services:
            self._announced(type_, name, addresses, texts.get(name.lower()))

    def _announced(
        self, type_: str, name: str, addresses: Mapping[str, list[str]], text: bytes | None
    ) -> None:
        info = service_info(type_, name)
        if info is None:
            return
        if info.load_from_cache(self._zeroconf):
            sighting = _sighting(info, addresses.get(info.server_key or "", []), text)
        else:
            sighting = self._changed(type_, name, text)
        if sighting is not None:
            self._route(name, sighting)

    def _changed(self, type_: str, name: str, text: bytes | None) -> Sighting | None:
        """Return the last sighting of a device with another TXT record.

        A device whose state is in that record sends it without its address, which is valid for two
        minutes only (RFC 6762, 10).
        """
        _, last = domain_data(self._hass).services.get(name.lower(), ("", None))
        info = service_info(type_, name, properties=text or b"")
        if last is None or text is None or info is None:
            return None
        return replace(last, values={"txt": texts_of(info.decoded_properties)})

    def _route(self, name: str, sighting: Sighting) -> None:
        route(self._hass, sighting)
        keep_service(self._hass, name, find_known(self._hass, sighting), sighting)


def _sighting(info: AsyncServiceInfo, addresses: list[str], text: bytes | None) -> Sighting | None:
    """Return a service with only the `addresses` in a packet: the cache also has old ones."""
    if (sighting := service_sighting(info, text)) is None:
        return None
    fresh = [a for a in (sighting.address, *sighting.others) if a.host in addresses]
    return replace(sighting, address=fresh[0], others=tuple(fresh[1:])) if fresh else sighting
