"""Services whose names come from the network: anybody can announce any name by mDNS."""

import asyncio
from collections.abc import Collection
import logging
from typing import Any

from homeassistant.components import zeroconf
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    BadTypeInNameException,
    DNSPointer,
    DNSText,
    Error,
    IPVersion,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo
from zeroconf.const import _CLASS_IN, _TYPE_PTR, _TYPE_TXT

from lan_edge import Sighting

from ..runtime import domain_data
from .sightings import mdns_sighting

_LOGGER = logging.getLogger(__name__)

MAX_NAMES = 4096
"""Names that a search takes note of."""
MAX_KNOWN_SERVICES = 1024
"""Services of devices with an entry whose last sighting is kept."""


def service_info(type_: str, name: str, **records: Any) -> AsyncServiceInfo | None:
    """Return a service of a type; None if no service of this type can have the name.

    What is returned can be asked for by its name.
    """
    instance = name[: -len(type_)]
    if not instance.endswith(".") or not all(instance[:-1].split(".")):
        return None
    try:
        return AsyncServiceInfo(type_, name, **records)
    except BadTypeInNameException:
        return None


def service_sighting(info: AsyncServiceInfo, text: bytes | None) -> Sighting | None:
    """Return a service as a sighting, with another TXT record than the cached one if there is one.

    If a device announces three changes within a second, the cache may give the second.
    """
    if text is not None and text != info.text:
        addresses = info.addresses_by_version(IPVersion.All)
        records: dict[str, Any] = {"port": info.port, "server": info.server, "properties": text}
        if (changed := service_info(info.type, info.name, addresses=addresses, **records)) is None:
            return None
        info = changed
    discovered = zeroconf.info_from_service(info)
    return mdns_sighting(discovered) if discovered else None


def latest_text(shared: Zeroconf, name: str) -> bytes | None:
    """Return the TXT record that was received last; of several, the cache gives another one."""
    texts = _texts(shared, name)
    return max(texts, key=lambda record: record.created).text if texts else None


def is_text_newer(shared: Zeroconf, name: str, than: float) -> bool:
    """Return whether a TXT record was received after a moment, in milliseconds of zeroconf."""
    return any(record.created > than for record in _texts(shared, name))


def _texts(shared: Zeroconf, name: str) -> list[DNSText]:
    records = shared.cache.async_all_by_details(name, _TYPE_TXT, _CLASS_IN)
    return [record for record in records if isinstance(record, DNSText)]


@callback
def keep_service(
    hass: HomeAssistant, name: str, entry: ConfigEntry[Any] | None, sighting: Sighting
) -> None:
    """Keep the last sighting of a service, if it is of the device of an entry.

    What it announces next may be without its address, which is valid for two minutes only.
    """
    known = domain_data(hass).services
    known.pop(name.lower(), None)
    if entry is not None:
        known[name.lower()] = entry.entry_id, sighting
        if len(known) > MAX_KNOWN_SERVICES:
            del known[next(iter(known))]


@callback
def forget_services(hass: HomeAssistant, entry_id: str) -> None:
    """Forget the services of the device of an entry, which was removed."""
    known = domain_data(hass).services
    for name in [name for name, (each, _) in known.items() if each == entry_id]:
        del known[name]


@callback
def drop_name(shared: Zeroconf, type_: str, name: str) -> None:
    """Drop a name that nobody can have from the cache.

    Questions for the type list the names that are known already, and none could be sent with it.
    """
    pointers = shared.cache.async_all_by_details(type_, _TYPE_PTR, _CLASS_IN)
    named = [each for each in pointers if isinstance(each, DNSPointer) and each.alias == name]
    shared.cache.async_remove_records(named)


async def async_browse(
    shared: Zeroconf, types: list[str], seconds: float
) -> Collection[tuple[str, str]]:
    """Return the type and name of each service that is announced, the cached ones first."""
    names: dict[tuple[str, str], None] = {}

    def appeared(service_type: str, name: str, **_: Any) -> None:
        if service_info(service_type, name) is None:
            drop_name(shared, service_type, name)
        elif len(names) < MAX_NAMES:
            names[service_type, name] = None

    browser = AsyncServiceBrowser(shared, types, handlers=[appeared])
    try:
        await asyncio.sleep(seconds)
    finally:
        await browser.async_cancel()
    return names


async def async_resolve(shared: Zeroconf, type_: str, name: str, seconds: float) -> Any:
    """Ask for a service and return it as an AsyncServiceInfo, or None without an answer."""
    info = service_info(type_, name)
    if info is None:
        return None
    try:
        return info if await info.async_request(shared, seconds * 1000) else None
    except Error as err:  # its host cannot be asked for, by the name that it has in the answer
        _LOGGER.debug("Cannot ask for a service of %s: %s", type_, type(err).__name__)
        return None
