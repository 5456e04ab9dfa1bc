"""Sightings in Home Assistant: from its own listeners and ours, to the devices they are of.

The manifest brings discovery cards. What it cannot say is done here, from the first entry on:
known devices wake at once at every announcement, also one that repeats itself, and devices that
answer only a search of their own are searched for.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
import logging
from typing import Any, cast, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import network, ssdp, zeroconf
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.helpers.start import async_at_started
from homeassistant.util.hass_dict import HassKey
from zeroconf import RecordUpdate, RecordUpdateListener, ServiceInfo, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser

from .const import CONF_SEEN_AS, DOMAIN
from .coordinator import LanEdgeConfigEntry
from .edge import (
    Address,
    Candidate,
    Match,
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
TYPE_SRV = 33
"""RFC 2782: the record that says where an instance of a service is."""

LATEST: HassKey[dict[str, Candidate]] = HassKey(f"{DOMAIN}_latest")
"""The newest sighting of each device that has no entry, for its discovery card."""


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


def _texts(values: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(k).lower() if not isinstance(k, str) else k: v
        for k, v in values.items()
        if isinstance(v, str)
    }


# whose a sighting is


@callback
def known_entry(hass: HomeAssistant, found: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of the device that was sighted."""
    entries = hass.config_entries.async_entries(DOMAIN)
    if unique_id := found.match.unique_id:
        for entry in entries:
            if unique_id in {entry.unique_id, entry.data.get(CONF_SEEN_AS)}:
                return entry
    return None


@callback
def tell_device(entry: LanEdgeConfigEntry, found: Match) -> None:
    """Let a loaded entry's connection know where its device was seen."""
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.device.connection.sighted(found.address, *found.others)


@callback
def route(hass: HomeAssistant, sighting: Sighting) -> list[Candidate]:
    """Tell the devices that a sighting is of; return the candidates that are new."""
    new: list[Candidate] = []
    for found in match(sighting):
        if (entry := known_entry(hass, found)) is not None:
            tell_device(entry, found.match)
        else:
            remember(hass, found)
            new.append(found)
    return new


@callback
def remember(hass: HomeAssistant, found: Candidate) -> None:
    """Keep the newest sighting of a device without entry."""
    latest = hass.data.setdefault(LATEST, {})
    latest.pop(found.match.unique_id, None)
    latest[found.match.unique_id] = found
    while len(latest) > MAX_LATEST:
        del latest[next(iter(latest))]


# what runs


async def async_start_discovery(hass: HomeAssistant) -> None:
    """Listen and search until Home Assistant stops."""
    listener = _MdnsListener(hass)
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    shared.async_add_listener(listener, None)
    advertisements = await _listen_ssdp(hass)

    async def search_now(_now: datetime | HomeAssistant) -> None:
        await async_search(hass)

    async def stop(_event: Event) -> None:
        shared.async_remove_listener(listener)
        for each in advertisements:
            await each.async_stop()

    async_at_started(hass, search_now)
    async_track_time_interval(hass, search_now, SEARCH_INTERVAL, cancel_on_shutdown=True)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


async def async_search_all(hass: HomeAssistant) -> list[Candidate]:
    """Look for everything the drivers know, now; return what has no entry."""
    await async_search(hass)
    for driver in registered().values():
        for matcher in driver.discovery:
            if isinstance(matcher, Ssdp):
                for info in await ssdp.async_get_discovery_info_by_st(hass, matcher.target):
                    if (sighting := ssdp_sighting(info)) is not None:
                        route(hass, sighting)
    await _ask_mdns(hass)
    latest = hass.data.get(LATEST, {}).values()
    return [c for c in latest if c.match.unique_id and known_entry(hass, c) is None]


async def _ask_mdns(hass: HomeAssistant) -> None:
    """Have every mDNS service of our types announce itself again; our listener hears it."""
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    browser = AsyncServiceBrowser(shared, _mdns_types(), handlers=[_nothing])
    await asyncio.sleep(MDNS_WAIT)
    await browser.async_cancel()


def _nothing(**_what: Any) -> None:
    """Leave the news to the listener."""


def _mdns_types() -> list[str]:
    matchers = [m for driver in registered().values() for m in driver.discovery]
    return sorted({m.type for m in matchers if isinstance(m, Mdns)})


async def async_search(hass: HomeAssistant) -> list[Candidate]:
    """Search for devices that answer only that; make cards of new ones and return them."""
    targets = {
        m.target
        for driver in registered().values()
        for m in driver.discovery
        if isinstance(m, Ssdp) and m.search
    }
    if not targets:
        return []
    new: list[Candidate] = []
    for sighting in await search(sorted(targets), await _interfaces(hass)):
        new += route(hass, sighting)
    for found in new:
        _create_card(hass, found)
    return new


@callback
def _create_card(hass: HomeAssistant, found: Candidate) -> None:
    data = {
        "driver": found.driver.id,
        "unique_id": found.match.unique_id,
        "host": found.match.address.host,
        "port": found.match.address.port,
        "name": found.match.name,
    }
    discovery_flow.async_create_flow(
        hass,
        DOMAIN,
        {"source": SOURCE_INTEGRATION_DISCOVERY},
        data,
        discovery_key=DiscoveryKey(domain=DOMAIN, key=found.match.unique_id, version=1),
    )


async def _interfaces(hass: HomeAssistant) -> list[str]:
    sources = await network.async_get_enabled_source_ips(hass)
    return [str(ip) for ip in sources if ip.version == 4 and not ip.is_loopback]  # noqa: PLR2004


async def _listen_ssdp(hass: HomeAssistant) -> list[SsdpAdvertisementListener]:
    """Hear every announcement; Home Assistant's own listener passes on only changes."""

    @callback
    def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := _announced(headers)) is not None:
            route(hass, sighting)

    started: list[SsdpAdvertisementListener] = []
    for source in await _interfaces(hass):
        listener = SsdpAdvertisementListener(on_alive=alive, source=(source, 0))
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
        self._seen: set[tuple[str, str]] = set()
        self._types = {t.lower(): t for t in _mdns_types()}

    @override
    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        for record in records:
            if record.new.type == TYPE_SRV:
                type_ = self._types.get(record.new.key.partition(".")[2])
                if type_ is not None and not record.new.is_expired(now):
                    self._seen.add((type_, record.new.name))
        self._zeroconf = zc

    @override
    def async_update_records_complete(self) -> None:
        seen, self._seen = self._seen, set()
        for type_, name in seen:
            info = ServiceInfo(type_, name)
            if info.load_from_cache(self._zeroconf):
                self._route(info)

    def _route(self, info: ServiceInfo) -> None:
        found = zeroconf.info_from_service(cast("Any", info))
        if found is not None:
            route(self._hass, mdns_sighting(found))
