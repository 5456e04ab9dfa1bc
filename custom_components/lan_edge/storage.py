"""What an entry keeps of its device, and the device made from it."""

from collections.abc import Mapping
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR, Store

from lan_edge import Address, Device, ListenerSettings, Record, read_settings

from .const import CONF_IDENTITY, CONF_RECORD, CONF_SECRETS, DOMAIN

RECORD = re.compile(rf"{DOMAIN}\.([0-9A-Z]{{26}})(\.corrupt\..*)?")
"""What the file of a record is called: by its entry's id, which is an ULID."""


def record_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the record of an entry's device is kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}", private=True)


def kept(entry: ConfigEntry[Any], record: Record) -> dict[str, Any]:
    """Return what is stored of an entry's device.

    The secrets too, which are the entry's: Home Assistant stores entries late, and what a device
    gave out once may not be lost when it is killed meanwhile.
    """
    return {**record.as_dict(), CONF_SECRETS: entry.data.get(CONF_SECRETS, {})}


async def keep_pairing(hass: HomeAssistant, entry: ConfigEntry[Any], paired: Device) -> None:
    """Have what a device was paired with again; return when it is stored."""
    secrets, fields, pin = dict(paired.secrets), dict(paired.record.fields), paired.record.pin
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_SECRETS: secrets})
    if entry.state is ConfigEntryState.LOADED:  # when it ends, it stores what it has
        running: Device = entry.runtime_data.device
        running.take_over(paired)
    store = record_store(hass, entry.entry_id)
    told = {CONF_SECRETS: secrets, "fields": fields, "pin": pin}
    await store.async_save({**(await store.async_load() or {}), **told})


async def forget_strays(hass: HomeAssistant) -> None:
    """Remove the records without an entry.

    Home Assistant stores entries a second late: where it is killed before, an entry is gone, or
    not there yet, whose record is.
    """
    storage = Path(hass.config.path(STORAGE_DIR))
    files = await hass.async_add_executor_job(lambda: list(storage.glob(f"{DOMAIN}.*")))
    for file in files:
        record = RECORD.fullmatch(file.name)
        if record and not hass.config_entries.async_get_entry(record[1]):
            await hass.async_add_executor_job(file.unlink)


async def load_record(
    hass: HomeAssistant, entry: ConfigEntry[Any], *, starting: bool = False
) -> Record:
    """Return what is known of an entry's device: from its last run, or from its config flow.

    When it starts, the entry gets the secrets that it was not stored with in time.
    """
    stored = await record_store(hass, entry.entry_id).async_load() or {}
    if starting and (secrets := stored.get(CONF_SECRETS)):
        data = {**entry.data, CONF_SECRETS: secrets}
        hass.config_entries.async_update_entry(entry, data=data)
    told = {"identity": entry.data[CONF_IDENTITY], **entry.data.get(CONF_RECORD, {})}
    record = Record.from_dict({**told, **stored})
    if not record.identity.unique_id:  # without it, any device would be taken for this one
        record.identity = Record.from_dict(told).identity
    address = address_of(entry)
    others = tuple(a for a in record.addresses if a != address)
    record.addresses = (address, *others)
    return record


def listener_store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    """Return where the settings of the listener are kept."""
    return Store(hass, 1, f"{DOMAIN}.listener")


def stored_listener_settings(data: Mapping[str, Any]) -> ListenerSettings:
    """Return the settings that were stored, perhaps by an older or newer version."""
    settings: ListenerSettings = read_settings(ListenerSettings, data)[0]
    return settings


def address_of(entry: ConfigEntry[Any]) -> Address:
    """Return where an entry's device was last."""
    return Address(entry.data[CONF_HOST], entry.data[CONF_PORT])
