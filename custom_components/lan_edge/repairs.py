"""What only the owner can mend: a port that is taken, a certificate that changed."""

from typing import Any, cast, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant

from .coordinator import LanEdgeConfigEntry
from .issues import PORT_TAKEN
from .listener import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    async_configure_listener,
    async_get_hub,
    listener_schema,
    listener_settings,
)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that mends an issue."""
    if issue_id == PORT_TAKEN:
        return PortRepairFlow()
    return CertificateRepairFlow(cast("dict[str, str]", data or {}))


class CertificateRepairFlow(ConfirmRepairFlow):
    """Accepts a device's new certificate."""

    def __init__(self, data: dict[str, str]) -> None:
        """Accept what `data` names."""
        super().__init__()
        self._entry_id = data["entry_id"]
        self._found = data["found"]

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then accept."""
        if user_input is not None:
            entry: LanEdgeConfigEntry | None
            entry = self.hass.config_entries.async_get_entry(self._entry_id)
            if entry is None or entry.state is not ConfigEntryState.LOADED:
                return self.async_abort(reason="not_loaded")
            entry.runtime_data.device.accept_certificate(self._found)
        return await super().async_step_confirm(user_input)


class PortRepairFlow(RepairsFlow):
    """Listens on another port, or looks again whether the usual one is free."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin; what comes here first is the issue's id."""
        return await self.async_step_port()

    async def async_step_port(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask where to listen until it can be done."""
        listener = (await async_get_hub(self.hass)).listener
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                if not listener.port_taken:
                    return self.async_create_entry(data={})
                errors[CONF_PORT] = "port_taken"
        return self.async_show_form(
            step_id="port",
            data_schema=listener_schema(listener.settings),
            errors=errors,
            description_placeholders={
                "port": str(listener.settings.port),
                "used": str(listener.port),
            },
        )
