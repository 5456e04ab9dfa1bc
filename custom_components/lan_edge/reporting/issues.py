"""What Home Assistant's repairs page is told: only what the owner can mend."""

import re
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from lan_edge import CertificateError, IdentityError, Listener

from ..const import DOMAIN
from .markdown import shown

CERTIFICATE_CHANGED = "certificate_changed"
IMPOSTOR = "impostor"
"""Another device answers at a device's address."""
LOGIN = "login"
"""A device wants a login that its driver does not know of."""
LOGIN_IN_OPTIONS = "login_in_options"
"""A device wants a login that its options may have."""
PORT_TAKEN = "port_taken"
"""Another program has the port that devices know."""
LONGEST_ID = 64
"""Characters of a stranger's id that are shown."""
LEARN_MORE = "https://github.com/lan-edge/lan-edge#troubleshooting"


@callback
def port_issue(hass: HomeAssistant, listener: Listener) -> None:
    """Tell whether another program has the listener's port, or take it back."""
    if not listener.is_port_taken:
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
    told = {"pinned": _readable(err.pinned), "found": _readable(err.found)}
    _device_issue(hass, entry, CERTIFICATE_CHANGED, told, {"found": err.found})


@callback
def impostor_issue(hass: HomeAssistant, entry: ConfigEntry[Any], err: IdentityError) -> None:
    """Tell the owner that another device answers where a device was."""
    other = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, err.found)
    told = {
        "address": str(err.address),
        "found": other.title if other else _id(err.found),
    }
    _device_issue(hass, entry, IMPOSTOR, told, told)


@callback
def login_issue(hass: HomeAssistant, entry: ConfigEntry[Any], *, in_options: bool) -> None:
    """Tell the owner that a device wants a login, where no dialog can ask for it."""
    _device_issue(hass, entry, LOGIN_IN_OPTIONS if in_options else LOGIN, fixable=in_options)


@callback
def forget_issues(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back what was told about a device."""
    for key in (CERTIFICATE_CHANGED, IMPOSTOR, LOGIN, LOGIN_IN_OPTIONS):
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")


@callback
def _device_issue(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    key: str,
    told: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
    *,
    fixable: bool = True,
) -> None:
    """Tell something about a device; its repair gets `data`, and which issue of whom it is."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{key}_{entry.entry_id}",
        is_fixable=fixable,
        learn_more_url=None if fixable else LEARN_MORE,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders=shown(name=entry.title, **(told or {})),
        data={"issue": key, "entry_id": entry.entry_id, **(data or {})},
    )


def _readable(fingerprint: str) -> str:
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()


def _id(text: str) -> str:
    """Return an id that a stranger told, as far as it looks like one."""
    return re.sub(r"[^\w .:-]", " ", text)[:LONGEST_ID].strip()
