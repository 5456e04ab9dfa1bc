"""Disputes: a device that cannot report its id is claimed to be at two addresses, or to be another.

Neither the last claim nor the most frequent one is believed. The devices at the addresses are
asked: what one of them answers settles it. If both confirm, the user decides.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from math import inf
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, Status

from ..const import CONF_SEEN_AS
from ..coordinator import LanEdgeConfigEntry
from ..reporting.issues import (
    Claim,
    async_create_dispute_issue,
    async_delete_dispute_issue,
)
from ..runtime import domain_data, driver_of
from .asking import async_ids_at
from .entries import is_id_of_another

ASK_INTERVAL = 10.0
"""Seconds between two disputes about an entry's device: any number of strangers can start them."""

type Settle = Callable[[], Coroutine[Any, Any, bool]]
"""Asks; returns whether that settled the dispute."""


@callback
def watch_disputes(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Settle the disputes about where an entry's device is, while the entry is loaded."""
    if entry.data[CONF_SEEN_AS] != entry.unique_id:
        adopt_id(hass, entry, entry.data[CONF_SEEN_AS])  # unless it is another's by now

    @callback
    def begin(here: Address, elsewhere: Address) -> None:
        _start(hass, entry, partial(_async_settle_address, hass, entry, here, elsewhere))

    entry.runtime_data.device.observer.on_sighted_elsewhere = begin


@callback
def settle_id(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Find out which id the device of an entry has, as another one was announced at its address."""
    if entry.state is ConfigEntryState.LOADED:
        _start(hass, entry, partial(_async_settle_id, hass, entry))


@callback
def _start(hass: HomeAssistant, entry: LanEdgeConfigEntry, settle: Settle) -> None:
    """Begin at once, or at the end of the interval."""
    asked_at, now = domain_data(hass).asked_at, hass.loop.time()
    due = max(now, asked_at.get(entry.entry_id, -inf) + ASK_INTERVAL)
    if asked_at.get(entry.entry_id, -inf) <= now:  # else one is waiting already
        asked_at[entry.entry_id] = due
        work = _async_settle(hass, entry, settle, due)
        entry.async_create_background_task(hass, work, f"{entry.title}: who is there")


async def _async_settle(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, settle: Settle, due: float
) -> None:
    """Settle a dispute when it is due; ask again if that fails: a device may be moving still."""
    await asyncio.sleep(due - hass.loop.time())
    if not await settle():
        domain_data(hass).asked_at[entry.entry_id] = due + ASK_INTERVAL
        await asyncio.sleep(due + ASK_INTERVAL - hass.loop.time())
        await settle()


async def _async_settle_address(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, here: Address, elsewhere: Address
) -> bool:
    """Decide between the address where a device answers, and another where it was sighted."""
    driver, own = driver_of(hass, entry), entry.data[CONF_SEEN_AS] or entry.unique_id
    ids_here = await async_ids_at(hass, driver, here)
    ids_elsewhere = await async_ids_at(hass, driver, elsewhere)
    device = entry.runtime_data.device
    connection = device.connection
    is_online = connection.status is Status.ONLINE
    if is_online and connection.address != here:
        return True  # it has been found meanwhile
    if own in ids_here and own not in ids_elsewhere:
        async_delete_dispute_issue(hass, entry)
        connection.sighted(here)
    elif own not in ids_elsewhere:
        return False
    elif ids_here and own not in ids_here and not device.is_login_at_stake:
        connection.moved(elsewhere)
    elif is_online:
        _report(hass, entry, str(here), elsewhere)
    return True


async def _async_settle_id(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Adopt the id that the device of an entry gives now; ask the user if it had another one."""
    connection = entry.runtime_data.device.connection
    if connection.address is None or connection.sightings.is_identified:
        return True
    ids = await async_ids_at(hass, driver_of(hass, entry), connection.address)
    known = entry.data[CONF_SEEN_AS]
    if connection.status is not Status.ONLINE or len(ids) != 1 or known in ids:
        return True
    if known:
        _report(hass, entry, known, ids.pop())
    else:
        adopt_id(hass, entry, ids.pop())
    return True


@callback
def _report(hass: HomeAssistant, entry: LanEdgeConfigEntry, known: str, claim: Claim) -> None:
    """Ask the user, unless that was answered already."""
    if claim not in entry.runtime_data.rejected:
        async_create_dispute_issue(hass, entry, known, claim)


@callback
def accept_claim(hass: HomeAssistant, entry: LanEdgeConfigEntry, claim: Claim) -> None:
    """Carry out the user's decision: an entry's device is what was claimed."""
    if isinstance(claim, Address):
        entry.runtime_data.device.connection.moved(claim)
    else:
        adopt_id(hass, entry, claim)


@callback
def adopt_id(hass: HomeAssistant, entry: LanEdgeConfigEntry, unique_id: str) -> None:
    """Recognize the device of an entry by this id in its sightings from now on.

    If it is the id of another entry's device, the device is recognized by its address only: it
    could take all sightings of the other one.
    """
    known_as = "" if is_id_of_another(hass, entry, unique_id) else unique_id
    data = {**entry.data, CONF_SEEN_AS: known_as}
    hass.config_entries.async_update_entry(entry, data=data)
