"""A router's integration: it registers the MAC address of all that it knows, as `fritz` does."""

from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

DOMAIN = "router"
CLIENTS = "clients"


class RouterFlow(ConfigFlow, domain=DOMAIN):
    """Adds the router."""

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the MAC addresses of its clients."""
        if user_input is None:
            return self.async_show_form(step_id="user")
        return self.async_create_entry(title="Router", data=user_input)


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Register the router, and its clients, as core's `fritz` does."""
    registry = dr.async_get(hass)
    registry.async_get_or_create(config_entry_id=entry.entry_id, identifiers={(DOMAIN, "own")})
    for mac in entry.data[CLIENTS]:
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac))},
            manufacturer="Router",
            model="Tracked device",
            name=mac,
        )
    return True
