"""Discovery beyond the manifest's matchers: our listeners and searches.

For the manifest's matchers, Home Assistant starts discovery flows. Everything else is done here,
from the first sighting or entry on: known devices are notified of every announcement, even of a
repeated one, and searches are sent for devices that do not announce themselves.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv4Interface

from homeassistant.components import network, ssdp, zeroconf
from homeassistant.components.network.models import IPv4ConfiguredAddress
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.start import async_at_started
from zeroconf.asyncio import AsyncServiceInfo

from lan_edge import (
    Candidate,
    Sighting,
    Ssdp,
    UdpProbe,
    run_in_slices,
    ssdp_search,
    udp_probe,
)

from ..const import DOMAIN, SIGNAL_LOST, SIGNAL_SEARCH
from ..driver_files.watch import async_watch_drivers
from ..runtime import (
    async_load_domain_data,
    async_source_addresses,
    async_update_hosts,
    domain_data,
)
from .beacons import async_listen_for_beacons
from .calls import async_follow_listener, async_stop_announcing, async_welcome_callers
from .controllers import controller_of
from .entry_changes import async_follow_entries
from .listeners import MdnsListener, async_listen_ssdp, mdns_types
from .live import LiveMatchers
from .mdns_services import (
    async_browse,
    async_resolve,
    latest_text,
    service_info,
    service_sighting,
)
from .new_devices import are_devices_being_asked, start_discovery_flow
from .routing import route, route_or_offer
from .sightings import ssdp_sighting

SEARCH_INTERVAL = timedelta(minutes=10)
LOST_SEARCHES = (5.0, 30.0, 120.0)
"""Seconds after the loss of a device until additional searches for it."""
MAX_TAKEN = 100
"""Devices of other integrations that a search for the user lists."""
ASKING_TIMEOUT, ASKING_CHECKS = 5.0, 20
"""Seconds that devices have to report their id during a search, and checks whether they did."""
MAX_CACHED = 256
"""Devices that are taken from Home Assistant's SSDP cache, for each target."""
MDNS_TIMEOUT = 2.0
"""Seconds that mDNS services have to answer."""
MAX_QUESTIONS = 32
"""mDNS services that a search asks for by name."""

type OnSighting = Callable[[Sighting], None]


async def async_start_discovery(hass: HomeAssistant) -> None:
    """Listen and search until Home Assistant stops; further calls have no effect."""
    data = await async_load_domain_data(hass)
    if data.is_discovering:
        return
    data.is_discovering = True
    listener = MdnsListener(hass)
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    shared.async_add_listener(listener, None)
    ssdp_listeners = await async_listen_ssdp(hass)
    live = LiveMatchers(hass, listener, shared)
    await live.follow()

    search_now = _SearchRunner(hass).search_now
    changed = partial(live.changed, search_now)
    end_following = data.registry.subscribe(changed)
    end_announcing = async_follow_listener(hass)

    @callback
    def renew(_hass: HomeAssistant | None = None) -> None:
        live.renew(search_now)  # now everything that Home Assistant listens with is there

    async def stop(_event: Event) -> None:
        end_following()
        end_announcing()
        await live.stop()
        shared.async_remove_listener(listener)
        for ssdp_listener in ssdp_listeners:
            await ssdp_listener.async_stop()
        await data.beacons.close()
        await async_stop_announcing(hass)

    async_at_started(hass, renew)
    async_track_time_interval(hass, search_now, SEARCH_INTERVAL, cancel_on_shutdown=True)
    async_follow_entries(hass, search_now)
    async_dispatcher_connect(hass, SIGNAL_SEARCH, renew)
    _search_after_losses(hass, search_now)
    async_watch_drivers(hass)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


@callback
def _search_after_losses(hass: HomeAssistant, search_now: Callable[[datetime], None]) -> None:
    """Search for lost devices, which may have moved without announcing themselves."""
    scheduled: set[float] = set()

    @callback
    def device_lost() -> None:
        for delay in set(LOST_SEARCHES) - scheduled:
            scheduled.add(delay)
            job = HassJob(partial(search, delay), cancel_on_shutdown=True)
            async_call_later(hass, delay, job)

    @callback
    def search(delay: float, now: datetime) -> None:
        scheduled.discard(delay)
        search_now(now)

    async_dispatcher_connect(hass, SIGNAL_LOST, device_lost)


class _SearchRunner:
    """Runs one search at a time; all requests during a search are served by one more."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._is_requested = self._is_running = False

    @callback
    def search_now(self, _now: datetime | HomeAssistant | None = None) -> None:
        self._is_requested = True
        if not self._is_running:
            self._is_running = True
            self._hass.async_create_background_task(self._run(), f"{DOMAIN} search")

    async def _run(self) -> None:
        try:
            while self._is_requested:
                self._is_requested = False
                await async_search(self._hass)
        finally:
            self._is_running = False


async def async_search_for_user(hass: HomeAssistant, taken: dict[Candidate, str]) -> None:
    """Search by all methods, and start discovery flows for new devices.

    Those that other integrations control are added to `taken`, with the integration's name.
    """
    await async_load_domain_data(hass)  # there may be no entry yet
    on_sighting = partial(take_sighting, hass, taken)
    await asyncio.gather(
        _async_search_ssdp(hass, on_sighting),
        _async_report_cached_ssdp(hass, on_sighting),
        _async_search_mdns(hass, on_sighting),
        async_probe(hass, on_sighting),
    )
    await _async_identified(hass)


@callback
def take_sighting(hass: HomeAssistant, taken: dict[Candidate, str], sighting: Sighting) -> None:
    """Start discovery flows for the new devices of a sighting, except for those that are taken."""
    for candidate in route(hass, sighting):
        if (integration := controller_of(hass, candidate)) is None:
            start_discovery_flow(hass, candidate)
        elif len(taken) < MAX_TAKEN:
            taken[candidate] = integration


async def _async_identified(hass: HomeAssistant) -> None:
    """Wait until the devices that do not announce an id have been asked, or do not answer."""
    for _ in range(ASKING_CHECKS):
        if not are_devices_being_asked(hass):
            break
        await asyncio.sleep(ASKING_TIMEOUT / ASKING_CHECKS)


async def async_search(hass: HomeAssistant) -> None:
    """Search for devices that only answer; start discovery flows for new ones."""
    # Home Assistant caches its network adapters; 2026.11 and newer can reload them.
    if (reload := getattr(network, "async_reload_adapters", None)) is not None:
        await reload(hass)
    await async_update_hosts(hass, domain_data(hass).registry)
    await async_listen_for_beacons(hass)
    await async_welcome_callers(hass)
    on_sighting = partial(route_or_offer, hass)
    await asyncio.gather(_async_search_ssdp(hass, on_sighting), async_probe(hass, on_sighting))


async def async_probe(hass: HomeAssistant, on_sighting: OnSighting) -> None:
    """Broadcast the drivers' UDP probes on all networks."""
    adapters = [
        (str(interface.ip), str(interface.network.broadcast_address))
        for adapter in await network.async_get_adapters(hass)
        if adapter["enabled"]
        for interface in map(_interface, adapter["ipv4"])
        if not interface.is_loopback
    ]
    matchers = domain_data(hass).registry.matchers(UdpProbe)
    await udp_probe(matchers, adapters, on_sighting=on_sighting)


def _interface(address: IPv4ConfiguredAddress) -> IPv4Interface:
    return IPv4Interface(f"{address['address']}/{address['network_prefix']}")


async def _async_search_ssdp(hass: HomeAssistant, on_sighting: OnSighting) -> None:
    """Send the SSDP searches that Home Assistant does not send."""
    matchers = domain_data(hass).registry.matchers(Ssdp)
    await async_search_ssdp(hass, on_sighting, (m for m in matchers if m.search))


async def async_search_ssdp(
    hass: HomeAssistant, on_sighting: OnSighting, matchers: Iterable[Ssdp]
) -> None:
    """Search for the targets of these matchers on all networks."""
    addresses = await async_source_addresses(hass)
    targets_by_port: dict[int, set[str]] = {}
    for matcher in matchers:
        targets_by_port.setdefault(matcher.search_port, set()).add(matcher.target)
    await asyncio.gather(
        *(
            ssdp_search(targets, addresses, on_sighting=on_sighting, port=port)
            for port, targets in targets_by_port.items()
        )
    )


async def _async_report_cached_ssdp(hass: HomeAssistant, on_sighting: OnSighting) -> None:
    """Report what Home Assistant's own SSDP searches have discovered."""
    registry = domain_data(hass).registry
    for target in {m.target for m in registry.matchers(Ssdp)}:
        cached: list[SsdpServiceInfo] = []
        with suppress(KeyError):  # anybody can have the cache fail, by headers without a location
            cached = await ssdp.async_get_discovery_info_by_st(hass, target)
        for info in cached[:MAX_CACHED]:  # any host can add to the cache
            if (sighting := ssdp_sighting(info, registry.hosts.own)) is not None:
                on_sighting(sighting)


async def _async_search_mdns(hass: HomeAssistant, on_sighting: OnSighting) -> None:
    """Browse for the drivers' mDNS services; those in Home Assistant's cache are reported, too.

    Most devices answer with all that is to be known. Of the others, only a few are asked for, as
    anybody can announce thousands of names, and each question is sent to the whole network.
    """
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    names = await async_browse(shared, mdns_types(domain_data(hass).registry), MDNS_TIMEOUT)
    incomplete: list[tuple[str, str]] = []

    def report(info: AsyncServiceInfo) -> None:
        if (sighting := service_sighting(info, latest_text(shared, info.name))) is not None:
            on_sighting(sighting)

    def report_complete() -> Iterator[object]:
        for type_, name in names:
            info = service_info(type_, name)
            if info is not None and info.load_from_cache(shared):
                report(info)
            else:
                incomplete.append((type_, name))
            yield None

    await run_in_slices(report_complete())
    questions = (async_resolve(shared, *each, MDNS_TIMEOUT) for each in incomplete[:MAX_QUESTIONS])
    for info in filter(None, await asyncio.gather(*questions)):
        report(info)
