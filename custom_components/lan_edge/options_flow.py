"""What a user may set: where Home Assistant listens for devices that call."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from .listener import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    async_configure_listener,
    async_get_hub,
    listener_schema,
    listener_settings,
)


class LanEdgeOptionsFlow(OptionsFlow):
    """Where Home Assistant listens for devices that call; one answer for all of them."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the port, and for what devices are told."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        settings = (await async_get_hub(self.hass)).listener.settings
        schema = self.add_suggested_values_to_schema(listener_schema(settings), user_input)
        return self.async_show_form(step_id="init", data_schema=schema, errors=errors)
