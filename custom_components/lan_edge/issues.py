"""What Home Assistant's repairs page is told: only what the owner can mend."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .edge import CertificateError, Listener

CERTIFICATE_CHANGED = "certificate_changed"
PORT_TAKEN = "port_taken"
"""Another program has the port that devices know."""


@callback
def port_issue(hass: HomeAssistant, listener: Listener) -> None:
    """Tell whether another program has the listener's port, or take it back."""
    if not listener.port_taken:
        ir.async_delete_issue(hass, DOMAIN, PORT_TAKEN)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        PORT_TAKEN,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=PORT_TAKEN,
        translation_placeholders={
            "port": str(listener.settings.port),
            "used": str(listener.port),
        },
    )


@callback
def certificate_issue(hass: HomeAssistant, entry: ConfigEntry[Any], err: CertificateError) -> None:
    """Tell the owner that a device shows another certificate than it did."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{CERTIFICATE_CHANGED}_{entry.entry_id}",
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=CERTIFICATE_CHANGED,
        translation_placeholders={
            "name": entry.title,
            "pinned": _readable(err.pinned),
            "found": _readable(err.found),
        },
        data={"entry_id": entry.entry_id, "found": err.found},
    )


@callback
def forget_certificate_issue(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was told about a device's certificate."""
    ir.async_delete_issue(hass, DOMAIN, f"{CERTIFICATE_CHANGED}_{entry.entry_id}")


def _readable(fingerprint: str) -> str:
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()
