"""What looks for devices: our own listeners and searches, beside the manifest's matchers.

The manifest brings discovery cards. What it cannot say is done here, from the first sighting or
entry on: known devices wake at once at every announcement, also one that repeats itself, and
devices that answer only a search or a probe of their own are asked.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv4Interface
from typing import Any

from homeassistant.components import network, ssdp, zeroconf
from homeassistant.components.network.models import IPv4ConfiguredAddress
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo

from lan_edge import Candidate, Sighting, Ssdp, UdpProbe, ssdp_search, udp_probe

from ..const import DOMAIN, SIGNAL_LOST
from ..runtime import async_domain_data, domain_data
from .listeners import MdnsListener, interfaces, listen_ssdp, mdns_types
from .sightings import (
    MAX_LATEST,
    mdns_sighting,
    route,
    route_or_show,
    ssdp_sighting,
)

SEARCH_INTERVAL = timedelta(minutes=10)
LOST_SEARCHES = (5.0, 30.0, 120.0)
"""Seconds after the loss of a device in which it is searched for, beside the usual times."""
MAX_FOUND = 100
"""Devices that one search lists, which goes to the browser twice a second: nobody reads more."""
MDNS_WAIT = 2.0
"""Seconds that mDNS services have to answer."""

type Sighted = Callable[[Sighting], None]


async def async_start_discovery(hass: HomeAssistant) -> None:
    """Listen and search until Home Assistant stops; more calls change nothing."""
    data = await async_domain_data(hass)
    if data.is_discovering:
        return
    data.is_discovering = True
    listener = MdnsListener(hass)
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    shared.async_add_listener(listener, None)
    advertisements = await listen_ssdp(hass)

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
    await async_domain_data(hass)  # the first device of all may be looked for

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
    sighted = partial(route_or_show, hass)
    await asyncio.gather(_search_ssdp(hass, sighted), _probe(hass, sighted))


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
    matchers = domain_data(hass).registry.matchers(UdpProbe)
    await udp_probe(matchers, adapters, on_sighting=sighted)


async def _search_ssdp(hass: HomeAssistant, sighted: Sighted) -> None:
    """Send the searches that Home Assistant does not."""
    own = await interfaces(hass)
    targets: dict[int, set[str]] = {}
    for matcher in domain_data(hass).registry.matchers(Ssdp):
        if matcher.search:
            targets.setdefault(matcher.search_port, set()).add(matcher.target)
    searches = (ssdp_search(t, own, on_sighting=sighted, port=port) for port, t in targets.items())
    await asyncio.gather(*searches)


async def _known_ssdp(hass: HomeAssistant, sighted: Sighted) -> None:
    """Tell what Home Assistant's own SSDP searches have found."""
    for target in {m.target for m in domain_data(hass).registry.matchers(Ssdp)}:
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

        browser = AsyncServiceBrowser(
            shared, mdns_types(domain_data(hass).registry), handlers=[appeared]
        )
        try:
            await asyncio.sleep(MDNS_WAIT)
        finally:
            await browser.async_cancel()
