"""Changing a device that has an entry: logging in again, and moving it to another address."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT

from lan_edge import Device, EdgeError

from ..reporting.markdown import placeholders
from ..runtime import async_load_device, async_load_domain_data
from ..storage import address_of, async_save_pairing
from ..vol import Schema
from .address_form import (
    ADDRESS_FIELDS,
    async_find_answering,
    async_recognize_entry,
    async_resolve,
)
from .entered_address import EnteredAddressError
from .form_errors import form_errors
from .pairing import PairingDialog


async def begin_reauth(flow: ConfigFlow, entry: ConfigEntry[Any]) -> ConfigFlowResult:
    """Show that a device no longer accepts its login."""
    await async_load_domain_data(flow.hass)
    flow.context["title_placeholders"] = {"name": entry.title}
    return flow.async_show_form(
        step_id="reauth_confirm", description_placeholders=placeholders(name=entry.title)
    )


async def reauth(
    flow: ConfigFlow, entry: ConfigEntry[Any], pairing: PairingDialog
) -> ConfigFlowResult:
    """Pair a device again; its address and settings stay."""
    device = await async_load_device(flow.hass, entry, with_secrets=False)
    address = address_of(entry)
    recognize = partial(async_recognize_entry, flow.hass, entry, address)
    return await pairing.start(device, address, recognize, partial(_finish_reauth, flow, entry))


async def _finish_reauth(
    flow: ConfigFlow, entry: ConfigEntry[Any], device: Device
) -> ConfigFlowResult:
    await async_save_pairing(flow.hass, entry, device)
    return flow.async_update_reload_and_abort(entry)


async def reconfigure(
    flow: ConfigFlow, entry: ConfigEntry[Any], user_input: dict[str, Any] | None
) -> ConfigFlowResult:
    """Ask for another address, and store it if the device answers there."""
    errors, reason = dict[str, str](), ""
    if user_input is not None:
        try:
            return await _move(flow, entry, user_input)
        except (EdgeError, EnteredAddressError) as err:
            errors, reason = form_errors(err)
    return flow.async_show_form(
        step_id="reconfigure",
        data_schema=flow.add_suggested_values_to_schema(
            Schema(ADDRESS_FIELDS), user_input or entry.data
        ),
        errors=errors,
        description_placeholders=placeholders(name=entry.title, reason=reason),
    )


async def _move(
    flow: ConfigFlow, entry: ConfigEntry[Any], user_input: dict[str, Any]
) -> ConfigFlowResult:
    addresses = await async_resolve(flow.hass, user_input)
    address = await async_find_answering(flow.hass, entry, addresses)
    return flow.async_update_reload_and_abort(
        entry, data_updates={CONF_HOST: address.host, CONF_PORT: address.port}
    )
