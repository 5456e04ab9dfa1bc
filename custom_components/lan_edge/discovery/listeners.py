"""What is heard without asking: every announcement by mDNS and SSDP, repeated ones too."""

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from ipaddress import ip_address
import logging
from typing import Any, cast, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import network, zeroconf
from homeassistant.core import HomeAssistant, callback
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    BadTypeInNameException,
    DNSAddress,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)

from lan_edge import Mdns, Registry, Ssdp

from ..runtime import domain_data
from .sightings import (
    MAX_LATEST,
    announced,
    described,
    doubt,
    mdns_sighting,
    route,
    route_or_show,
    wake,
)

_LOGGER = logging.getLogger(__name__)

SSDP_GROUP = "239.255.255.250"
SSDP_PORT = 1900


def mdns_types(registry: Registry) -> list[str]:
    """Return the mDNS types that the drivers know."""
    return sorted({m.type for m in registry.matchers(Mdns)})


async def interfaces(hass: HomeAssistant) -> list[str]:
    """Return our own IPv4 addresses, one for each network."""
    sources = await network.async_get_enabled_source_ips(hass)
    return [str(ip) for ip in sources if ip.version == 4 and not ip.is_loopback]  # noqa: PLR2004


async def listen_ssdp(hass: HomeAssistant) -> list[SsdpAdvertisementListener]:
    """Hear every announcement; Home Assistant's own listener passes on only changes."""
    registry = domain_data(hass).registry

    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announced(headers)) is None:
            return
        wake(hass, str(headers.get("usn", "")))
        if any(fnmatchcase(sighting.kind, m.target) for m in registry.matchers(Ssdp)):
            route(hass, sighting if registry.match(sighting) else await described(hass, sighting))

    @callback
    def gone(headers: CaseInsensitiveDict) -> None:
        doubt(hass, str(headers.get("usn", "")))

    started: list[SsdpAdvertisementListener] = []
    for source in await interfaces(hass):
        listener = SsdpAdvertisementListener(
            async_on_alive=alive, on_byebye=gone, source=(source, 0)
        )
        started += await _started(listener)
        for port, target in _own_ports(registry):
            listener = _own_listener(hass, source, port, target)
            started += await _started(listener)
    return started


def _own_ports(registry: Registry) -> set[tuple[int, str]]:
    """Return where relatives of SSDP announce themselves, and the target they stand for."""
    return {
        (m.search_port, m.target) for m in registry.matchers(Ssdp) if m.search_port != SSDP_PORT
    }


def _own_listener(
    hass: HomeAssistant, source: str, port: int, target: str
) -> SsdpAdvertisementListener:
    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announced(headers)) is not None:
            # Home Assistant does not listen there, so no card comes from it
            route_or_show(hass, replace(sighting, kind=target))

    group = (SSDP_GROUP, port)
    return SsdpAdvertisementListener(async_on_alive=alive, source=(source, 0), target=group)


async def _started(listener: SsdpAdvertisementListener) -> Iterable[SsdpAdvertisementListener]:
    try:
        await listener.async_start()
    except OSError as err:
        _LOGGER.info("No SSDP announcements on %s: %s", listener.source[0], err)
        return ()
    return (listener,)


class MdnsListener(RecordUpdateListener):
    """Hears every record of our services, also one that only repeats what is known."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Have heard nothing yet."""
        self._hass = hass
        self._types = {f".{t.lower()}": t for t in mdns_types(domain_data(hass).registry)}
        self._servers: dict[str, tuple[str, str]] = {}
        """Type and name of the service that was announced at a host name."""
        self._seen: set[tuple[str, str]] = set()
        self._hosts: dict[str, list[str]] = {}

    @override
    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        self._zeroconf = zc
        for record in (r.new for r in records if not r.new.is_expired(now)):
            if isinstance(record, DNSService):
                for type_ in (t for end, t in self._types.items() if record.key.endswith(end)):
                    self._seen.add((type_, record.name))
                    self._servers[record.server_key] = (type_, record.name)
            elif isinstance(record, DNSAddress):
                host = str(ip_address(record.address))
                self._hosts.setdefault(record.key, []).append(host)

    @override
    def async_update_records_complete(self) -> None:
        seen, self._seen = self._seen, set()
        hosts, self._hosts = self._hosts, {}
        seen |= {self._servers[server] for server in hosts if server in self._servers}
        while len(self._servers) > MAX_LATEST:
            del self._servers[next(iter(self._servers))]
        for type_, name in seen:
            try:
                info = ServiceInfo(type_, name)
            except BadTypeInNameException:
                continue  # a name that no service may have
            if info.load_from_cache(self._zeroconf):
                self._route(info, hosts.get(info.server_key or "", []))

    def _route(self, info: ServiceInfo, hosts: list[str]) -> None:
        """Take only the addresses that came just now; the cache still has the left one."""
        found = zeroconf.info_from_service(cast("Any", info))
        if found is None:
            return
        sighting = mdns_sighting(found)
        fresh = [a for a in (sighting.address, *sighting.others) if a.host in hosts]
        if fresh:
            sighting = replace(sighting, address=fresh[0], others=tuple(fresh[1:]))
        route(self._hass, sighting)
