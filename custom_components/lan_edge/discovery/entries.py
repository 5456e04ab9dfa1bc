"""Which entry a discovered device belongs to."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, Candidate, Driver, mac_address, one_id

from ..const import CONF_DRIVER, CONF_IDENTITY, CONF_REGISTERED_AS, CONF_SEEN_AS, DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..runtime import domain_data
from ..service_entry import device_entries, loaded_devices
from ..storage import address_of

type AnyDriver = type[Driver[Any]]


@callback
def find_entry(hass: HomeAssistant, candidate: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of a candidate's device, if it has one.

    A device that was added by its address and reports no id is recognized by its address until its
    id is known, and from then on by that.
    """
    if entry := find_entry_by_id(hass, candidate.match.unique_id):
        return entry
    at_address = find_entry_at(hass, candidate)
    if at_address is None or not at_address.data[CONF_SEEN_AS]:
        return at_address
    return at_address if is_next_mac(mac_of(at_address), candidate.match.unique_id) else None


@callback
def is_driven_by(hass: HomeAssistant, entry: ConfigEntry[Any], driver_id: str) -> bool:
    """Return whether an entry's device has a driver, or one that is for devices of its family."""
    own: str = entry.data.get(CONF_DRIVER, "")
    summary = domain_data(hass).registry.summaries.get(own)
    return driver_id == own or (summary is not None and driver_id == summary.family_id)


@callback
def find_entry_by_id(hass: HomeAssistant, unique_id: str) -> LanEdgeConfigEntry | None:
    """Return the entry of the device with an id, before one that is only recognized by it."""
    if not unique_id:
        return None
    entries = [*device_entries(hass)]
    own = (entry for entry in entries if _id_of(entry) == unique_id)
    seen = (entry for entry in entries if _stored_id(entry.data[CONF_SEEN_AS]) == unique_id)
    return next(chain(own, seen), None)


@callback
def find_ignored(hass: HomeAssistant, unique_id: str) -> ConfigEntry[Any] | None:
    """Return the entry that keeps the user's wish not to be offered the device with an id."""
    if not unique_id:
        return None
    entries = hass.config_entries.async_entries(DOMAIN)
    return next((e for e in entries if e.source == SOURCE_IGNORE and _id_of(e) == unique_id), None)


def _id_of(entry: ConfigEntry[Any]) -> str:
    return _stored_id(entry.unique_id or "")


@lru_cache(maxsize=1024)
def _stored_id(text: str) -> str:
    """Return an id of an entry in one spelling; each sighting is compared with all of them."""
    return one_id(text)


@callback
def ids_of(entry: ConfigEntry[Any]) -> set[str]:
    """Return the ids by which the device of an entry is known, as a match spells them.

    An older version of LAN Edge stored them as they were spelled.
    """
    return {_id_of(entry), _stored_id(entry.data.get(CONF_SEEN_AS, ""))} - {""}


@callback
def is_id_of_another(hass: HomeAssistant, entry: LanEdgeConfigEntry, unique_id: str) -> bool:
    """Return whether the device of another entry has an id, or is recognized by it."""
    return bool(unique_id) and any(
        one_id(unique_id) in ids_of(other)
        for other in device_entries(hass)
        if other.entry_id != entry.entry_id
    )


@callback
def is_registered(hass: HomeAssistant, unique_id: str) -> bool:
    """Return whether the registries know a device by an id that it had formerly."""
    return any(entry.data.get(CONF_REGISTERED_AS) == unique_id for entry in device_entries(hass))


@callback
def find_entry_at(hass: HomeAssistant, candidate: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry with the candidate's driver and address, if there is one."""
    seen, driver = candidate.match.address, candidate.driver
    for entry in device_entries(hass):
        if entry.data[CONF_DRIVER] == driver.id and is_same(driver, address_of(entry), seen):
            return entry
    return None


@callback
def find_entry_known_at(hass: HomeAssistant, candidate: Candidate) -> LanEdgeConfigEntry | None:
    """Return the entry of the candidate's driver whose device is known at one of its addresses."""
    match, driver = candidate.match, candidate.driver
    for entry in device_entries(hass):
        known, seen = addresses_of(entry), (match.address, *match.others)
        if entry.data[CONF_DRIVER] == driver.id and any(
            is_same(driver, one, other) for one in known for other in seen
        ):
            return entry
    return None


def addresses_of(entry: LanEdgeConfigEntry) -> tuple[Address, ...]:
    """Return where the device of an entry was proven, and where else it may be."""
    if entry.state is not ConfigEntryState.LOADED:
        return (address_of(entry),)
    connection = entry.runtime_data.device.connection
    return (address_of(entry), *connection.addresses, *connection.sightings.unproven)


def is_same(driver: AnyDriver, one: Address, other: Address) -> bool:
    """Return whether two addresses of a driver's devices are the same.

    Port 0 is the driver's usual port, so that two devices at one host are not mistaken for one.
    """
    usual = (driver.options or driver.transport.options_type()).port
    are_open = not usual and 0 in {one.port, other.port}
    is_same_port = are_open or (one.port or usual) == (other.port or usual)
    return one.host == other.host and is_same_port


@callback
def is_of_another_id(entry: LanEdgeConfigEntry, candidate: Candidate) -> bool:
    """Return whether a candidate has an id by which the device of an entry is not known."""
    unique_id = candidate.match.unique_id
    is_known = unique_id in ids_of(entry) or is_next_mac(mac_of(entry), unique_id)
    return bool(unique_id) and not is_known


@callback
def find_entry_by_usn(hass: HomeAssistant, usn: str) -> LanEdgeConfigEntry | None:
    """Return the loaded entry of the device with an SSDP service name (USN), if there is one."""
    unique_id = one_id(usn.partition("::")[0])
    return next((entry for entry in loaded_devices(hass) if _id_of(entry) == unique_id), None)


@callback
def find_entries_by_mac(hass: HomeAssistant, mac: str) -> list[LanEdgeConfigEntry]:
    """Return the loaded entries of the devices with a MAC address: several behind a bridge."""
    return [each for each, own in _loaded_macs(hass) if own == mac]


@callback
def find_entries_by_next_mac(hass: HomeAssistant, mac: str) -> list[LanEdgeConfigEntry]:
    """Return the loaded entries of the devices that report the MAC address before this one."""
    return [each for each, own in _loaded_macs(hass) if is_next_mac(own, mac)]


def _loaded_macs(hass: HomeAssistant) -> Iterator[tuple[LanEdgeConfigEntry, str]]:
    for entry in cast("list[LanEdgeConfigEntry]", [*loaded_devices(hass)]):
        if mac := mac_address(entry.runtime_data.device.identity.mac):
            yield entry, mac


def mac_of(entry: ConfigEntry[Any]) -> str:
    """Return the MAC address of an entry's device; empty: it is not known."""
    identity = entry.data.get(CONF_IDENTITY, {})
    return mac_address(str(identity.get("mac", ""))) or mac_address(entry.unique_id or "")


def is_next_mac(reported: str, other: str) -> bool:
    """Return whether a MAC address is one more than a reported one.

    A WeMo is in the network with the one after the one that it reports.
    """
    return bool(reported and mac_address(other)) and int(other, 16) - int(reported, 16) == 1
