"""Tells users that a device refuses its login, until it accepts it."""

from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from .issues import async_create_login_issue, async_delete_login_issues


@callback
def async_report_refused_login(
    hass: HomeAssistant, entry: ConfigEntry[Any], *, can_be_asked: bool, in_options: bool
) -> None:
    """Have the user log in again, or enter what is stored; say so if no dialog can ask for it."""
    if can_be_asked:
        entry.async_start_reauth(hass)
    else:
        async_create_login_issue(hass, entry, in_options=in_options)


@callback
def async_settle_login(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Ask for nothing any more: the device accepts its login again."""
    async_delete_login_issues(hass, entry)
    for flow in [*entry.async_get_active_flows(hass, {SOURCE_REAUTH})]:
        hass.config_entries.flow.async_abort(flow["flow_id"])
    issue = f"config_entry_reauth_{DOMAIN}_{entry.entry_id}"
    ir.async_delete_issue(hass, HOMEASSISTANT_DOMAIN, issue)
