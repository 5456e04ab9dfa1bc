"""LAN Edge's own entry, without which the devices of driver files have no cards."""

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..runtime import async_load_domain_data
from ..service_entry import async_add_service_entry


async def async_add_entry_for_files(hass: HomeAssistant) -> None:
    """Create the entry if there are driver files, but no entry of LAN Edge at all.

    Home Assistant has not started LAN Edge then.
    """
    if hass.config_entries.async_entries(DOMAIN):
        return
    data = await async_load_domain_data(hass)
    if any(folder.files for folder in data.folders):
        await async_add_service_entry(hass)
