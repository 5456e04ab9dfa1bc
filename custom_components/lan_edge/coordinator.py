"""The coordinator of one device: keeps it, its entities and what is known of it in step."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
import logging
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, OperationNotAllowed
from homeassistant.const import CONF_HOST, CONF_PORT, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import (
    CONNECTION_NETWORK_MAC,
    ChildDeviceInfo,
    DeviceInfo,
)
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import BaseDataUpdateCoordinatorProtocol

from lan_edge import (
    MAIN,
    CertificateError,
    EdgeError,
    Identity,
    IdentityError,
    Record,
)

from .const import CONF_SECRETS, DOMAIN, SIGNAL_LOST
from .entities.lifecycle import Maker, Present
from .entities.mapping import View, views
from .errors import to_home_assistant_error
from .reporting.issues import (
    async_create_certificate_issue,
    async_create_impostor_issue,
    async_create_login_issue,
    async_delete_device_issues,
)
from .runtime import create_device
from .storage import address_of, record_data, record_store

_LOGGER = logging.getLogger(__name__)

SAVE_DELAY = 1.0
type LanEdgeConfigEntry = ConfigEntry[LanEdgeCoordinator]


class LanEdgeCoordinator(BaseDataUpdateCoordinatorProtocol):
    """Owns a device; its entities listen to single attributes, and to its availability.

    It polls nothing and judges nothing: when to read, and whether the device is there, is the
    connection's to say.
    """

    def __init__(self, hass: HomeAssistant, entry: LanEdgeConfigEntry, record: Record) -> None:
        """Make the device of an entry; raise DriverError if its driver is gone."""
        self.hass = hass
        self.config_entry = entry
        self.device = create_device(hass, entry, record)
        self._address = address_of(entry)
        self._registered: Identity | None = None
        """Who the device registry knows it as, if it does."""
        self._store: Store[dict[str, Any]] | None = None
        self._listeners: list[CALLBACK_TYPE] = []
        self._platforms: list[Present] = []
        self._forwarding = asyncio.Lock()
        observer = self.device.observer
        observer.on_online = self._delete_issues
        observer.on_available = self._available_changed
        observer.on_record = self._record_changed
        observer.on_profile = self._profile_changed
        observer.on_secrets = self._secrets_changed
        observer.on_credentials = self._credentials_refused
        observer.on_certificate = self._certificate_changed
        observer.on_impostor = self._impostor_found

    @callback
    def start(self) -> None:
        """Begin to connect; entities are there already, unavailable until it succeeds."""
        self.device.start()

    async def stop(self) -> None:
        """Disconnect and save."""
        await self.device.stop()
        self._delete_issues()
        await self._storage().async_save(self._kept())

    async def refresh(self) -> None:
        """Read everything again; a failure shows in the device's availability."""
        with suppress(EdgeError):
            await self.device.commands.refresh()

    async def read_again(self) -> None:
        """Read everything again; raise Home Assistant's errors."""
        with self.translated():
            await self.device.commands.refresh()

    @contextmanager
    def translated(self) -> Generator[None]:
        """Raise what the device raises inside as Home Assistant's errors."""
        try:
            yield
        except EdgeError as err:
            raise to_home_assistant_error(err, self.config_entry.title) from err

    # its entities

    @property
    def forwarded(self) -> set[Platform]:
        """The platforms that are set up: those that the device has had an entity of."""
        return {present.platform for present in self._platforms}

    async def forward(self) -> None:
        """Set up the platforms that the device needs by now; each costs, also without entities."""
        async with self._forwarding:
            wanted = {view.platform for view in views(self.device)} - self.forwarded
            forward = self.hass.config_entries.async_forward_entry_setups
            await forward(self.config_entry, sorted(wanted))

    async def _forward_later(self) -> None:
        async with self.config_entry.setup_lock:
            pass  # only waited for: 2026.10 does not by itself
        if self.config_entry.state is ConfigEntryState.LOADED:
            with suppress(OperationNotAllowed):  # it is being unloaded meanwhile
                await self.forward()

    @callback
    def add_platform(
        self,
        platform: Platform,
        create: Callable[[View], Entity],
        add: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Add the platform's entities now; they follow the profile from then on."""
        maker = Maker(platform, create, add)
        present = Present(self.hass, self.device, self.unique_id, maker)
        self._platforms.append(present)
        present.update()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Call `update_callback` when the device comes or goes; return what ends that."""
        self._listeners.append(update_callback)
        return lambda: self._listeners.remove(update_callback)

    def unique_id(self, view: View) -> str:
        """Return the unique id of a view's entity; it never changes."""
        return f"{self.config_entry.unique_id}-{view.key}"

    # the device registry

    @callback
    def register_device(self) -> str:
        """Bring the device registry up to date; return the device's id there."""
        registry = dr.async_get(self.hass)
        entry_id = self.config_entry.entry_id
        return registry.async_get_or_create(config_entry_id=entry_id, **self._described()).id

    def device_info(self, component: str) -> DeviceInfo | ChildDeviceInfo:
        """Return the device that a component is part of, or the one it is to people."""
        part = self.device.profile.components[component]
        if not part.child:
            make: Callable[..., DeviceInfo] = DeviceInfo  # a TypedDict or a dataclass
            return make(**self._described())
        return ChildDeviceInfo(
            identifiers={self._child(component)},
            name=part.name or component,
            parent_device_id=self.register_device(),
        )

    @callback
    def component_of(self, device: dr.AnyDeviceEntry) -> str | None:
        """Return which component a device of the registry is; None: one that is gone."""
        if not isinstance(device, dr.ChildDeviceEntry):
            return MAIN
        parts = self.device.profile.components.items()
        children = (name for name, part in parts if part.child)
        return next((c for c in children if self._child(c) in device.identifiers), None)

    def _described(self) -> dict[str, Any]:
        """Return what the device registry is told, and note that it is."""
        self._registered = identity = self.device.identity
        mac = dr.format_mac(identity.mac)
        return {
            "identifiers": {(DOMAIN, str(self.config_entry.unique_id))},
            "connections": {(CONNECTION_NETWORK_MAC, mac)} if mac else set(),
            "name": identity.name or self.config_entry.title,
            "manufacturer": identity.manufacturer or None,
            "model": identity.model or None,
            "sw_version": identity.firmware or None,
            "serial_number": identity.serial_number or None,
            "configuration_url": identity.url or None,
        }

    def _child(self, component: str) -> tuple[str, str]:
        return (DOMAIN, f"{self.config_entry.unique_id}-{component}")

    @callback
    def forget_gone(self) -> None:
        """Remove entities and devices that the profile does not have.

        Where Home Assistant was killed, its registries may be older than what we keep.
        """
        wanted = {(view.platform, self.unique_id(view)) for view in views(self.device)}
        registry = er.async_get(self.hass)
        for known in er.async_entries_for_config_entry(registry, self.config_entry.entry_id):
            if (known.domain, known.unique_id) not in wanted:
                registry.async_remove(known.entity_id)
        self._forget_children()

    # what the device tells

    @callback
    def _available_changed(self) -> None:
        if not self.device.available:
            async_dispatcher_send(self.hass, SIGNAL_LOST)
        for listener in tuple(self._listeners):
            listener()

    @callback
    def _record_changed(self) -> None:
        record, entry = self.device.record, self.config_entry
        self._storage().async_delay_save(self._kept, SAVE_DELAY)
        if self._registered != self.device.identity:
            self.register_device()
        address = record.addresses[0] if record.addresses else self._address
        if address != self._address:
            # no reload: the connection is there already, and no entity needs to know
            self._address = address
            self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_HOST: address.host, CONF_PORT: address.port}
            )

    def _storage(self) -> Store[dict[str, Any]]:
        """Return where the record is kept; most devices have nothing new to keep for years."""
        self._store = self._store or record_store(self.hass, self.config_entry.entry_id)
        return self._store

    @callback
    def _secrets_changed(self) -> None:
        data = {**self.config_entry.data, CONF_SECRETS: dict(self.device.secrets)}
        self.hass.config_entries.async_update_entry(self.config_entry, data=data)
        # at once: what was to be saved later may have put a delay of none off as well
        self.hass.async_create_task(self._storage().async_save(self._kept()))

    def _kept(self) -> dict[str, Any]:
        return record_data(self.config_entry, self.device.record)

    @callback
    def _credentials_refused(self) -> None:
        driver = type(self.device.driver)
        if driver.pairs():
            self.config_entry.async_start_reauth(self.hass)
        else:
            async_create_login_issue(
                self.hass, self.config_entry, in_options=driver.Settings is not None
            )

    @callback
    def _certificate_changed(self, changed: CertificateError) -> None:
        async_create_certificate_issue(self.hass, self.config_entry, changed)

    @callback
    def _impostor_found(self, found: IdentityError) -> None:
        async_create_impostor_issue(self.hass, self.config_entry, found)

    @callback
    def _delete_issues(self) -> None:
        async_delete_device_issues(self.hass, self.config_entry)

    @callback
    def _profile_changed(self) -> None:
        for present in self._platforms:
            present.update()
        self._forget_children()
        if not {view.platform for view in views(self.device)} <= self.forwarded:
            self.hass.async_create_task(self._forward_later())

    @callback
    def _forget_children(self) -> None:
        """Remove the devices of components that are gone, or are no devices any more."""
        components = self.device.profile.components
        wanted = {self._child(name) for name, part in components.items() if part.child}
        registry = dr.async_get(self.hass)
        entry_id = self.config_entry.entry_id
        for device in dr.async_child_entries_for_config_entry(registry, entry_id):
            if not device.identifiers & wanted:
                registry.async_remove_device(device.id)
