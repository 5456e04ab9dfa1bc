"""Converts what Home Assistant and the network report into sightings."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components import ssdp
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from lan_edge import Address, Sighting, location_address


def mdns_sighting(info: ZeroconfServiceInfo) -> Sighting:
    """Return Home Assistant's mDNS discovery as a sighting."""
    port = info.port or 0
    return Sighting(
        "mdns",
        info.type,
        Address(info.host, port),
        info.name.removesuffix(f".{info.type}"),
        {"txt": texts_of(info.properties)},
        tuple(Address(a, port) for a in info.addresses if a != info.host),
    )


def ssdp_sighting(info: SsdpServiceInfo, own: Collection[str] = ()) -> Sighting | None:
    """Return Home Assistant's SSDP discovery as a sighting, or None without a usable address.

    `own` are the IP addresses of Home Assistant.
    """
    address = location_address(info.ssdp_location or "", _sender(info.ssdp_headers), own)
    if address is None:
        return None
    headers = {**texts_of(info.ssdp_headers), "usn": info.ssdp_usn}
    upnp = texts_of(info.upnp)
    name = upnp.get("friendlyName", "")
    return Sighting("ssdp", info.ssdp_st, address, name, {"headers": headers, "upnp": upnp})


def announcement_sighting(
    headers: CaseInsensitiveDict, own: Collection[str] = ()
) -> Sighting | None:
    """Return an SSDP announcement as a sighting, or None without a usable address."""
    address = location_address(str(headers.get("location", "")), _sender(headers), own)
    if address is None:
        return None
    return Sighting("ssdp", str(headers.get("nt", "")), address, "", {"headers": texts_of(headers)})


async def async_add_description(hass: HomeAssistant, sighting: Sighting) -> Sighting:
    """Return an announcement with the UPnP description that Home Assistant has of the device."""
    udn = sighting.values["headers"].get("usn", "").partition("::")[0]
    info: SsdpServiceInfo | None = None
    with suppress(KeyError):  # Home Assistant's cache fails for headers without a location
        info = await ssdp.async_get_discovery_info_by_udn_st(hass, udn, sighting.kind)
    upnp = texts_of(info.upnp) if info else {}
    name, values = upnp.get("friendlyName", ""), {**sighting.values, "upnp": upnp}
    return replace(sighting, name=name, values=values)


def _sender(headers: Mapping[str, Any]) -> str:
    """Return the IP address that an SSDP message came from, which Home Assistant adds to it."""
    return str(headers.get("_host", ""))


def texts_of(values: Mapping[Any, Any]) -> dict[str, str]:
    """Return only the texts, with keys that are not texts in lower case."""
    return {
        str(k).lower() if not isinstance(k, str) else k: v
        for k, v in values.items()
        if isinstance(v, str)
    }
