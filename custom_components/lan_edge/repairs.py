"""What only the owner can mend: a port that is taken, a certificate that changed."""

from typing import Any, cast, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResult
from homeassistant.helpers import issue_registry as ir

from .config_flow import listener_schema, listener_settings
from .const import DOMAIN
from .coordinator import LanEdgeConfigEntry
from .edge import CertificateError
from .listener import PORT_TAKEN, async_configure_listener, async_get_hub

CERTIFICATE = "certificate_changed"


@callback
def certificate_issue(hass: HomeAssistant, entry: LanEdgeConfigEntry, err: CertificateError) -> None:
    """Tell the owner that a device shows another certificate than it did."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{CERTIFICATE}_{entry.entry_id}",
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=CERTIFICATE,
        translation_placeholders={
            "name": entry.title,
            "pinned": _readable(err.pinned),
            "found": _readable(err.found),
        },
        data={"entry_id": entry.entry_id, "found": err.found},
    )


@callback
def forget_issues(hass: HomeAssistant, entry: LanEdgeConfigEntry) -> None:
    """Take back what was told about a device."""
    ir.async_delete_issue(hass, DOMAIN, f"{CERTIFICATE}_{entry.entry_id}")


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
    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> FlowResult:
        """Ask, then accept."""
        entry: LanEdgeConfigEntry | None = self.hass.config_entries.async_get_entry(self._entry_id)
        if user_input is not None and entry is not None:
            entry.runtime_data.device.accept_certificate(self._found)
        return await super().async_step_confirm(user_input)


class PortRepairFlow(RepairsFlow):
    """Listens on another port, or looks again whether the usual one is free."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> FlowResult:
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


def _readable(fingerprint: str) -> str:
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()
