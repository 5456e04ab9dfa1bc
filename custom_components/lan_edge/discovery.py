"""Sightings in Home Assistant: from its own listeners and ours, to the devices they are of.

The manifest brings discovery cards. What it cannot say is done here, from the first entry on:
known devices wake at once at every announcement, also one that repeats itself, and devices that
answer only a search of their own are searched for.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from ipaddress import ip_address
import logging
from typing import Any, cast, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import network, ssdp, zeroconf
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_NAME,
    CONF_PORT,
    CONF_UNIQUE_ID,
    EVENT_HOMEASSISTANT_STOP,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.helpers.start import async_at_started
from homeassistant.util.hass_dict import HassKey
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSAddress,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo

from .const import CONF_DRIVER, CONF_SEEN_AS, DOMAIN
from .coordinator import LanEdgeConfigEntry, address_of
from .edge import (
    Address,
    Candidate,
    Matcher,
    Mdns,
    Sighting,
    Ssdp,
    location_address,
    match,
    registered,
    search,
)

_LOGGER = logging.getLogger(__name__)

SEARCH_INTERVAL = timedelta(minutes=10)
MDNS_WAIT = 2.0
"""Seconds that mDNS services have to answer."""
MAX_LATEST = 256

LATEST: HassKey[dict[str, Candidate]] = HassKey(f"{DOMAIN}_latest")
"""The newest sighting of each device that has no entry, for its discovery card."""

type Sighted = Callable[[Sighting], None]


# what Home Assistant and the network say, as sightings


def mdns_sighting(info: ZeroconfServiceInfo) -> Sighting:
    """Return Home Assistant's mDNS record as a sighting."""
    port = info.port or 0
    return Sighting(
        "mdns",
        info.type,
        Address(info.host, port),
        info.name.removesuffix(f".{info.type}"),
        {"txt": _texts(info.properties)},
        tuple(Address(a, port) for a in info.addresses if a != info.host),
    )


def ssdp_sighting(info: SsdpServiceInfo) -> Sighting | None:
    """Return Home Assistant's SSDP record as a sighting; None without a usable address."""
    if (address := location_address(info.ssdp_location or "")) is None:
        return None
    headers = {**_texts(info.ssdp_headers), "usn": info.ssdp_usn}
    upnp = _texts(info.upnp)
    name = upnp.get("friendlyName", "")
    return Sighting("ssdp", info.ssdp_st, address, name, {"headers": headers, "upnp": upnp})


def _announced(headers: CaseInsensitiveDict) -> Sighting | None:
    if (address := location_address(str(headers.get("location", "")))) is None:
        return None
    return Sighting("ssdp", str(headers.get("nt", "")), address, "", {"headers": _texts(headers)})


async def _described(hass: HomeAssistant, sighting: Sighting) -> Sighting:
    """Return an announcement with the description that Home Assistant has of the device."""
    udn = sighting.values["headers"].get("usn", "").partition("::")[0]
    info = await ssdp.async_get_discovery_info_by_udn_st(hass, udn, sighting.kind)
    upnp = _texts(info.upnp) if info else {}
    name, values = upnp.get("friendlyName", ""), {**sighting.values, "upnp": upnp}
    return replace(sighting, name=name, values=values)


def _texts(values: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(k).lower() if not isinstance(k, str) else k: v
        for k, v in values.items()
        if isinstance(v, str)
    }


# whose a sighting is


@callback
def known_entry(hass: HomeAssistant, found: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of the device that was sighted.

    A device that cannot tell who it is, and was added by its address, is known by that address
    until discovery sees it there, and by what discovery calls it from then on.
    """
    seen, entries = found.match, hass.config_entries.async_entries(DOMAIN)
    if seen.unique_id:
        for entry in entries:
            if seen.unique_id in {entry.unique_id, entry.data.get(CONF_SEEN_AS)}:
                return entry
    typed = entry_at(hass, found)
    if typed is None or typed.data[CONF_SEEN_AS]:
        return None
    data = {**typed.data, CONF_SEEN_AS: seen.unique_id}
    hass.config_entries.async_update_entry(typed, data=data)
    return typed


@callback
def entry_at(hass: HomeAssistant, found: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of a device of that driver whose address it is."""
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        own, seen = address_of(entry), found.match.address
        same_port = own.port == seen.port or 0 in {own.port, seen.port}
        if entry.data[CONF_DRIVER] == found.driver.id and own.host == seen.host and same_port:
            return entry
    return None


@callback
def seen_at(hass: HomeAssistant, found: Candidate) -> Candidate:
    """Return what discovery knows of a device that was found by its address."""
    for other in hass.data.get(LATEST, {}).values():
        if other.driver is found.driver and other.match.address == found.match.address:
            return other
    return found


@callback
def tell_device(entry: LanEdgeConfigEntry, found: Candidate) -> None:
    """Let a loaded entry's connection know where its device was seen."""
    if entry.state is ConfigEntryState.LOADED and entry.data[CONF_DRIVER] == found.driver.id:
        seen = found.match
        entry.runtime_data.device.connection.sighted(seen.address, *seen.others)


@callback
def route(hass: HomeAssistant, sighting: Sighting) -> list[Candidate]:
    """Tell the devices that a sighting is of; return the candidates that are new."""
    new: list[Candidate] = []
    for found in match(sighting):
        if (entry := known_entry(hass, found)) is not None:
            tell_device(entry, found)
        else:
            remember(hass, found)
            new.append(found)
    return new


@callback
def _wake(hass: HomeAssistant, usn: str) -> None:
    """Have a device try again that said anything at all by SSDP."""
    uuid = usn.partition("::")[0].removeprefix("uuid:")
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, uuid)
    if entry is not None and entry.state is ConfigEntryState.LOADED:
        device = cast("LanEdgeConfigEntry", entry).runtime_data.device
        if not device.available:
            device.connection.retry()


@callback
def remember(hass: HomeAssistant, found: Candidate) -> None:
    """Keep the newest sighting of a device without entry."""
    if unique_id := found.match.unique_id:
        latest = hass.data.setdefault(LATEST, {})
        known = latest.pop(unique_id, found).match
        name = found.match.name or known.name  # an announcement alone has no name
        latest[unique_id] = replace(found, match=replace(found.match, name=name))
        while len(latest) > MAX_LATEST:
            del latest[next(iter(latest))]


# what runs


async def async_start_discovery(hass: HomeAssistant) -> None:
    """Listen and search until Home Assistant stops."""
    listener = _MdnsListener(hass)
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    shared.async_add_listener(listener, None)
    advertisements = await _listen_ssdp(hass)

    @callback
    def search_now(_now: datetime | HomeAssistant) -> None:
        hass.async_create_background_task(async_search(hass), f"{DOMAIN} search")

    @callback
    def removed(change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        if change is ConfigEntryChange.REMOVED and entry.domain == DOMAIN:
            search_now(hass)

    async def stop(_event: Event) -> None:
        shared.async_remove_listener(listener)
        for each in advertisements:
            await each.async_stop()

    async_at_started(hass, search_now)
    async_track_time_interval(hass, search_now, SEARCH_INTERVAL, cancel_on_shutdown=True)
    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, removed)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


async def async_search_all(hass: HomeAssistant, found: dict[str, Candidate]) -> None:
    """Look for everything the drivers know, now; put what has no entry into `found`."""

    @callback
    def sighted(sighting: Sighting) -> None:
        found.update({c.match.unique_id: c for c in route(hass, sighting) if c.match.unique_id})

    await asyncio.gather(
        _search_ssdp(hass, sighted), _known_ssdp(hass, sighted), _search_mdns(hass, sighted)
    )


async def async_search(hass: HomeAssistant) -> None:
    """Search for devices that answer only that; make cards of new ones."""

    @callback
    def sighted(sighting: Sighting) -> None:
        for found in route(hass, sighting):
            _create_card(hass, found)

    await _search_ssdp(hass, sighted)


async def _search_ssdp(hass: HomeAssistant, sighted: Sighted) -> None:
    """Send the searches that Home Assistant does not."""
    interfaces = await _interfaces(hass)
    targets: dict[int, set[str]] = {}
    for matcher in _ssdp():
        if matcher.search:
            targets.setdefault(matcher.search_port, set()).add(matcher.target)
    searches = (search(t, interfaces, found=sighted, port=port) for port, t in targets.items())
    await asyncio.gather(*searches)


async def _known_ssdp(hass: HomeAssistant, sighted: Sighted) -> None:
    """Tell what Home Assistant's own SSDP searches have found."""
    for target in {m.target for m in _ssdp()}:
        for info in await ssdp.async_get_discovery_info_by_st(hass, target):
            if (sighting := ssdp_sighting(info)) is not None:
                sighted(sighting)


async def _search_mdns(hass: HomeAssistant, sighted: Sighted) -> None:
    """Ask for our mDNS services; what Home Assistant has heard of them is told too."""
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf

    async def resolve(type_: str, name: str) -> None:
        info = AsyncServiceInfo(type_, name)
        if await info.async_request(shared, MDNS_WAIT * 1000):
            known = zeroconf.info_from_service(info)
            if known is not None:
                sighted(mdns_sighting(known))

    async with asyncio.TaskGroup() as group:

        def appeared(service_type: str, name: str, **_: Any) -> None:
            group.create_task(resolve(service_type, name))

        browser = AsyncServiceBrowser(shared, _mdns_types(), handlers=[appeared])
        try:
            await asyncio.sleep(MDNS_WAIT)
        finally:
            await browser.async_cancel()


def _mdns_types() -> list[str]:
    return sorted({m.type for m in _matchers() if isinstance(m, Mdns)})


def _ssdp() -> list[Ssdp]:
    return [m for m in _matchers() if isinstance(m, Ssdp)]


def _matchers() -> list[Matcher]:
    return [m for driver in registered().values() for m in driver.discovery]


@callback
def _create_card(hass: HomeAssistant, found: Candidate) -> None:
    seen = found.match
    data = {
        CONF_DRIVER: found.driver.id,
        CONF_UNIQUE_ID: seen.unique_id,
        CONF_HOST: seen.address.host,
        CONF_PORT: seen.address.port,
        CONF_NAME: seen.name,
    }
    discovery_flow.async_create_flow(
        hass,
        DOMAIN,
        {"source": SOURCE_INTEGRATION_DISCOVERY},
        data,
        discovery_key=DiscoveryKey(domain=DOMAIN, key=seen.unique_id, version=1),
    )


async def _interfaces(hass: HomeAssistant) -> list[str]:
    sources = await network.async_get_enabled_source_ips(hass)
    return [str(ip) for ip in sources if ip.version == 4 and not ip.is_loopback]  # noqa: PLR2004


async def _listen_ssdp(hass: HomeAssistant) -> list[SsdpAdvertisementListener]:
    """Hear every announcement; Home Assistant's own listener passes on only changes."""

    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := _announced(headers)) is None:
            return
        _wake(hass, str(headers.get("usn", "")))
        if any(fnmatchcase(sighting.kind, m.target) for m in _ssdp()):
            route(hass, sighting if match(sighting) else await _described(hass, sighting))

    started: list[SsdpAdvertisementListener] = []
    for source in await _interfaces(hass):
        listener = SsdpAdvertisementListener(async_on_alive=alive, source=(source, 0))
        try:
            await listener.async_start()
        except OSError as err:
            _LOGGER.info("No SSDP announcements on %s: %s", source, err)
        else:
            started.append(listener)
    return started


class _MdnsListener(RecordUpdateListener):
    """Hears every record of our services, also one that only repeats what is known."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._types = {f".{t.lower()}": t for t in _mdns_types()}
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
            info = ServiceInfo(type_, name)
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
