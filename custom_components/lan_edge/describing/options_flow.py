"""The options flow of a described device: its description, and its settings."""

from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant, callback

from lan_edge import DriverError, described_by

from ..flows.device_options import DeviceOptionsFlow, offered_settings
from ..flows.removed import aborts_if_removed
from ..runtime import async_load_domain_data, driver_of
from .change_dialog import ChangeDialog
from .points_dialog import PointsDialog, points_driver
from .steps import DescribeSteps


class DescribedOptionsFlow(DescribeSteps, DeviceOptionsFlow):
    """Changes the description of a device, or its settings."""

    def __init__(self) -> None:
        """Create the dialogs that the steps share."""
        super().__init__()
        self.begin_description(None)
        self._change = ChangeDialog(self._draft, self._done)
        self._points = PointsDialog(self)

    @override
    @aborts_if_removed
    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer both, if there are both."""
        await async_load_domain_data(self.hass)  # a disabled entry may be the only one
        entry = self.config_entry
        if points_driver(entry) is not None:
            return await self._points.begin()
        if not is_described(self.hass, entry):
            return await super().async_step_init()
        has_settings = bool(offered_settings(self.hass, entry))
        return await self._change.begin(entry, ["settings"] if has_settings else [])

    @aborts_if_removed
    async def async_step_describe_points(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the points of the device, and ask for one."""
        return await self._points.pick(user_input)

    @aborts_if_removed
    async def async_step_describe_point(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what a point means."""
        return await self._points.enter(user_input)

    async_step_describe_family = async_step_init
    async_step_describe_entry = async_step_describe_entry_bundled = async_step_init

    async_step_describe_back = async_step_init

    @aborts_if_removed
    async def async_step_describe_url(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the URL that is entered in the device."""
        return await self._change.url(self.config_entry)

    @aborts_if_removed
    async def async_step_describe_change(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what the device has."""
        return await self._change.change()

    @aborts_if_removed
    async def async_step_describe_resume(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue a change that was not saved."""
        return await self._change.resume()

    @aborts_if_removed
    async def async_step_describe_save(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what it becomes, and save it."""
        return await self._change.save(user_input)

    async_step_describe_save_lost = async_step_describe_save

    @callback
    def _done(self) -> ConfigFlowResult:
        """End the flow; the options of the entry stay."""
        return self.async_create_entry(data=dict(self.config_entry.options))


@callback
def is_described(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Return whether an entry's device is described in a text."""
    try:
        return described_by(driver_of(hass, entry)) is not None
    except KeyError, DriverError:  # LAN Edge is not set up yet, or the driver no longer exists
        return False
