"""What looks for devices: our own listeners and searches, beside the manifest's matchers.

The manifest brings discovery cards. What it cannot say is done here, from the first sighting or
entry on: known devices wake at once at every announcement, also one that repeats itself, and
devices that answer only a search or a probe of their own are asked.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from ipaddress import IPv4Interface, ip_address
import logging
from typing import Any, cast, override

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import network, ssdp, zeroconf
from homeassistant.components.network.models import IPv4ConfiguredAddress
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_NAME,
    CONF_PORT,
    CONF_UNIQUE_ID,
    EVENT_HOMEASSISTANT_STOP,
)
from homeassistant.core import Event, HassJob, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util.hass_dict import HassKey
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    BadTypeInNameException,
    DNSAddress,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo

from .const import CONF_DRIVER, DOMAIN, SIGNAL_LOST
from .edge import Candidate, Matcher, Mdns, Sighting, Ssdp, match, probe, registered, search
from .sightings import (
    MAX_LATEST,
    announced,
    described,
    doubt,
    mdns_sighting,
    route,
    ssdp_sighting,
    wake,
)

_LOGGER = logging.getLogger(__name__)

SEARCH_INTERVAL = timedelta(minutes=10)
SSDP_GROUP = "239.255.255.250"
SSDP_PORT = 1900
LOST_SEARCHES = (5.0, 30.0, 120.0)
"""Seconds after the loss of a device in which it is searched for, beside the usual times."""
MAX_FOUND = 100
"""Devices that one search lists, which goes to the browser twice a second: nobody reads more."""
MDNS_WAIT = 2.0
"""Seconds that mDNS services have to answer."""
_RUNNING: HassKey[bool] = HassKey(f"{DOMAIN}_discovery")

type Sighted = Callable[[Sighting], None]


async def async_start_discovery(hass: HomeAssistant) -> None:
    """Listen and search until Home Assistant stops; more calls change nothing."""
    if hass.data.setdefault(_RUNNING, False):
        return
    hass.data[_RUNNING] = True
    listener = _MdnsListener(hass)
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    shared.async_add_listener(listener, None)
    advertisements = await _listen_ssdp(hass)

    search_now = _Searches(hass).now

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
    _search_after_losses(hass, search_now)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


@callback
def _search_after_losses(hass: HomeAssistant, search_now: Callable[[datetime], None]) -> None:
    """Look where a device that does not announce itself may have gone."""
    due: set[float] = set()

    @callback
    def lost() -> None:
        for delay in set(LOST_SEARCHES) - due:
            due.add(delay)
            job = HassJob(partial(again, delay), cancel_on_shutdown=True)
            async_call_later(hass, delay, job)

    @callback
    def again(delay: float, now: datetime) -> None:
        due.discard(delay)
        search_now(now)

    async_dispatcher_connect(hass, SIGNAL_LOST, lost)


class _Searches:
    """Searches one at a time: all that is asked for during one is one more."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._wanted = self._running = False

    @callback
    def now(self, _now: datetime | HomeAssistant) -> None:
        self._wanted = True
        if not self._running:
            self._running = True
            self._hass.async_create_background_task(self._search(), f"{DOMAIN} search")

    async def _search(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                await async_search(self._hass)
        finally:
            self._running = False


async def async_search_all(hass: HomeAssistant, found: dict[str, Candidate]) -> None:
    """Look for everything the drivers know, now; put what has no entry into `found`."""

    @callback
    def sighted(sighting: Sighting) -> None:
        for each in route(hass, sighting):
            its_id = each.match.unique_id
            if its_id and (its_id in found or len(found) < MAX_FOUND):
                found[its_id] = each

    await asyncio.gather(
        _search_ssdp(hass, sighted),
        _known_ssdp(hass, sighted),
        _search_mdns(hass, sighted),
        _probe(hass, sighted),
    )


async def async_search(hass: HomeAssistant) -> None:
    """Search for devices that answer only that; make cards of new ones."""
    # Home Assistant remembers its adapters; 2026.11 and newer can be told to look again
    if (reload := getattr(network, "async_reload_adapters", None)) is not None:
        await reload(hass)
    sighted = partial(_route_or_show, hass)
    await asyncio.gather(_search_ssdp(hass, sighted), _probe(hass, sighted))


@callback
def _route_or_show(hass: HomeAssistant, sighting: Sighting) -> None:
    """Tell the devices that a sighting is of; make cards of new ones."""
    for found in route(hass, sighting):
        _create_card(hass, found)


def _interface(told: IPv4ConfiguredAddress) -> IPv4Interface:
    return IPv4Interface(f"{told['address']}/{told['network_prefix']}")


async def _probe(hass: HomeAssistant, sighted: Sighted) -> None:
    """Ask everybody on our networks the drivers' own questions."""
    adapters = [
        (str(interface.ip), str(interface.network.broadcast_address))
        for adapter in await network.async_get_adapters(hass)
        if adapter["enabled"]
        for interface in map(_interface, adapter["ipv4"])
        if not interface.is_loopback
    ]
    await probe(adapters, found=sighted)


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
        known = await ssdp.async_get_discovery_info_by_st(hass, target)
        for info in known[:MAX_LATEST]:  # Home Assistant remembers whatever was announced
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
        "manufacturer": seen.manufacturer,
        "model": seen.model,
        "fields": dict(seen.fields),
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
        if (sighting := announced(headers)) is None:
            return
        wake(hass, str(headers.get("usn", "")))
        if any(fnmatchcase(sighting.kind, m.target) for m in _ssdp()):
            route(hass, sighting if match(sighting) else await described(hass, sighting))

    @callback
    def gone(headers: CaseInsensitiveDict) -> None:
        doubt(hass, str(headers.get("usn", "")))

    started: list[SsdpAdvertisementListener] = []
    for source in await _interfaces(hass):
        listener = SsdpAdvertisementListener(
            async_on_alive=alive, on_byebye=gone, source=(source, 0)
        )
        started += await _started(listener)
        for port, target in _own_ports():
            listener = _own_listener(hass, source, port, target)
            started += await _started(listener)
    return started


def _own_ports() -> set[tuple[int, str]]:
    """Return where relatives of SSDP announce themselves, and the target they stand for."""
    return {(m.search_port, m.target) for m in _ssdp() if m.search_port != SSDP_PORT}


def _own_listener(
    hass: HomeAssistant, source: str, port: int, target: str
) -> SsdpAdvertisementListener:
    async def alive(headers: CaseInsensitiveDict) -> None:
        if (sighting := announced(headers)) is not None:
            # Home Assistant does not listen there, so no card comes from it
            _route_or_show(hass, replace(sighting, kind=target))

    group = (SSDP_GROUP, port)
    return SsdpAdvertisementListener(async_on_alive=alive, source=(source, 0), target=group)


async def _started(listener: SsdpAdvertisementListener) -> Iterable[SsdpAdvertisementListener]:
    try:
        await listener.async_start()
    except OSError as err:
        _LOGGER.info("No SSDP announcements on %s: %s", listener.source[0], err)
        return ()
    return (listener,)


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
