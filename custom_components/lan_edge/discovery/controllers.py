"""Which other integration of Home Assistant controls a device.

Only who controls a device counts, not who merely knows of it, such as a router's integration, which
registers the MAC address of everything in the network.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_ADDRESS, CONF_HOST, CONF_IP_ADDRESS, CONF_PORT, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import IntegrationNotLoaded, async_get_loaded_integration

from lan_edge import Candidate, mac_address

from ..const import DOMAIN
from .cloud_keys import holds_key

SAME_FAMILY = {
    "govee": ("govee_light_local", "Govee lights local"),
    "kasa": ("tplink", "TP-Link Smart Home"),
    "miot": ("xiaomi_miio", "Xiaomi Home"),
    "snapcast": ("snapcast", "Snapcast"),
    "tuya": ("tuya", "Tuya"),
    "venstar": ("venstar", "Venstar"),
    "wemo": ("wemo", "Belkin WeMo"),
    "wiz": ("wiz", "WiZ"),
    "yeelight": ("yeelight", "Yeelight"),
}
"""Home Assistant's own integrations for the devices of bundled drivers, with their names.

There, the same host is the same device.
"""
CORE_DOMAINS = frozenset(domain for domain, _ in SAME_FAMILY.values())
CONTROLLING_TYPES = {"device", "hub"}
"""The types of integrations that control devices; `ping`, for example, is a service."""
HOST_KEYS = (CONF_HOST, CONF_IP_ADDRESS, CONF_ADDRESS, CONF_URL)
"""Where entries have the host of their device."""


@callback
def controller_of(hass: HomeAssistant, candidate: Candidate) -> str | None:
    """Return the name of the integration that controls a candidate's device, if one does."""
    for entry in hass.config_entries.async_entries(include_ignore=False, include_disabled=False):
        if entry.domain == DOMAIN or holds_key(hass, entry, candidate):
            continue  # with its key, it can be taken off the cloud
        if _controls(hass, entry, candidate):
            return _name_of(hass, entry.domain)
    return None


def core_integration_of(candidate: Candidate) -> str:
    """Return the name of Home Assistant's own integration for a device; empty: none is known."""
    return SAME_FAMILY.get(candidate.driver.family_id or candidate.driver.id, ("", ""))[1]


def _controls(hass: HomeAssistant, entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    wanted = _normalized(candidate.match.unique_id)
    if wanted and wanted == _normalized(entry.unique_id or ""):
        return True
    return _has_host(hass, entry, candidate) or (
        bool(wanted) and wanted in _registered_ids(hass, entry)
    )


def _has_host(hass: HomeAssistant, entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    """Return whether an entry's device is at a candidate's address, as far as entries tell."""
    if candidate.match.address.host not in _hosts_of(entry):
        return False
    if entry.domain in SAME_FAMILY.get(candidate.driver.family_id or candidate.driver.id, ()):
        return True
    type_ = _type_of(hass, entry.domain)
    if isinstance(port := entry.data.get(CONF_PORT), int):
        return type_ in CONTROLLING_TYPES and port == _port_of(candidate)
    return type_ == "device"  # a hub may be a program beside others on one machine


def _hosts_of(entry: ConfigEntry[Any]) -> set[str]:
    values = (str(entry.data.get(key, "")) for key in HOST_KEYS)
    return {_host_in(value) for value in values} - {""}


def _host_in(text: str) -> str:
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


def _port_of(candidate: Candidate) -> int:
    options = candidate.driver.options or candidate.driver.transport.options_type()
    return candidate.match.address.port or options.port


def _type_of(hass: HomeAssistant, domain: str) -> str:
    try:
        return async_get_loaded_integration(hass, domain).integration_type
    except IntegrationNotLoaded:
        return ""


def _name_of(hass: HomeAssistant, domain: str) -> str:
    try:
        return async_get_loaded_integration(hass, domain).name
    except IntegrationNotLoaded:
        return domain


def _registered_ids(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Iterator[str]:
    """Yield the ids of an entry's devices; a device with only a MAC may be known to a router."""
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
        yield from (
            _normalized(str(value)) for _, *values in device.identifiers for value in values
        )
        yield _normalized(device.serial_number or "")
        for kind, value in device.connections:
            if kind != dr.CONNECTION_NETWORK_MAC or device.identifiers:
                yield _normalized(value)


def _normalized(text: str) -> str:
    """Return a MAC, serial number or UUID in one spelling, for comparison."""
    return mac_address(text) or text.lower().removeprefix("uuid:")
