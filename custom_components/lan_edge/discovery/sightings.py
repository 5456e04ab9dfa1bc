"""Sightings: what Home Assistant and the network say of devices, and which entry's they are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import ssdp
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT, CONF_UNIQUE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from lan_edge import (
    Address,
    Candidate,
    Device,
    Sighting,
    location_address,
    mac_address,
)

from ..const import CONF_DRIVER, CONF_SEEN_AS, DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..runtime import domain_data
from ..storage import address_of

MAX_LATEST = 256

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


def announced(headers: CaseInsensitiveDict) -> Sighting | None:
    """Return an SSDP announcement as a sighting; None without a usable address."""
    if (address := location_address(str(headers.get("location", "")))) is None:
        return None
    return Sighting("ssdp", str(headers.get("nt", "")), address, "", {"headers": _texts(headers)})


async def described(hass: HomeAssistant, sighting: Sighting) -> Sighting:
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
def has_other_integration(hass: HomeAssistant, found: Candidate) -> bool:
    """Whether another integration already has the device: by its MAC, serial or UUID."""
    wanted = _spelled(found.match.unique_id)
    for device in dr.async_get(hass).devices:
        if any(domain == DOMAIN for domain, *_ in device.identifiers):
            continue
        pairs = (*device.identifiers, *device.connections)
        names = {_spelled(str(value)) for _, *values in pairs for value in values}
        if wanted in {*names, _spelled(device.serial_number or "")}:
            return True
    return False


def _spelled(name: str) -> str:
    """Return a MAC, serial or UUID in the one way that all spell it here."""
    return mac_address(name) or name.lower().removeprefix("uuid:")


@callback
def seen_at(hass: HomeAssistant, found: Candidate) -> Candidate:
    """Return what discovery knows of a device that was found by its address."""
    for other in domain_data(hass).latest.values():
        if other.driver is found.driver and other.match.address == found.match.address:
            return other
    return found


@callback
def tell_device(hass: HomeAssistant, entry: LanEdgeConfigEntry, found: Candidate) -> None:
    """Let an entry's connection know where its device was seen: now, or once it is loaded."""
    if entry.data.get(CONF_DRIVER) != found.driver.id:
        return
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.device.connection.sighted(*_addresses(found))
    else:
        domain_data(hass).missed[entry.entry_id] = _addresses(found)


@callback
def keep_unproven(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Keep where the device of an entry that is unloaded was seen and not yet found."""
    if seen := entry.runtime_data.device.connection.unproven:
        domain_data(hass).missed.setdefault(entry.entry_id, seen)


@callback
def tell_missed(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Let the connection of an entry that is loaded know where its device was seen meanwhile."""
    if seen := domain_data(hass).missed.pop(entry.entry_id, ()):
        entry.runtime_data.device.connection.sighted(*seen)


@callback
def forget_missed(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Let go of what was seen of a device whose entry is removed."""
    domain_data(hass).missed.pop(entry.entry_id, None)


def _addresses(found: Candidate) -> tuple[Address, ...]:
    return (found.match.address, *found.match.others)


@callback
def route(hass: HomeAssistant, sighting: Sighting) -> list[Candidate]:
    """Tell the devices that a sighting is of; return the candidates that are new."""
    new: list[Candidate] = []
    for found in domain_data(hass).registry.match(sighting):
        if (entry := known_entry(hass, found)) is not None:
            tell_device(hass, entry, found)
        else:
            remember(hass, found)
            new.append(found)
    return new


@callback
def wake(hass: HomeAssistant, usn: str) -> None:
    """Let a device's connection know that it said anything at all by SSDP."""
    if (device := _named(hass, usn)) is not None:
        device.connection.announced()


@callback
def doubt(hass: HomeAssistant, usn: str) -> None:
    """Ask a device that said goodbye whether it is still there: a stranger may have said so."""
    if (device := _named(hass, usn)) is not None:
        device.connection.doubt()


@callback
def _named(hass: HomeAssistant, usn: str) -> Device | None:
    uuid = usn.partition("::")[0].removeprefix("uuid:")
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, uuid)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    return cast("LanEdgeConfigEntry", entry).runtime_data.device


@callback
def forget(hass: HomeAssistant, found: Candidate) -> None:
    """Let go of the newest sighting of a device that gets an entry."""
    domain_data(hass).latest.pop(found.match.unique_id, None)


@callback
def remember(hass: HomeAssistant, found: Candidate) -> None:
    """Keep the newest sighting of a device without entry."""
    if unique_id := found.match.unique_id:
        latest = domain_data(hass).latest
        known = latest.pop(unique_id, found).match
        name = found.match.name or known.name  # an announcement alone has no name
        latest[unique_id] = replace(found, match=replace(found.match, name=name))
        while len(latest) > MAX_LATEST:
            del latest[next(iter(latest))]


# cards of new ones


@callback
def route_or_show(hass: HomeAssistant, sighting: Sighting) -> None:
    """Tell the devices that a sighting is of; make cards of new ones."""
    for found in route(hass, sighting):
        _create_card(hass, found)


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
