"""The entry of LAN Edge itself, a service, beside those of the devices.

While it is loaded, searches offer the new devices that they find. Its options are what all devices
have in common. Devices do not depend on it.
"""

from collections.abc import Iterator
from typing import Any

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_IMPORT,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowContext,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow

from .const import CONF_DRIVER, CONF_HIDDEN, DOMAIN

SERVICE_TITLE = "LAN Edge"
SERVICE_ID = DOMAIN
"""The unique id of the entry."""
_SOURCE = SOURCE_IMPORT
"""Not the system: the frontend lets nobody delete or disable an entry of that."""


@callback
def is_service(entry: ConfigEntry[Any]) -> bool:
    """Return whether an entry is that of LAN Edge itself, not of a device."""
    return entry.unique_id == SERVICE_ID and CONF_DRIVER not in entry.data


@callback
def service_entry(hass: HomeAssistant) -> ConfigEntry[Any] | None:
    """Return the entry of LAN Edge itself, if there is one."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, SERVICE_ID)
    return entry if entry and is_service(entry) else None


@callback
def device_entries(hass: HomeAssistant) -> Iterator[ConfigEntry[Any]]:
    """Yield the entries of all devices, without those that the user ignores."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.source != SOURCE_IGNORE and not is_service(entry):
            yield entry


@callback
def loaded_devices(hass: HomeAssistant) -> Iterator[ConfigEntry[Any]]:
    """Yield the entries of devices that are set up."""
    return (e for e in device_entries(hass) if e.state is ConfigEntryState.LOADED)


@callback
def is_offered(hass: HomeAssistant, driver_id: str) -> bool:
    """Return whether new devices of a driver that our searches find are offered to the user."""
    entry = service_entry(hass)
    return (
        entry is not None
        and entry.state is ConfigEntryState.LOADED
        and not is_hidden(hass, driver_id)
    )


@callback
def is_hidden(hass: HomeAssistant, driver_id: str) -> bool:
    """Return whether the user does not want to be offered the devices of a driver."""
    entry = service_entry(hass)
    return entry is not None and driver_id in entry.options.get(CONF_HIDDEN, ())


async def async_add_service_entry(hass: HomeAssistant) -> None:
    """Have the entry set up: create or enable it if necessary; not while an entry is set up."""
    entry = service_entry(hass)
    if entry is None:
        await hass.config_entries.flow.async_init(DOMAIN, context={"source": _SOURCE})
    elif entry.disabled_by:
        await hass.config_entries.async_set_disabled_by(entry.entry_id, None)


@callback
def async_ensure_service_entry(hass: HomeAssistant) -> None:
    """Create the entry soon, unless there is one."""
    if service_entry(hass) is None:
        context = ConfigFlowContext(source=_SOURCE)
        discovery_flow.async_create_flow(hass, DOMAIN, context, {})
