"""LAN Edge: devices on the local network, each by a short driver."""

from contextlib import suppress

from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import CONF_DRIVER, DOMAIN
from .coordinator import (
    LanEdgeConfigEntry,
    LanEdgeCoordinator,
    load_record,
    record_store,
    say_removed,
)
from .discovery import async_start_discovery
from .edge import DriverError, drivers as _bundled_drivers
from .issues import forget_certificate_issue
from .listener import async_get_hub

__all__ = [
    "_bundled_drivers",
    "async_remove_entry",
    "async_setup",
    "async_setup_entry",
    "async_unload_entry",
]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.LIGHT,
    Platform.MEDIA_PLAYER,
    Platform.NUMBER,
    Platform.SELECT,
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
        record, hub = await load_record(hass, entry), await async_get_hub(hass)
        coordinator = LanEdgeCoordinator(hass, entry, record, hub)
    except DriverError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="no_driver",
            translation_placeholders={"driver": entry.data[CONF_DRIVER]},
        ) from err
    entry.runtime_data = coordinator
    coordinator.register_device()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.start()
    entry.async_on_unload(coordinator.stop)
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, coordinator.stop))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> bool:
    """Take the entities away; the coordinator stops after that."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Tell the device, and forget what was kept of it."""
    with suppress(DriverError):  # its driver is gone already
        await say_removed(hass, entry)
    await record_store(hass, entry.entry_id).async_remove()
    forget_certificate_issue(hass, entry)
