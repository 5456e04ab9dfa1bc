"""The LAN Edge integration: devices on the local network, each controlled by a short driver."""

from . import library  # noqa: F401  # first: what follows imports lan_edge

# isort: split

from contextlib import suppress

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.typing import ConfigType

from lan_edge import DriverError, run_in_slices

from .const import DOMAIN, SIGNAL_SEARCH
from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .discovery.announced import watch_announced
from .discovery.disputes import watch_disputes
from .discovery.new_devices import end_offers
from .discovery.routing import forget_missed, keep_unproven, notify_missed
from .discovery.search import async_start_discovery
from .discovery.wanted import watch_wanted
from .driver_files.missing import no_driver
from .reporting.issues import async_delete_device_issues
from .runtime import async_load_domain_data, async_notify_removed, driver_of
from .service_entry import async_ensure_service_entry, is_service, loaded_devices
from .services import async_setup_services
from .storage import (
    async_load_stored,
    async_remove_orphaned_records,
    record_of,
    record_store,
    restore_secrets,
)

__all__ = [
    "async_migrate_entry",
    "async_remove_config_entry_device",
    "async_remove_entry",
    "async_setup",
    "async_setup_entry",
    "async_unload_entry",
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [  # each is set up for an entry only when its device has an entity on it
    Platform.ALARM_CONTROL_PANEL,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.CLIMATE,
    Platform.COVER,
    Platform.EVENT,
    Platform.FAN,
    Platform.HUMIDIFIER,
    Platform.IMAGE,
    Platform.LIGHT,
    Platform.LOCK,
    Platform.MEDIA_PLAYER,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SIREN,
    Platform.SWITCH,
    Platform.TEXT,
    Platform.UPDATE,
    Platform.VACUUM,
    Platform.VALVE,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and start discovery."""

    @callback
    def stop(_event: Event) -> None:
        for entry in loaded_devices(hass):
            hass.async_create_task(entry.runtime_data.stop())

    await async_load_domain_data(hass)
    async_setup_services(hass)
    await async_start_discovery(hass)
    await async_remove_orphaned_records(hass)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Update an entry; version 1.1 is from before LAN Edge itself had an entry, so create that."""
    if entry.version > 1:
        return False  # of a later version of LAN Edge
    if entry.minor_version == 1:
        async_ensure_service_entry(hass)
        hass.config_entries.async_update_entry(entry, minor_version=2)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Set up an entry without waiting for its device, which may be off."""
    if is_service(entry):
        async_dispatcher_send(hass, SIGNAL_SEARCH)
        return True
    try:
        driver_of(hass, entry)
        stored = await async_load_stored(hass, entry)
        restore_secrets(hass, entry, stored)
        coordinator = LanEdgeCoordinator(hass, entry, record_of(entry, stored))
    except DriverError as err:
        raise no_driver(hass, entry) from err
    entry.runtime_data = coordinator
    await run_in_slices(coordinator.update_registries())
    await coordinator.forward()
    watch_disputes(hass, entry)
    watch_wanted(hass, entry)
    watch_announced(hass, entry)
    notify_missed(hass, entry)
    end_offers(hass, entry)
    if not hass.is_stopping:  # else nothing would stop it
        coordinator.start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Remove the entities, then stop the coordinator."""
    if is_service(entry):
        return True
    coordinator = entry.runtime_data
    coordinator.shown.stop()
    platforms = sorted(coordinator.forwarded)
    if unloaded := await hass.config_entries.async_unload_platforms(entry, platforms):
        keep_unproven(hass, entry)
        await coordinator.stop()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Notify the device, and delete everything that is stored for it."""
    if is_service(entry):
        return
    with suppress(DriverError):  # its driver no longer exists
        await async_notify_removed(hass, entry)
    await record_store(hass, entry.entry_id).async_remove()
    async_delete_device_issues(hass, entry)
    forget_missed(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: LanEdgeConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let the user remove only child devices whose component is gone or no longer listed."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data
    component = coordinator.registry_devices.component_of(device)
    return component is None or coordinator.device.remove_absent_component(component)
