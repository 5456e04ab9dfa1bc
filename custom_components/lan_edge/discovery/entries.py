"""Which entry a discovered device belongs to."""

from itertools import chain
from typing import Any, cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, Candidate, Driver, mac_address

from ..const import CONF_DRIVER, CONF_REGISTERED_AS, CONF_SEEN_AS, DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..service_entry import device_entries, is_service, loaded_devices
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
    return at_address if at_address and not at_address.data[CONF_SEEN_AS] else None


@callback
def find_entry_by_id(hass: HomeAssistant, unique_id: str) -> LanEdgeConfigEntry | None:
    """Return the entry of the device with an id, before one that is only recognized by it."""
    if not unique_id:
        return None
    entries = [*device_entries(hass)]
    own = (entry for entry in entries if entry.unique_id == unique_id)
    seen = (entry for entry in entries if entry.data[CONF_SEEN_AS] == unique_id)
    ignored = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, unique_id)
    return next(chain(own, seen), ignored)


@callback
def is_id_of_another(hass: HomeAssistant, entry: LanEdgeConfigEntry, unique_id: str) -> bool:
    """Return whether the device of another entry has an id, or is recognized by it."""
    return bool(unique_id) and any(
        unique_id in {other.unique_id, other.data[CONF_SEEN_AS]}
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
        known, seen = _addresses_of(entry), (match.address, *match.others)
        if entry.data[CONF_DRIVER] == driver.id and any(
            is_same(driver, one, other) for one in known for other in seen
        ):
            return entry
    return None


def _addresses_of(entry: LanEdgeConfigEntry) -> tuple[Address, ...]:
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
    return bool(unique_id) and unique_id not in {entry.unique_id, entry.data.get(CONF_SEEN_AS)}


@callback
def find_entry_by_usn(hass: HomeAssistant, usn: str) -> LanEdgeConfigEntry | None:
    """Return the loaded entry of the device with an SSDP service name (USN), if there is one."""
    uuid = usn.partition("::")[0].removeprefix("uuid:")
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, uuid)
    is_device = entry and entry.state is ConfigEntryState.LOADED and not is_service(entry)
    return entry if is_device else None


@callback
def find_entries_by_mac(hass: HomeAssistant, mac: str) -> list[LanEdgeConfigEntry]:
    """Return the loaded entries of the devices with a MAC address: several behind a bridge."""
    loaded = cast("list[LanEdgeConfigEntry]", [*loaded_devices(hass)])
    macs = ((each, mac_address(each.runtime_data.device.identity.mac)) for each in loaded)
    return [each for each, own in macs if mac and own == mac]
