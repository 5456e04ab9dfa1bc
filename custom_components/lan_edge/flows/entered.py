"""What discovery tells of a device whose address was entered.

An announcement can come from anybody, so the device's own answer counts, not what was sighted.
"""

import asyncio
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate

from ..discovery.asking import async_ask_host
from ..discovery.entries import find_entry, is_same
from ..discovery.new_devices import latest_at_address
from ..storage import address_of
from .candidates import at_address, each_address


async def async_complete(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with what is known of the device at its address, but without an id.

    If the port was left empty, each host is asked for it: the device may have another than usual.
    """
    entered, known = candidate.match, latest_at_address(hass, candidate)
    if not entered.address.port:
        known = await _async_ask_hosts(hass, candidate) or known
    here = known.match.address
    others = tuple(a for a in (entered.address, *entered.others) if a.host != here.host)
    return replace(candidate, match=replace(known.match, unique_id="", others=others))


async def _async_ask_hosts(hass: HomeAssistant, candidate: Candidate) -> Candidate | None:
    """Return the device at the first host of a candidate where a single one answers."""
    hosts = [each.match.address.host for each in each_address(candidate)]
    asked = (async_ask_host(hass, candidate.driver, host) for host in hosts)
    for found in await asyncio.gather(*asked):
        if len({each.match.address for each in found}) == 1:
            return found[0]
    return None


async def async_confirmed_there(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with the id that its device, which reports none, confirms by discovery.

    It stays without one if devices with several ids answer, or something else was sighted there.
    """
    driver, address = candidate.driver, candidate.match.address
    found = await async_ask_host(hass, driver, address.host)
    here = {c.match.unique_id: c for c in found if is_same(driver, c.match.address, address)}
    here.pop("", None)
    latest = latest_at_address(hass, candidate).match.unique_id
    if len(here) != 1 or latest not in {"", *here}:
        return candidate
    (confirmed,) = here.values()
    entry = find_entry(hass, confirmed)
    if entry is not None and _is_at_another_port(entry, confirmed):
        return candidate  # that device is there, so the answer is an old one
    return at_address(replace(confirmed, match=replace(confirmed.match, others=())), address)


@callback
def _is_at_another_port(entry: ConfigEntry[Any], candidate: Candidate) -> bool:
    """Return whether a device is connected at another port of the host where it is said to be."""
    there, address = address_of(entry), candidate.match.address
    return (
        there.host == address.host
        and not is_same(candidate.driver, there, address)
        and entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.device.available
    )
