"""Follows the changes of driver files: devices get their new drivers while they are connected."""

import asyncio
from collections.abc import Collection
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from lan_edge import EdgeError

from ..const import CONF_DRIVER, DOMAIN
from ..coordinator import LanEdgeConfigEntry
from ..reporting.issues import async_update_driver_file_issues
from ..runtime import domain_data, driver_of
from ..service_entry import async_ensure_service_entry, device_entries
from .missing import is_shown, no_driver

_LOGGER = logging.getLogger(__name__)

LOOK_INTERVAL = 2.0
"""Seconds between two looks at the folder."""
ABSENT_INTERVAL = 5.0
"""Seconds between two looks for the folder while there is none."""


@callback
def async_watch_drivers(hass: HomeAssistant) -> None:
    """Follow the changes of driver files until Home Assistant stops."""
    hass.async_create_background_task(_watch(hass), f"{DOMAIN} driver files")


async def _watch(hass: HomeAssistant) -> None:
    data = domain_data(hass)
    while True:
        is_there = bool(data.files) or any([await each.exists() for each in data.folders])
        await asyncio.sleep(LOOK_INTERVAL if is_there else ABSENT_INTERVAL)
        if is_there:
            # a device that takes long to get its new driver does not delay what is saved next
            look = hass.async_create_background_task(async_look(hass), f"{DOMAIN} driver files")
            await asyncio.wait({look}, timeout=LOOK_INTERVAL)


async def async_look(hass: HomeAssistant) -> None:
    """Use what has changed in the folders of drivers and descriptions, if anything has.

    A new file has LAN Edge's own entry created, without which its devices would have no cards.
    """
    folders = domain_data(hass).folders
    before = {path for folder in folders for path in folder.files}
    changed = [await folder.look() for folder in folders]
    if not before.issuperset(path for folder in folders for path in folder.files):
        async_ensure_service_entry(hass)
    await _async_use(hass, frozenset[str]().union(*changed))


async def async_look_now(hass: HomeAssistant) -> None:
    """Use at once what has changed in the folders: a file counts once two looks find it alike."""
    await async_look(hass)
    await async_look(hass)


async def async_reload(hass: HomeAssistant) -> frozenset[str]:
    """Use driver files as they are now; return the ids of the drivers that changed, or are gone."""
    reloaded = [await folder.reload() for folder in domain_data(hass).folders]
    changed = frozenset[str]().union(*reloaded)
    await _async_use(hass, changed)
    return changed


async def _async_use(hass: HomeAssistant, changed: Collection[str]) -> None:
    """Give the devices the drivers that have changed, and report the files that have failed."""
    async_update_driver_file_issues(hass, domain_data(hass).files)
    entries = tuple(device_entries(hass))
    for entry in entries:
        if _needs_reload(hass, entry, changed):
            hass.config_entries.async_schedule_reload(entry.entry_id)
    replaced = (e for e in entries if e.data[CONF_DRIVER] in changed and _has_driver(hass, e))
    loaded = (entry for entry in replaced if entry.state is ConfigEntryState.LOADED)
    await asyncio.gather(*(_async_replace(hass, entry) for entry in loaded))


def _needs_reload(hass: HomeAssistant, entry: ConfigEntry[Any], changed: Collection[str]) -> bool:
    """Return whether an entry has lost its driver, has it back, or lacks it for another reason."""
    driver_id, has_driver = entry.data[CONF_DRIVER], _has_driver(hass, entry)
    if entry.state is ConfigEntryState.LOADED:
        return not has_driver
    if entry.state is ConfigEntryState.SETUP_IN_PROGRESS:
        return driver_id in changed
    if entry.state is not ConfigEntryState.SETUP_RETRY:
        return False
    return has_driver or not is_shown(entry, no_driver(hass, entry))


def _has_driver(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    return entry.data[CONF_DRIVER] in domain_data(hass).registry.drivers


async def _async_replace(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Give a device the driver that there is now; if that cannot be used, its former one stays."""
    coordinator = entry.runtime_data
    try:
        await coordinator.replace_driver(driver_of(hass, entry))
    except EdgeError as err:
        shown = coordinator.device.privacy.text(str(err))
        _LOGGER.error("%s: its former driver stays: %s", entry.title, shown)  # noqa: TRY400
