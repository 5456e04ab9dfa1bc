"""Disputes: a device that cannot report its id is claimed to be at two addresses, or to be another.

Neither the last claim nor the most frequent one is believed. The devices at the addresses are
asked: what one of them answers settles it. If both confirm, the user decides.
"""

import asyncio
from collections.abc import Mapping
from math import inf

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, Status, one_id

from ..const import CONF_REJECTED, CONF_SEEN_AS
from ..coordinator import LanEdgeConfigEntry
from ..reporting.issues import (
    Claim,
    async_create_dispute_issue,
    async_delete_dispute_issue,
)
from ..runtime import domain_data, driver_of
from .asking import async_ids_at
from .entries import is_id_of_another
from .new_devices import end_offers

ASK_INTERVAL = 10.0
"""Seconds from the end of a dispute about an entry's device to the next one.

Any number of strangers can start them.
"""
MAX_REJECTED = 16
"""Decisions of the user about a device that are remembered."""
MAX_CLAIMS = 4
"""Addresses at which a device is claimed to be, of those that are asked next."""


@callback
def watch_disputes(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Settle the disputes about where an entry's device is, while the entry is loaded."""
    if is_id_of_another(hass, entry, entry.data[CONF_SEEN_AS]):
        adopt_id(hass, entry, "")
    coordinator = entry.runtime_data

    @callback
    def begin(here: Address, elsewhere: Address) -> None:
        claims = coordinator.claims
        claims.pop(elsewhere, None)
        claims[elsewhere] = here
        while len(claims) > MAX_CLAIMS:
            del claims[next(iter(claims))]
        _start(hass, entry)

    coordinator.device.observer.on_sighted_elsewhere = begin


@callback
def settle_id(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Find out which id the device of an entry has, as another one was announced at its address."""
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.is_id_claimed = True
        _start(hass, entry)


@callback
def _start(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Begin at once, or when the last dispute has been over for an interval; one at a time."""
    asked_at, entry_id = domain_data(hass).asked_at, entry.entry_id
    if (last := asked_at.get(entry_id, -inf)) == inf:
        return  # it is settled with what waits already
    asked_at[entry_id] = inf

    def ended(_task: asyncio.Task[None]) -> None:
        asked_at[entry_id] = hass.loop.time()

    work = _async_settle(hass, entry, last + ASK_INTERVAL - hass.loop.time())
    task = entry.async_create_background_task(hass, work, f"{entry.title}: who is there")
    task.add_done_callback(ended)


async def _async_settle(hass: HomeAssistant, entry: LanEdgeConfigEntry, delay: float) -> None:
    """Settle all that is claimed, in a while; ask again if that fails: a device may be moving."""
    coordinator, repeated = entry.runtime_data, set[Address]()
    while coordinator.is_id_claimed or coordinator.claims:
        await asyncio.sleep(delay)
        if coordinator.is_id_claimed:
            coordinator.is_id_claimed = False
            await _async_settle_id(hass, entry)
        claims, coordinator.claims = coordinator.claims, {}
        if claims and not await _async_settle_address(hass, entry, claims):
            again = {address: claims[address] for address in claims.keys() - repeated}
            coordinator.claims = {**again, **coordinator.claims}
            repeated = {*again}
        delay = ASK_INTERVAL


async def _async_settle_address(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, claims: Mapping[Address, Address]
) -> bool:
    """Decide between the address where a device answers, and others where it was sighted.

    Returns whether one of them is the device's.
    """
    driver, own = driver_of(hass, entry), one_id(entry.data[CONF_SEEN_AS] or str(entry.unique_id))
    here = [*claims.values()][-1]
    asked = (async_ids_at(hass, driver, address) for address in (here, *claims))
    ids_here, *ids = await asyncio.gather(*asked)
    elsewhere = [address for address, there in zip(claims, ids, strict=True) if own in there]
    device = entry.runtime_data.device
    is_certain = len(elsewhere) == 1 and not device.is_login_at_stake
    connection = device.connection
    is_online = connection.status is Status.ONLINE
    if is_online and connection.address != here:
        return True  # it has been found meanwhile
    if own in ids_here and not elsewhere:
        async_delete_dispute_issue(hass, entry)
        connection.sighted(here)
    elif not elsewhere:
        return False
    elif ids_here and own not in ids_here and is_certain:
        connection.follow(elsewhere[0])
    elif is_online:
        _report(hass, entry, str(here), *elsewhere)
    return True


async def _async_settle_id(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Adopt the id that the device of an entry gives now; ask the user if it had another one."""
    connection = entry.runtime_data.device.connection
    if connection.address is None or connection.sightings.is_identified:
        return
    ids = await async_ids_at(hass, driver_of(hass, entry), connection.address)
    known = entry.data[CONF_SEEN_AS]
    if connection.status is not Status.ONLINE or len(ids) != 1 or one_id(known) in ids:
        return
    if is_id_of_another(hass, entry, min(ids)):
        return  # that is another device, whatever this one says
    if known:
        _report(hass, entry, known, ids.pop())
    else:
        adopt_id(hass, entry, ids.pop())


@callback
def _report(hass: HomeAssistant, entry: LanEdgeConfigEntry, known: str, *claims: Claim) -> None:
    """Ask the user about the last of these claims that was not answered already, if any."""
    for claim in reversed(claims):
        if str(claim) not in entry.data.get(CONF_REJECTED, ()):
            async_create_dispute_issue(hass, entry, known, claim)
            return


@callback
def accept_claim(hass: HomeAssistant, entry: LanEdgeConfigEntry, claim: Claim) -> None:
    """Carry out the user's decision: an entry's device is what was claimed, not what it was."""
    connection = entry.runtime_data.device.connection
    if isinstance(claim, Address):
        _decide(hass, entry, rejected=str(connection.address), accepted=str(claim))
        connection.follow(claim)
    else:
        _decide(hass, entry, rejected=one_id(entry.data[CONF_SEEN_AS]), accepted=claim)
        adopt_id(hass, entry, claim)


@callback
def reject_claim(hass: HomeAssistant, entry: LanEdgeConfigEntry, claim: Claim) -> None:
    """Carry out the user's decision: what was claimed is not an entry's device; ask no more."""
    _decide(hass, entry, rejected=str(claim))


def _decide(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, *, rejected: str, accepted: str = ""
) -> None:
    before = (
        each for each in entry.data.get(CONF_REJECTED, ()) if each not in {rejected, accepted}
    )
    data = {**entry.data, CONF_REJECTED: [*before, rejected][-MAX_REJECTED:]}
    hass.config_entries.async_update_entry(entry, data=data)


@callback
def adopt_id(hass: HomeAssistant, entry: LanEdgeConfigEntry, unique_id: str) -> None:
    """Recognize the device of an entry by this id in its sightings from now on.

    Not if another entry's device is known by it: this one could take all sightings of that.
    """
    if is_id_of_another(hass, entry, unique_id):
        return
    data = {**entry.data, CONF_SEEN_AS: unique_id}
    hass.config_entries.async_update_entry(entry, data=data)
    end_offers(hass, entry)
