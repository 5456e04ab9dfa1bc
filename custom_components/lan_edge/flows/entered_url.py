"""The URL that the owner of a device enters in it, shown before the device is added."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from lan_edge import Address, Device, EdgeError

from ..reporting.markdown import as_code
from ..vol import Schema


class EnteredUrlDialog:
    """Shows the URL to which a device posts its changes."""

    _shown: tuple[str, Callable[[], Awaitable[ConfigFlowResult]]]
    """The URL, and what follows."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Show the form in `flow`."""
        self._flow = flow

    async def show(
        self, device: Device, address: Address, go_on: Callable[[], Awaitable[ConfigFlowResult]]
    ) -> ConfigFlowResult:
        """Show the URL for a device at an address, if its owner has to enter one; then `go_on`."""
        url = ""
        with suppress(EdgeError):  # there may be no network at the moment: Configure shows it, too
            url = await device.callback_url(address)
        if not url:
            return await go_on()
        self._shown = url, go_on
        return await self.confirm(None)

    async def confirm(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show the URL, and add the device once the user has seen it."""
        url, go_on = self._shown
        if user_input is not None:
            return await go_on()
        return self._flow.async_show_form(
            step_id="enter_url",
            data_schema=Schema({}),
            description_placeholders={"url": as_code(url)},
        )
