"""Which devices are one, though a driver that is general knows one of them by another id.

Both are at one host, or have one MAC address. Of drivers that are not general, several may have
devices at one host: programs that run beside each other.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate, DriverSummary, mac_address

from ..const import CONF_DRIVER
from ..runtime import domain_data
from ..service_entry import device_entries
from .entries import addresses_of, mac_of


@callback
def has_entry_of_another_driver(hass: HomeAssistant, candidate: Candidate) -> bool:
    """Return whether a candidate's device has an entry with the driver of another family."""
    return any(_has_device(hass, entry, candidate) for entry in device_entries(hass))


def is_general_of(general: Candidate, own: Candidate) -> bool:
    """Return whether both are one device, of which only `own` is found by its own driver."""
    if not general.driver.is_general or own.driver.is_general:
        return False
    return _is_one(_hosts_of(general), _mac_of(general), _hosts_of(own), _mac_of(own))


def _has_device(hass: HomeAssistant, entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    summary = domain_data(hass).registry.summaries.get(entry.data[CONF_DRIVER])
    if summary is None or not _may_be_one(summary, candidate.driver.summarize()):
        return False
    hosts = {address.host for address in addresses_of(entry)}
    return _is_one(hosts, mac_of(entry), _hosts_of(candidate), _mac_of(candidate))


def _may_be_one(one: DriverSummary, other: DriverSummary) -> bool:
    """Return whether two drivers, of different families, may be for one device."""
    families = {one.family_id or one.id, other.family_id or other.id}
    return len(families) > 1 and (one.is_general or other.is_general)


def _is_one(hosts: set[str], mac: str, other_hosts: set[str], other_mac: str) -> bool:
    if mac and other_mac:
        return mac == other_mac
    return not hosts.isdisjoint(other_hosts)


def _hosts_of(candidate: Candidate) -> set[str]:
    return {each.host for each in (candidate.match.address, *candidate.match.others)}


def _mac_of(candidate: Candidate) -> str:
    match = candidate.match
    return mac_address(match.fields.get("mac", "")) or mac_address(match.unique_id)
