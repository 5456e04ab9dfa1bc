"""What a user may set: how a device works, and where Home Assistant listens for those that call."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.helpers.translation import async_get_translations

from lan_edge import EdgeError, Setting, read_settings, settings_of

from ..const import DOMAIN
from ..coordinator import LanEdgeCoordinator
from ..reporting.markdown import as_plain_markdown
from ..runtime import async_configure_listener, async_domain_data, driver_of
from .listener_form import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    listener_schema,
    listener_settings,
)
from .settings_form import helps, label, settings_schema, typed_settings

STEP = "options.step.settings.data."


class LanEdgeOptionsFlow(OptionsFlow):
    """A device's settings, where its driver has some, and the listener that all share."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer both, if there are both."""
        await async_domain_data(self.hass)  # of a disabled entry, it may not have been made yet
        if self._kind() is None:
            return await self.async_step_listener()
        return self.async_show_menu(step_id="init", menu_options=["settings", "listener"])

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the device is to work; what it refuses is not kept."""
        settings, known = settings_of(self._kind()), await self._translated()
        values: dict[str, Any] = dict(self.config_entry.options)
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            values = typed_settings(settings, user_input, values, known)
            errors, reason = await self._apply(settings, values)
            if not errors:
                return self.async_create_entry(data=values)
        names = {s.key: label(s, known) for s in settings}
        return self.async_show_form(
            step_id="settings",
            data_schema=settings_schema(settings, values, known),
            errors={names.get(key, key): why for key, why in errors.items()},
            description_placeholders={
                "help": helps(settings, known),
                "reason": as_plain_markdown(reason),
            },
        )

    async def _apply(
        self, settings: tuple[Setting, ...], values: dict[str, Any]
    ) -> tuple[dict[str, str], str]:
        """Give the device its settings; return the errors by key, and the reason for them."""
        _, wrong = read_settings(self._kind(), values)
        if wrong:
            return dict.fromkeys(wrong, "value"), "; ".join(wrong.values())
        entry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return {}, ""
        try:
            await entry.runtime_data.device.change_settings(values)
        except EdgeError as err:
            return {"base": "not_taken"}, str(err)
        return {}, ""

    async def async_step_listener(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the port, and for what devices are told."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        settings = (await async_domain_data(self.hass)).runtime.listener.settings
        schema = self.add_suggested_values_to_schema(listener_schema(settings), user_input)
        return self.async_show_form(step_id="listener", data_schema=schema, errors=errors)

    def _kind(self) -> type[Any] | None:
        """Return the dataclass of the device's settings; None: it has none."""
        entry = self.config_entry
        if entry.state is ConfigEntryState.LOADED:
            coordinator: LanEdgeCoordinator = entry.runtime_data
            return coordinator.device.driver.Settings
        return driver_of(self.hass, entry).Settings

    async def _translated(self) -> set[str]:
        """Return the settings that we have words for; a driver's own have those of the driver."""
        texts = await async_get_translations(self.hass, "en", "options", [DOMAIN])
        prefix = f"component.{DOMAIN}.{STEP}"
        return {key.removeprefix(prefix) for key in texts if key.startswith(prefix)}
