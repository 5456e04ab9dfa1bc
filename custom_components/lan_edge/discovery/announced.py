"""What a device has announced by mDNS, when it is connected: its driver may have its state of that.

It comes from Home Assistant's cache, and then from the device itself, which is asked: a change that
was announced while it was not connected, or that got lost, would be missing until the next one.
"""

from collections.abc import Collection, Iterator
from functools import partial
from itertools import islice

from homeassistant.components import zeroconf
from homeassistant.core import HomeAssistant, callback
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSPointer,
    Zeroconf,
    current_time_millis,
)
from zeroconf.const import _CLASS_IN, _TYPE_PTR

from lan_edge import Mdns, Sighting

from ..const import DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..runtime import domain_data
from .asking import ask_mdns
from .entries import find_entry
from .mdns_services import (
    is_text_newer,
    keep_service,
    latest_text,
    service_info,
    service_sighting,
)
from .routing import notify_device

MAX_CACHED = 256
"""Services of each type that are looked at: anybody can announce any number."""


@callback
def watch_announced(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Tell the driver of an entry's device what that announces, when it connects and is read."""
    device = entry.runtime_data.device

    @callback
    def ask(host: str, *, is_first: bool = False) -> None:
        if types := {m.type for m in device.driver.discovery if isinstance(m, Mdns)}:
            asking = _async_ask(hass, entry, types, host, is_first=is_first)
            entry.async_create_background_task(hass, asking, f"{DOMAIN} announced")

    device.observer.on_listening = partial(ask, is_first=True)
    device.observer.on_reading = ask


async def _async_ask(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    types: Collection[str],
    host: str,
    *,
    is_first: bool,
) -> None:
    shared = (await zeroconf.async_get_async_instance(hass)).zeroconf
    if is_first:  # later on, the driver has been told what is in the cache
        _tell(hass, entry, _cached(shared, types))
    async with domain_data(hass).asking:
        began = current_time_millis()
        answers = await ask_mdns(host, types)
    # it may have announced a change meanwhile, which has been passed on
    current = (a for a in answers if not is_text_newer(shared, f"{a.name}.{a.kind}", began))
    _tell(hass, entry, current)


def _tell(hass: HomeAssistant, entry: LanEdgeConfigEntry, sightings: Iterator[Sighting]) -> None:
    """Tell the driver of an entry's device those sightings that are of this device."""
    for sighting in sightings:
        for candidate in domain_data(hass).registry.match(sighting):
            if (own := find_entry(hass, candidate)) and own.entry_id == entry.entry_id:
                keep_service(hass, f"{sighting.name}.{sighting.kind}", own, sighting)
                notify_device(hass, entry, candidate, sighting)


def _cached(shared: Zeroconf, types: Collection[str]) -> Iterator[Sighting]:
    """Yield the services in Home Assistant's cache."""
    for type_ in types:
        pointers = shared.cache.async_all_by_details(type_, _TYPE_PTR, _CLASS_IN)
        names = (each.alias for each in pointers if isinstance(each, DNSPointer))
        for name in islice(names, MAX_CACHED):
            info = service_info(type_, name)
            if info is None or not info.load_from_cache(shared):
                continue
            if (sighting := service_sighting(info, latest_text(shared, name))) is not None:
                yield sighting
