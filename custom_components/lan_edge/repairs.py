"""What only the owner can mend: a port that is taken, a certificate that changed."""

from typing import Any, cast, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .coordinator import LanEdgeConfigEntry
from .issues import PORT_TAKEN
from .listener import (
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
        entry: LanEdgeConfigEntry | None = self.hass.config_entries.async_get_entry(self._entry_id)
        if user_input is not None and entry is not None:
            entry.runtime_data.device.accept_certificate(self._found)
        return await super().async_step_confirm(user_input)


class PortRepairFlow(RepairsFlow):
    """Listens on another port, or looks again whether the usual one is free."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask where to listen."""
        listener = (await async_get_hub(self.hass)).listener
        if user_input is not None:
            await async_configure_listener(self.hass, listener_settings(user_input))
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="init",
            data_schema=listener_schema(listener.settings),
            description_placeholders={
                "port": str(listener.settings.port),
                "used": str(listener.port),
            },
        )
