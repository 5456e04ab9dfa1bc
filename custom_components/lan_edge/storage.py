"""What is stored beside the entries: the record of each device, and the listener's settings."""

from asyncio import TimerHandle
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
import re
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR, Store

from lan_edge import Address, Device, ListenerSettings, Record, read_settings

from .const import CONF_IDENTITY, CONF_RECORD, CONF_REGISTERED_AS, CONF_SECRETS, DOMAIN

RECORD_FILE = re.compile(rf"{DOMAIN}\.([0-9A-Z]{{26}})(\.corrupt\..*)?")
"""The name of a record's file, which contains the id of its entry, a ULID."""
MAX_SAVE_DELAY = 60.0
"""Seconds between two saves of a record that changes all the time."""
SAVES_AT_ONCE, SAVE_INTERVAL = 4, 10.0
"""Saves of a device's secrets in succession, and seconds between further ones."""


class SecretSaves:
    """Saves what must not be lost at once, but not as often as a device may change it."""

    def __init__(self, hass: HomeAssistant, save: Callable[[], None]) -> None:
        """`save` saves the secrets."""
        self._hass = hass
        self._save = save
        self._due = -inf
        """When the next save may be, in loop time."""
        self._timer: TimerHandle | None = None

    @callback
    def request(self) -> None:
        """Save now; if that was done too often, together with further changes, later."""
        loop = self._hass.loop
        if self._timer is not None:
            return
        if self._due <= loop.time():
            self._run()
        else:
            self._timer = loop.call_at(self._due, self._run)

    @callback
    def finish(self) -> None:
        """Save now what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._run()

    @callback
    def _run(self) -> None:
        self._timer = None
        earliest = self._hass.loop.time() - (SAVES_AT_ONCE - 1) * SAVE_INTERVAL
        self._due = max(self._due, earliest) + SAVE_INTERVAL
        self._save()


class RecordStore(Store[dict[str, Any]]):
    """The store of a record, which a device may change all the time."""

    _delay = 0.0
    """Seconds of the last delay."""
    _due = 0.0
    """When the last delayed save was due, in loop time."""

    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Save in `delay` seconds, and not later if it changes again meanwhile.

        If that goes on, the next delays are twice as long each time, up to MAX_SAVE_DELAY.
        """
        now = self.hass.loop.time()
        if now < self._due:
            return
        is_rare = now - self._due > MAX_SAVE_DELAY
        self._delay = delay if is_rare else min(max(2 * self._delay, delay), MAX_SAVE_DELAY)
        self._due = now + self._delay
        self.async_delay_save(data, self._delay)

    @override
    async def async_save(self, data: dict[str, Any]) -> None:
        self._due = min(self._due, self.hass.loop.time())  # it replaces a save that is pending
        await super().async_save(data)


def record_store(hass: HomeAssistant, entry_id: str) -> RecordStore:
    """Return the store of the record of an entry's device."""
    return RecordStore(hass, 1, f"{DOMAIN}.{entry_id}", private=True)


def record_data(entry: ConfigEntry[Any], record: Record) -> dict[str, Any]:
    """Return the data to be stored for an entry's device.

    They include the entry's secrets: Home Assistant writes entries with a delay, and a device
    may hand out a secret only once, so it must not be lost if Home Assistant is killed meanwhile.
    """
    return {**record.as_dict(), CONF_SECRETS: entry.data.get(CONF_SECRETS, {})}


async def async_load_stored(hass: HomeAssistant, entry: ConfigEntry[Any]) -> dict[str, Any]:
    """Return what `record_data` returned when an entry's device was last stored, or {}."""
    return await record_store(hass, entry.entry_id).async_load() or {}


INITIAL = (
    "addresses",
    "profile",
    "fields",
    "pin",
    "challenge",
    "way_pins",
    "call_token",
    "calls_by_token",
)
"""What an entry has of its device's record from the flow in which the device was added."""


@callback
def restore_secrets(
    hass: HomeAssistant, entry: ConfigEntry[Any], stored: Mapping[str, Any]
) -> None:
    """Copy the stored secrets of a device to its entry, where they may be older."""
    if secrets := stored.get(CONF_SECRETS):
        data = {**entry.data, CONF_SECRETS: secrets}
        hass.config_entries.async_update_entry(entry, data=data)


def record_of(entry: ConfigEntry[Any], stored: Mapping[str, Any]) -> Record:
    """Return the record of an entry's device: from its last run, else from its config flow."""
    initial = {"identity": entry.data[CONF_IDENTITY], **entry.data.get(CONF_RECORD, {})}
    record = Record.from_dict({**initial, **stored})
    if not record.identity.unique_id:  # without it, any device would be accepted as this one
        record.identity = Record.from_dict(initial).identity
    address = address_of(entry)
    known = (each for each in record.addresses if each == address)  # with its path
    others = (each for each in record.addresses if each != address)
    record.addresses = (next(known, address), *others)
    return record


async def async_save_pairing(hass: HomeAssistant, entry: ConfigEntry[Any], paired: Device) -> None:
    """Store what a new pairing of an entry's device has changed."""
    secrets, record = dict(paired.secrets), paired.record
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_SECRETS: secrets})
    if entry.state is ConfigEntryState.LOADED:  # which writes its record when it is unloaded
        running: Device = entry.runtime_data.device
        running.adopt_pairing(paired)
    store = record_store(hass, entry.entry_id)
    stored = {key: record.as_dict()[key] for key in ("fields", "pin", "challenge", "way_pins")}
    changes = {CONF_SECRETS: secrets, **stored}
    await store.async_save({**(await store.async_load() or {}), **changes})
    if hass.config_entries.async_get_entry(entry.entry_id) is None:  # removed meanwhile
        await store.async_remove()


async def async_remove_orphaned_records(hass: HomeAssistant) -> None:
    """Delete the records whose entries do not exist.

    Home Assistant writes entries with a delay. If it is killed before that, the entry of a record
    may not have been written yet.
    """
    storage = Path(hass.config.path(STORAGE_DIR))
    files = await hass.async_add_executor_job(lambda: list(storage.glob(f"{DOMAIN}.*")))
    for file in files:
        match = RECORD_FILE.fullmatch(file.name)
        if match and not hass.config_entries.async_get_entry(match[1]):
            await hass.async_add_executor_job(file.unlink)


def listener_store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    """Return the store of the listener's settings."""
    return Store(hass, 1, f"{DOMAIN}.listener")


def parse_listener_settings(data: Mapping[str, Any]) -> ListenerSettings:
    """Return the stored settings; a missing or invalid one has its default."""
    settings: ListenerSettings = read_settings(ListenerSettings, data)[0]
    return settings


def address_of(entry: ConfigEntry[Any]) -> Address:
    """Return the last known address of an entry's device."""
    return Address(entry.data[CONF_HOST], entry.data[CONF_PORT])


def registered_as(entry: ConfigEntry[Any]) -> str:
    """Return the id by which the registries know an entry's device; it never changes."""
    return str(entry.data.get(CONF_REGISTERED_AS, entry.unique_id))
