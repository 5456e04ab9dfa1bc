"""The coordinator of one device: pushes pass through it, polls go out by it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
import logging
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .const import CONF_DRIVER, CONF_IDENTITY, DOMAIN
from .edge import Address, Attribute, Device, EdgeError, Identity, Record, driver_for
from .mapping import View, views

_LOGGER = logging.getLogger(__name__)

SAVE_DELAY = 1.0

type LanEdgeConfigEntry = ConfigEntry[LanEdgeCoordinator]


class LanEdgeCoordinator(DataUpdateCoordinator[None]):
    """Owns a device; its entities listen to single attributes, and to its availability.

    Whether the device is there is the connection's to say, not a refresh's.
    """

    config_entry: LanEdgeConfigEntry

    def __init__(self, hass: HomeAssistant, entry: LanEdgeConfigEntry, record: Record) -> None:
        """Make the device of an entry; raise DriverError if its driver is gone."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self.device = Device(driver_for(entry.data[CONF_DRIVER]), record)
        self.last_update_success = False
        self._store = record_store(hass, entry.entry_id)
        self._platforms: list[Callable[[], None]] = []
        observer = self.device.observer
        observer.available = self._available_changed
        observer.record = self._record_changed
        observer.profile = self._profile_changed

    @callback
    def start(self) -> None:
        """Begin to connect; entities are there already, unavailable until it succeeds."""
        self.device.start()

    async def stop(self) -> None:
        """Disconnect and save."""
        await self.device.stop()
        await self._store.async_save(self.device.record.as_dict())

    @callback
    def add_platform(
        self,
        platform: Platform,
        create: Callable[[View], Entity],
        add: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Add the platform's entities now, and those that come with a new profile later."""
        present: dict[View, Entity] = {}

        @callback
        def update() -> None:
            wanted = [v for v in views(self.device) if v.platform is platform]
            for view in present.keys() - set(wanted):
                self._remove(present.pop(view))
            new = {v: create(v) for v in wanted if v not in present}
            present.update(new)
            add(new.values())

        self._platforms.append(update)
        update()

    @callback
    def async_add_attribute_listener(
        self, component: str, attributes: Iterable[Attribute[Any]], listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE:
        """Call `listener` after each change of one of the attributes; return what ends that."""
        state = self.device.state
        unsubscribe = [state.subscribe(a, component, listener) for a in attributes]

        @callback
        def end() -> None:
            for each in unsubscribe:
                each()

        return end

    @override
    async def _async_update_data(self) -> None:
        with suppress(EdgeError):  # shows in the device's availability
            await self.device.refresh()

    @override
    @callback
    def async_set_update_error(self, err: Exception) -> None:
        """Stay as the connection says."""

    @callback
    def _available_changed(self) -> None:
        self.last_update_success = self.device.available
        self.async_update_listeners()

    @callback
    def _record_changed(self) -> None:
        record, entry = self.device.record, self.config_entry
        self._store.async_delay_save(record.as_dict, SAVE_DELAY)
        address = record.addresses[0] if record.addresses else None
        if address and address_of(entry) != address:
            # no reload: the connection is there already, and no entity needs to know
            self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_HOST: address.host, CONF_PORT: address.port}
            )

    @callback
    def _profile_changed(self) -> None:
        for update in self._platforms:
            update()

    @callback
    def _remove(self, entity: Entity) -> None:
        self.config_entry.async_create_task(self.hass, entity.async_remove(force_remove=True))


def record_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where the record of an entry's device is kept."""
    return Store(hass, 1, f"{DOMAIN}.{entry_id}")


async def load_record(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> Record:
    """Return what is known of an entry's device: from its last run, or from its config flow."""
    stored = await record_store(hass, entry.entry_id).async_load() or {}
    record = Record.from_dict({"identity": entry.data[CONF_IDENTITY], **stored})
    address = address_of(entry)
    others = tuple(a for a in record.addresses if a != address)
    record.addresses = (address, *others)
    return record


def address_of(entry: ConfigEntry[Any]) -> Address:
    """Return where an entry's device was last."""
    return Address(entry.data[CONF_HOST], entry.data[CONF_PORT])


def identity_data(identity: Identity) -> dict[str, Any]:
    """Return an identity as an entry keeps it."""
    return asdict(identity)
