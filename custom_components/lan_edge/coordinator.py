"""The coordinator of a device: keeps its entities, entry, registries and storage up to date."""

import asyncio
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, OperationNotAllowed
from homeassistant.const import CONF_HOST, CONF_PORT, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import BaseDataUpdateCoordinatorProtocol

from lan_edge import (
    Address,
    CertificateError,
    Driver,
    EdgeError,
    IdentityError,
    Record,
    asked_settings,
)

from .const import CONF_SECRETS, SIGNAL_LOST
from .entities.availability import AvailabilityListeners
from .entities.devices import RegistryDevices
from .entities.lifecycle import PlatformEntities
from .entities.mapping import EntitySpec, forget_specs
from .entities.removal import Ages, async_remove_entity
from .entities.shown import MAX_NEW, MAX_SHOWN, ShownComponents
from .entities.urls import is_media_url
from .errors import to_home_assistant_error
from .reporting.issues import (
    async_create_certificate_issue,
    async_create_impostor_issue,
    async_delete_device_issues,
    async_delete_place_issues,
    async_update_limit_issue,
    forget_certificate,
)
from .reporting.language import own_reason
from .reporting.login import async_report_refused_login, async_settle_login
from .runtime import create_device
from .storage import (
    RecordStore,
    SecretSaves,
    address_of,
    record_data,
    record_store,
    registered_as,
)

SAVE_DELAY = 1.0
"""Seconds until a changed record is saved; further changes meanwhile are saved with it."""
type LanEdgeConfigEntry = ConfigEntry[LanEdgeCoordinator]


class LanEdgeCoordinator(BaseDataUpdateCoordinatorProtocol):
    """Owns the device of an entry.

    It does not poll, and fetches no data: the library decides when to read and whether the device
    is available. Entities subscribe to single attributes, and here only to the availability.
    """

    def __init__(self, hass: HomeAssistant, entry: LanEdgeConfigEntry, record: Record) -> None:
        """Create the device of an entry; raise DriverError if its driver no longer exists."""
        self.hass = hass
        self.config_entry = entry
        self.device = create_device(hass, entry, record)
        self.shown = ShownComponents(hass, self.device, self._show, self._limit_changed)
        self.registry_devices = RegistryDevices(hass, entry, self.device, self.shown)
        self.claims: dict[Address, Address] = {}
        """Where it was sighted, and where it answered then, to be settled; the last one last."""
        self.is_id_claimed = False  # the same, that another id was announced at its address
        self._address = address_of(entry)
        self._store: RecordStore | None = None
        self._secret_saves = SecretSaves(hass, self._save_secrets)
        self._availability = AvailabilityListeners(hass, entry.title, self.device.privacy.loggable)
        self._platforms: list[PlatformEntities] = []
        self._forwarding = asyncio.Lock()
        observer = self.device.observer
        observer.on_online = self._settle_issues
        observer.on_available = self._available_changed
        observer.on_record = self._record_changed
        observer.on_profile = self.shown.follow
        observer.on_secrets = self._secret_saves.request
        observer.on_credentials = self._credentials_refused
        observer.on_credentials_accepted = self._credentials_accepted
        observer.on_certificate = self._certificate_changed
        observer.on_impostor = self._impostor_detected

    @callback
    def start(self) -> None:
        """Start to connect; until that succeeds, the entities are unavailable."""
        self.device.start()

    async def stop(self) -> None:
        """Disconnect, and save the record."""
        self.shown.stop()
        await self.device.stop()
        self._secret_saves.finish()
        async_delete_device_issues(self.hass, self.config_entry)
        self._limit_changed(False)
        await self._record_store().async_save(self._record_data())

    async def refresh(self) -> None:
        """Read all values again; a failure only shows in the device's availability."""
        with suppress(EdgeError):
            await self.device.commands.refresh()

    async def refresh_or_raise(self) -> None:
        """Read all values again; raise HomeAssistantError if that fails."""
        with self.translated_errors():
            await self.device.commands.refresh()

    async def replace_driver(self, driver: type[Driver[Any]]) -> None:
        """Give the device another class of its driver, beneath its connection; raise EdgeError.

        Its entities stay, with their states, and can do what the new class can. If it cannot be
        used, the former one remains.
        """
        await self.device.replace_driver(driver)
        forget_specs()
        await self.shown.driver_replaced()
        self.registry_devices.register()

    @contextmanager
    def translated_errors(self) -> Generator[None]:
        """Raise HomeAssistantError for an error of the library."""
        try:
            yield
        except EdgeError as err:
            reason = own_reason(self.hass, err)
            raise to_home_assistant_error(err, self.config_entry.title, reason) from err

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Call `update_callback` when the availability changes; return what ends this."""
        return self._availability.add(update_callback)

    # platforms

    @property
    def forwarded(self) -> set[Platform]:
        """The platforms that are set up."""
        return {entities.platform for entities in self._platforms}

    async def forward(self) -> None:
        """Set up the platforms on which the device has entities: each takes time."""
        async with self._forwarding:
            missing = self._platforms_of(self.shown.components) - self.forwarded
            forward = self.hass.config_entries.async_forward_entry_setups
            await forward(self.config_entry, sorted(missing))

    async def _forward_later(self) -> None:
        async with self.config_entry.setup_lock:
            pass  # 2026.10 does not wait for the end of the entry's set-up by itself
        if self.config_entry.state is ConfigEntryState.LOADED:
            with suppress(OperationNotAllowed):  # it is being unloaded
                await self.forward()

    @callback
    def add_platform(self, entities: PlatformEntities) -> None:
        """Keep the entities of a platform up to date from now on."""
        self._platforms.append(entities)

    def unique_id(self, spec: EntitySpec) -> str:
        """Return the unique id of an entity; it never changes."""
        return f"{registered_as(self.config_entry)}-{spec.key}"

    def media_url(self, text: str | None, schemes: Collection[str]) -> str | None:
        """Return the URL of a picture or a video that the device reported, if it may be used."""
        is_usable = is_media_url(self.device, self._address.host, text, schemes)
        return text if is_usable else None

    # the registries

    def update_registries(self) -> Iterator[object]:
        """Remove what the profile no longer contains, and register the devices, in steps.

        If Home Assistant was killed, its registries may be older than the record.
        """
        registry = er.async_get(self.hass)
        entities = er.async_entries_for_config_entry(registry, self.config_entry.entry_id)
        unique_ids = {entity.unique_id for entity in entities}
        yield from self.shown.start(lambda spec: self.unique_id(spec) in unique_ids)
        shown = self.shown.components
        wanted = {(spec.platform, self.unique_id(spec)) for c in shown.values() for spec in c.specs}
        for entity in entities:
            if (entity.domain, entity.unique_id) not in wanted:
                async_remove_entity(self.hass, Ages(self.hass), entity)
                yield None
        self.registry_devices.register()
        yield from self.registry_devices.remove_gone_children()
        yield from self.registry_devices.update_children(tuple(shown))

    def _platforms_of(self, components: Collection[str]) -> set[Platform]:
        shown = self.shown.components
        return {spec.platform for name in components if name in shown for spec in shown[name].specs}

    def _show(self, components: Collection[str]) -> Iterator[object]:
        """Update the registries and the entities of these components, in steps."""
        yield from self.registry_devices.update_children(components)
        for entities in tuple(self._platforms):
            for component in components:
                yield from entities.update(component)
        yield from self.registry_devices.remove_gone_children()
        if not self._platforms_of(components) <= self.forwarded:
            self.hass.async_create_task(self._forward_later())

    @callback
    def _limit_changed(self, is_limited: bool) -> None:
        async_update_limit_issue(
            self.hass, self.config_entry, is_limited=is_limited, most=MAX_SHOWN, new=MAX_NEW
        )

    # the device's observer

    @callback
    def _available_changed(self) -> None:
        if not self.device.available:
            async_dispatcher_send(self.hass, SIGNAL_LOST)
        self._availability.notify()

    @callback
    def _record_changed(self) -> None:
        record, entry = self.device.record, self.config_entry
        self._record_store().save_soon(self._record_data, SAVE_DELAY)
        address = record.addresses[0] if record.addresses else self._address
        if address != self._address:
            # The entry is not reloaded: the device is connected at the new address already.
            self._address = address
            self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_HOST: address.host, CONF_PORT: address.port}
            )
        self.registry_devices.register()

    @callback
    def _save_secrets(self) -> None:
        data = {**self.config_entry.data, CONF_SECRETS: dict(self.device.secrets)}
        self.hass.config_entries.async_update_entry(self.config_entry, data=data)
        # not `async_delay_save`, which would postpone a save that is pending already
        self.hass.async_create_task(self._record_store().async_save(self._record_data()))

    @callback
    def _credentials_refused(self) -> None:
        driver = type(self.device.driver)
        asks = any(s.schema.type is str for s in asked_settings(driver.Settings))
        async_report_refused_login(
            self.hass,
            self.config_entry,
            can_be_asked=driver.pairs() or asks,
            in_options=driver.Settings is not None,
        )

    @callback
    def _credentials_accepted(self) -> None:
        async_settle_login(self.hass, self.config_entry)

    @callback
    def _certificate_changed(self, error: CertificateError) -> None:
        async_create_certificate_issue(self.hass, self.config_entry, error)

    @callback
    def _impostor_detected(self, error: IdentityError) -> None:
        async_create_impostor_issue(self.hass, self.config_entry, error)

    @callback
    def _settle_issues(self) -> None:
        async_delete_place_issues(self.hass, self.config_entry)
        forget_certificate(self.hass, self.config_entry)

    # storage

    def _record_store(self) -> RecordStore:
        """Return the store, created at the first use: most devices save nothing for years."""
        self._store = self._store or record_store(self.hass, self.config_entry.entry_id)
        return self._store

    def _record_data(self) -> dict[str, Any]:
        return record_data(self.config_entry, self.device.record)
