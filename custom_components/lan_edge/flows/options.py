"""The options flow: the settings of a device, and those of the shared listener."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.helpers.translation import async_get_translations

from lan_edge import EdgeError, Setting, read_settings, settings_of

from ..const import DOMAIN
from ..coordinator import LanEdgeCoordinator
from ..reporting.markdown import as_plain_markdown
from ..runtime import async_configure_listener, async_load_domain_data, driver_of
from .listener_form import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    entered_listener_settings,
    listener_schema,
)
from .removed import aborts_if_removed
from .settings_form import entered_settings, field_name, help_text, settings_schema

TRANSLATED_FIELDS = f"component.{DOMAIN}.options.step.settings.data."
"""The prefix of the translation keys of settings."""


class LanEdgeOptionsFlow(OptionsFlow):
    """A device's settings, if its driver has any, and the listener's."""

    @aborts_if_removed
    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer both; show the listener's settings at once if the device has none."""
        await async_load_domain_data(self.hass)  # a disabled entry may be the only one
        if self._settings_class() is None:
            return await self.async_step_listener()
        return self.async_show_menu(step_id="init", menu_options=["settings", "listener"])

    @aborts_if_removed
    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the device's settings; they are stored only if the device accepts them."""
        settings, translated = settings_of(self._settings_class()), await self._translated()
        values: dict[str, Any] = dict(self.config_entry.options)
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            values = entered_settings(settings, user_input, values, translated)
            errors, reason = await self._apply(settings, values)
            if not errors:
                return self.async_create_entry(data=values)
        names = {s.key: field_name(s, translated) for s in settings}
        return self.async_show_form(
            step_id="settings",
            data_schema=settings_schema(settings, values, translated),
            errors={names.get(key, key): error for key, error in errors.items()},
            description_placeholders={
                "help": help_text(settings, translated),
                "reason": as_plain_markdown(reason),
            },
        )

    async def _apply(
        self, settings: tuple[Setting, ...], values: dict[str, Any]
    ) -> tuple[dict[str, str], str]:
        """Apply settings to the device; return the errors by setting, and their reason."""
        _, invalid = read_settings(self._settings_class(), values)
        if invalid:
            return dict.fromkeys(invalid, "value"), "; ".join(invalid.values())
        entry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return {}, ""
        try:
            await entry.runtime_data.device.change_settings(values)
        except EdgeError as err:
            return {"base": "not_taken"}, str(err)
        return {}, ""

    @aborts_if_removed
    async def async_step_listener(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the listener's port, and for the address that devices call."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, entered_listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        settings = (await async_load_domain_data(self.hass)).runtime.listener.settings
        schema = self.add_suggested_values_to_schema(listener_schema(settings), user_input)
        return self.async_show_form(step_id="listener", data_schema=schema, errors=errors)

    def _settings_class(self) -> type[Any] | None:
        """Return the dataclass of the device's settings, or None if it has none."""
        entry = self.config_entry
        if entry.state is ConfigEntryState.LOADED:
            coordinator: LanEdgeCoordinator = entry.runtime_data
            return coordinator.device.driver.Settings
        return driver_of(self.hass, entry).Settings

    async def _translated(self) -> set[str]:
        """Return the keys of the settings that we have translations for."""
        texts = await async_get_translations(self.hass, "en", "options", [DOMAIN])
        prefix = TRANSLATED_FIELDS
        return {key.removeprefix(prefix) for key in texts if key.startswith(prefix)}
