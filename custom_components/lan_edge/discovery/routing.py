"""Routes sightings: to the device that they belong to, or to a discovery flow."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, Candidate, Sighting, Status

from ..const import CONF_DRIVER
from ..coordinator import LanEdgeConfigEntry
from ..runtime import Sighted, domain_data
from ..storage import address_of
from .disputes import settle_id
from .entries import (
    find_entries_by_mac,
    find_entries_by_next_mac,
    find_entry,
    find_entry_at,
    find_entry_by_usn,
    find_ignored,
    is_driven_by,
    is_of_another_id,
)
from .new_devices import remember, start_discovery_flow

MAX_MISSED = 3
"""Sightings of a device that are kept while its entry is not loaded."""


@callback
def route(hass: HomeAssistant, sighting: Sighting) -> list[Candidate]:
    """Notify the devices that a sighting may belong to; return the candidates without an entry.

    If several drivers know the same device by its id, the likeliest one is remembered for it.
    """
    new: list[Candidate] = []
    for candidate in domain_data(hass).registry.match(sighting):
        unique_id = candidate.match.unique_id
        is_ignored = find_ignored(hass, unique_id) is not None
        if not handle_known(hass, candidate, sighting) and not is_ignored:
            if not (unique_id and any(each.match.unique_id == unique_id for each in new)):
                remember(hass, candidate)
            new.append(candidate)
    return new


@callback
def route_or_offer(hass: HomeAssistant, sighting: Sighting) -> None:
    """Notify the devices that a sighting may belong to; start discovery flows for new ones."""
    for candidate in route(hass, sighting):
        start_discovery_flow(hass, candidate)


@callback
def find_known(hass: HomeAssistant, sighting: Sighting) -> LanEdgeConfigEntry | None:
    """Return the entry of the device that was sighted, if it has one."""
    found = (find_entry(hass, c) for c in domain_data(hass).registry.match(sighting))
    return next(filter(None, found), None)


@callback
def handle_known(
    hass: HomeAssistant, candidate: Candidate, sighting: Sighting | None = None
) -> bool:
    """Notify the device of a candidate's entry; return whether there is an entry."""
    entry = find_entry(hass, candidate)
    at_address = entry or find_entry_at(hass, candidate)
    if at_address and is_of_another_id(at_address, candidate):
        settle_id(hass, at_address)
    if entry is None:
        return False
    notify_device(hass, entry, candidate, sighting)
    return True


@callback
def handle_known_mac(hass: HomeAssistant, mac: str, host: str) -> bool:
    """Notify the devices with a MAC address of their host; return whether there is one.

    Those with the MAC address before it are notified, too, but may be others of the same maker.
    """
    entries = find_entries_by_mac(hass, mac)
    for entry in entries or find_entries_by_next_mac(hass, mac):
        address = Address(host, address_of(entry).port)
        if domain_data(hass).registry.hosts.allow(entry.data[CONF_DRIVER], address):
            entry.runtime_data.device.connection.sighted(address)
    return bool(entries)


@callback
def handle_announcement(hass: HomeAssistant, usn: str) -> None:
    """Notify a device of an SSDP announcement of its own, of whatever service."""
    if (entry := find_entry_by_usn(hass, usn)) is not None:
        entry.runtime_data.device.connection.announced()


@callback
def handle_goodbye(hass: HomeAssistant, usn: str) -> None:
    """Check a device after its goodbye by SSDP (byebye), which any other host can forge."""
    if (entry := find_entry_by_usn(hass, usn)) is not None:
        entry.runtime_data.device.connection.sightings.said_goodbye()


@callback
def notify_device(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    candidate: Candidate,
    sighting: Sighting | None = None,
) -> None:
    """Pass on where an entry's device was seen, or keep it until the entry is loaded.

    While it is, what the device announces goes to its driver, too.
    """
    if not is_driven_by(hass, entry, candidate.driver.id):
        return
    addresses = (candidate.match.address, *candidate.match.others)
    if entry.state is not ConfigEntryState.LOADED:
        _miss(hass, entry, addresses)
    elif sighting is not None:
        entry.runtime_data.device.sighted(sighting, candidate.match)
    else:
        entry.runtime_data.device.connection.sighted(*addresses)


@callback
def _miss(hass: HomeAssistant, entry: LanEdgeConfigEntry, addresses: Sighted) -> None:
    """Keep a sighting until the entry is loaded; the last one may be false, so earlier ones too."""
    missed = domain_data(hass).missed.setdefault(entry.entry_id, [])
    others = [each for each in missed if each[0] != addresses[0]]
    missed[:] = [*others, addresses][-MAX_MISSED:]


@callback
def keep_unproven(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Keep where a device was sighted, or that it is lost, while its entry is not loaded."""
    connection = entry.runtime_data.device.connection
    addresses = connection.sightings.unproven
    if connection.status is not Status.ONLINE and (addresses or connection.sightings.is_left):
        domain_data(hass).unproven[entry.entry_id] = addresses
    elif addresses:
        _miss(hass, entry, addresses)


@callback
def notify_missed(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Pass on where an entry's device was seen while the entry was not loaded, or before."""
    data, connection = domain_data(hass), entry.runtime_data.device.connection
    if (unproven := data.unproven.pop(entry.entry_id, None)) is not None:
        connection.sightings.resume(*unproven)
    for addresses in data.missed.pop(entry.entry_id, ()):
        connection.sighted(*addresses)


@callback
def forget_missed(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Drop what is kept for an entry that is removed."""
    data = domain_data(hass)
    for kept in (data.missed, data.unproven, data.asked_at):
        kept.pop(entry.entry_id, None)
