"""Which entry a discovered device belongs to."""

from typing import cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate, mac_address

from ..const import CONF_DRIVER, CONF_SEEN_AS, DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..service_entry import device_entries, is_service, loaded_devices
from ..storage import address_of


@callback
def find_entry(hass: HomeAssistant, candidate: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of a candidate's device, if it has one.

    A device that was added by its address and reports no id is recognized by its address until its
    id is known, and from then on by that.
    """
    if unique_id := candidate.match.unique_id:
        for entry in hass.config_entries.async_entries(DOMAIN):
            is_same = unique_id in {entry.unique_id, entry.data.get(CONF_SEEN_AS)}
            if is_same and not is_service(entry):
                return entry
    at_address = find_entry_at(hass, candidate)
    return at_address if at_address and not at_address.data[CONF_SEEN_AS] else None


@callback
def find_entry_at(hass: HomeAssistant, candidate: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry with the candidate's driver and address, if there is one."""
    for entry in device_entries(hass):
        known, seen = address_of(entry), candidate.match.address
        same_port = known.port == seen.port or 0 in {known.port, seen.port}
        same_driver = entry.data[CONF_DRIVER] == candidate.driver.id
        if same_driver and known.host == seen.host and same_port:
            return entry
    return None


@callback
def is_of_another_id(entry: LanEdgeConfigEntry, candidate: Candidate) -> bool:
    """Return whether a candidate has an id by which the device of an entry is not known."""
    unique_id = candidate.match.unique_id
    return bool(unique_id) and unique_id not in {entry.unique_id, entry.data.get(CONF_SEEN_AS)}


@callback
def find_entry_by_usn(hass: HomeAssistant, usn: str) -> LanEdgeConfigEntry | None:
    """Return the loaded entry of the device with an SSDP service name (USN), if there is one."""
    uuid = usn.partition("::")[0].removeprefix("uuid:")
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, uuid)
    is_device = entry and entry.state is ConfigEntryState.LOADED and not is_service(entry)
    return entry if is_device else None


@callback
def find_entry_by_mac(hass: HomeAssistant, mac: str) -> LanEdgeConfigEntry | None:
    """Return the loaded entry of the device with a MAC address, if there is one."""
    for entry in loaded_devices(hass):
        loaded = cast("LanEdgeConfigEntry", entry)
        if mac and mac_address(loaded.runtime_data.device.identity.mac) == mac:
            return loaded
    return None
