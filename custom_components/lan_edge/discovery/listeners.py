"""Listeners for every mDNS and SSDP announcement, including those that only repeat known data."""

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from ipaddress import ip_address
import logging
from typing import Any, cast, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.ssdp import SSDP_IP_V4, SSDP_PORT
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import zeroconf
from homeassistant.core import HomeAssistant, callback
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSAddress,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)

from lan_edge import Mdns, Registry, Ssdp

from ..runtime import async_source_addresses, domain_data
from .mdns_services import service_info
from .routing import handle_announcement, handle_goodbye, route, route_or_offer
from .sightings import announcement_sighting, async_add_description, mdns_sighting

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
        started += await _async_start(listener)
        for port, target in _custom_ports(registry):
            listener = _custom_listener(hass, address, port, target)
            started += await _async_start(listener)
    return started


def _custom_ports(registry: Registry) -> set[tuple[int, str]]:
    """Return the ports of protocols that are like SSDP, each with the target of its matcher."""
    return {
        (m.search_port, m.target) for m in registry.matchers(Ssdp) if m.search_port != SSDP_PORT
    }


def _custom_listener(
    hass: HomeAssistant, address: str, port: int, target: str
) -> SsdpAdvertisementListener:
    hosts = domain_data(hass).registry.hosts

    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announcement_sighting(headers, hosts.own)) is not None:
            # Home Assistant does not listen there, so it starts no discovery flow.
            route_or_offer(hass, replace(sighting, kind=target))

    group = (SSDP_IP_V4, port)
    return SsdpAdvertisementListener(async_on_alive=alive, source=(address, 0), target=group)


async def _async_start(listener: SsdpAdvertisementListener) -> Iterable[SsdpAdvertisementListener]:
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
        self._types = {f".{t.lower()}": t for t in mdns_types(domain_data(hass).registry)}
        self._servers: dict[str, tuple[str, str]] = {}
        """Type and name of the service that was announced for a host name."""
        self._services: set[tuple[str, str]] = set()
        """Type and name of the services in this packet."""
        self._addresses: dict[str, list[str]] = {}
        """The addresses of each host name in this packet."""

    @override
    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        self._zeroconf = zc
        for record in (r.new for r in records if not r.new.is_expired(now)):
            if isinstance(record, DNSService):
                for type_ in (t for s, t in self._types.items() if record.key.endswith(s)):
                    self._services.add((type_, record.name))
                    self._servers[record.server_key] = (type_, record.name)
            elif isinstance(record, DNSAddress):
                address = str(ip_address(record.address))
                self._addresses.setdefault(record.key, []).append(address)

    @override
    def async_update_records_complete(self) -> None:
        services, self._services = self._services, set()
        addresses, self._addresses = self._addresses, {}
        services |= {self._servers[server] for server in addresses if server in self._servers}
        while len(self._servers) > MAX_SERVERS:
            del self._servers[next(iter(self._servers))]
        for type_, name in services:
            info = service_info(type_, name)
            if info is not None and info.load_from_cache(self._zeroconf):
                self._route(info, addresses.get(info.server_key or "", []))

    def _route(self, info: ServiceInfo, addresses: list[str]) -> None:
        """Route a service with only the `addresses` in this packet: the cache also has old ones."""
        discovered = zeroconf.info_from_service(cast("Any", info))
        if discovered is None:
            return
        sighting = mdns_sighting(discovered)
        fresh = [a for a in (sighting.address, *sighting.others) if a.host in addresses]
        if fresh:
            sighting = replace(sighting, address=fresh[0], others=tuple(fresh[1:]))
        route(self._hass, sighting)
