"""LAN Edge: devices on the local network, each by a short driver."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .const import CONF_DRIVER, DOMAIN
from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator, load_record, record_store
from .discovery import async_start_discovery
from .edge import DriverError, drivers as _bundled_drivers
from .entity import device_info

__all__ = ["_bundled_drivers", "async_setup", "async_setup_entry", "async_unload_entry"]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.LIGHT,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Begin to listen for what the manifest cannot name."""
    await async_start_discovery(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Set up a device without waiting for it: it may be off."""
    try:
        coordinator = LanEdgeCoordinator(hass, entry, await load_record(hass, entry))
    except DriverError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="no_driver",
            translation_placeholders={"driver": entry.data[CONF_DRIVER]},
        ) from err
    entry.runtime_data = coordinator
    info = device_info(coordinator.device.identity)
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **info)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(coordinator.stop)
    coordinator.start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Take the entities away; the coordinator stops after that."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Forget what was kept of the device."""
    await record_store(hass, entry.entry_id).async_remove()
