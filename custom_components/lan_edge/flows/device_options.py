"""The options flow of a device: its driver's settings."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.core import HomeAssistant, callback

from lan_edge import (
    Driver,
    DriverError,
    EdgeError,
    Setting,
    missing_settings,
    read_settings,
    settings_of,
)

from ..coordinator import LanEdgeCoordinator
from ..reporting.language import async_reason, async_reasons
from ..reporting.markdown import as_plain_markdown
from ..runtime import async_load_domain_data, driver_of
from .removed import aborts_if_removed
from .setting_words import async_in_words
from .settings_form import entered_settings, field_name, help_text, settings_schema

type _Step[**P] = Callable[Concatenate[DeviceOptionsFlow, P], Coroutine[Any, Any, ConfigFlowResult]]


def _aborts_without_driver[**P](step: _Step[P]) -> _Step[P]:
    """Abort the flow if the driver of its device is missing, or cannot be used."""

    @wraps(step)
    async def checked(
        flow: DeviceOptionsFlow, /, *args: P.args, **kwargs: P.kwargs
    ) -> ConfigFlowResult:
        try:
            return await step(flow, *args, **kwargs)
        except DriverError:
            return flow.async_abort(reason="no_driver")

    return checked


class DeviceOptionsFlow(OptionsFlow):
    """A device's settings, if its driver has any."""

    @aborts_if_removed
    @_aborts_without_driver
    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the settings."""
        await async_load_domain_data(self.hass)  # a disabled entry may be the only one
        if not offered_settings(self.hass, self.config_entry):
            return self.async_abort(reason="no_settings")
        return await self.async_step_settings()

    @aborts_if_removed
    @_aborts_without_driver
    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the device's settings; they are stored only if the device accepts them."""
        driver = device_driver(self.hass, self.config_entry)
        offered = offered_settings(self.hass, self.config_entry)
        settings = await async_in_words(self.hass, driver, offered)
        values: dict[str, Any] = dict(self.config_entry.options)
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            values |= entered_settings(settings, user_input, values)
            errors, reason = await self._apply(settings, values)
            if not errors:
                return self.async_create_entry(data=values)
        names = {s.key: field_name(s) for s in settings}
        return self.async_show_form(
            step_id="settings",
            data_schema=settings_schema(settings, values),
            errors={names.get(key, key): error for key, error in errors.items()},
            description_placeholders={
                "help": help_text(settings),
                "reason": as_plain_markdown(reason),
            },
        )

    async def _apply(
        self, settings: tuple[Setting, ...], values: dict[str, Any]
    ) -> tuple[dict[str, str], str]:
        """Apply settings to the device; return the errors by setting, and their reason."""
        _, invalid = read_settings(self._settings_class(), values)
        missing = missing_settings(self._settings_class(), values)
        if invalid or missing:
            errors = dict.fromkeys(invalid, "value") | dict.fromkeys(missing, "required")
            return errors, await async_reasons(self.hass, invalid.values())
        entry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return {}, ""
        try:
            await entry.runtime_data.device.change_settings(values)
        except EdgeError as err:
            return {"base": "not_taken"}, await async_reason(self.hass, err)
        return {}, ""

    def _settings_class(self) -> type[Any] | None:
        """Return the dataclass of the device's settings, or None if it has none."""
        return device_driver(self.hass, self.config_entry).Settings


@callback
def has_settings(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Return whether a device has settings that can matter, or its driver is not known yet."""
    try:
        return bool(offered_settings(hass, entry))
    except KeyError, DriverError:  # LAN Edge is not set up yet, or the driver no longer exists
        return True


@callback
def offered_settings(hass: HomeAssistant, entry: ConfigEntry[Any]) -> tuple[Setting, ...]:
    """Return the settings that can matter for a device: all, if it is not in use.

    Raises DriverError.
    """
    if entry.state is ConfigEntryState.LOADED:
        coordinator: LanEdgeCoordinator = entry.runtime_data
        return coordinator.device.offered_settings()
    return settings_of(driver_of(hass, entry).Settings)


@callback
def device_driver(hass: HomeAssistant, entry: ConfigEntry[Any]) -> type[Driver[Any]]:
    """Return the driver of a device, as it is in use if it is; raise DriverError."""
    if entry.state is ConfigEntryState.LOADED:
        coordinator: LanEdgeCoordinator = entry.runtime_data
        return type(coordinator.device.driver)
    return driver_of(hass, entry)
