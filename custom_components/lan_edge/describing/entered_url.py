"""The URL that the owner of a device enters in it."""

from contextlib import suppress
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from lan_edge import EdgeError

from ..runtime import async_load_device


async def async_entered_url(hass: HomeAssistant, entry: ConfigEntry[Any]) -> str:
    """Return the URL for the device of an entry; empty if it has none, or there is no network."""
    is_loaded = entry.state is ConfigEntryState.LOADED
    device = entry.runtime_data.device if is_loaded else await async_load_device(hass, entry)
    with suppress(EdgeError):
        return str(await device.callback_url())
    return ""
