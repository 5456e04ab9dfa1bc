"""Changing a device that has an entry: logging in again, and moving it to another address."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT

from lan_edge import Address, Device, EdgeError

from ..reporting.blank import async_filled
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
from .asked import AskedDialog
from .entered_address import EnteredAddressError, as_entered
from .form_errors import async_form_errors
from .new_identity import (
    CONF_SAME,
    OTHER_DEVICE,
    SAME_FIELD,
    NewIdentity,
    async_may_be_new,
    async_new_identity,
    async_take_identity,
)
from .pairing import PairingDialog


async def begin_reauth(flow: ConfigFlow, entry: ConfigEntry[Any]) -> ConfigFlowResult:
    """Show that a device no longer accepts its login."""
    await async_load_domain_data(flow.hass)
    flow.context["title_placeholders"] = {"name": entry.title}
    return flow.async_show_form(
        step_id="reauth_confirm", description_placeholders=placeholders(name=entry.title)
    )


async def reauth(
    flow: ConfigFlow, entry: ConfigEntry[Any], asked: AskedDialog, pairing: PairingDialog
) -> ConfigFlowResult:
    """Pair a device again, or ask for its login; its address and other settings stay."""
    device = await async_load_device(flow.hass, entry, with_secrets=False)
    driver = type(device.driver)
    if not driver.pairs():
        go_on = partial(_check_login, flow, entry, asked)
        return await asked.ask_again(driver, entry.options, entry.title, go_on)
    address = address_of(entry)
    recognize = partial(async_recognize_entry, flow.hass, entry, address)
    paired = partial(_finish_reauth, flow, entry)
    return await pairing.start(entry.title, device, address, recognize, paired)


async def _check_login(
    flow: ConfigFlow, entry: ConfigEntry[Any], asked: AskedDialog
) -> ConfigFlowResult:
    """Store what was entered if the device accepts it; raise EdgeError."""
    device = await async_load_device(flow.hass, entry, settings=asked.values)
    address = address_of(entry)
    await device.check(address, partial(async_recognize_entry, flow.hass, entry, address))
    return flow.async_update_reload_and_abort(entry, options=asked.values)


async def _finish_reauth(
    flow: ConfigFlow, entry: ConfigEntry[Any], device: Device
) -> ConfigFlowResult:
    await async_save_pairing(flow.hass, entry, device)
    return flow.async_update_reload_and_abort(entry)


class ReconfigureDialog:
    """Moves a device to another address, where it may have another id, in a config flow."""

    _new: NewIdentity
    """The device that the user was shown."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Carry out the steps of `flow`."""
        self._flow = flow

    async def enter_address(
        self, entry: ConfigEntry[Any], user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for another address, and store it if the device answers there."""
        if user_input is None:
            stored = address_of(entry)
            return await self._show_address(entry, as_entered(stored.host, stored.port))
        addresses: Sequence[Address] = ()
        try:
            addresses = await async_resolve(self._flow.hass, user_input)
            return await self._move(entry, addresses, is_same=user_input.get(CONF_SAME, False))
        except (EdgeError, EnteredAddressError) as err:
            may_be_new = await async_may_be_new(self._flow.hass, entry, addresses, err)
            return await self._show_address(entry, user_input, err, may_be_new=may_be_new)

    async def _move(
        self, entry: ConfigEntry[Any], addresses: Sequence[Address], *, is_same: bool
    ) -> ConfigFlowResult:
        flow = self._flow
        try:
            address = await async_find_answering(flow.hass, entry, addresses)
        except OTHER_DEVICE:
            if not is_same:
                raise
            self._new = await async_new_identity(flow.hass, entry, *addresses)
            return await self._show_new(entry)
        return flow.async_update_reload_and_abort(
            entry, data_updates={CONF_HOST: address.host, CONF_PORT: address.port}
        )

    async def _show_address(
        self,
        entry: ConfigEntry[Any],
        suggested: Mapping[str, Any],
        error: EdgeError | EnteredAddressError | None = None,
        *,
        may_be_new: bool = False,
    ) -> ConfigFlowResult:
        errors, reason = await async_form_errors(self._flow.hass, error)
        schema = Schema(ADDRESS_FIELDS | SAME_FIELD if may_be_new else ADDRESS_FIELDS)
        return self._flow.async_show_form(
            step_id="reconfigure",
            data_schema=self._flow.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders=placeholders(name=entry.title, reason=reason),
        )

    async def confirm_new(
        self, entry: ConfigEntry[Any], user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Show what differs, then have the entry stand for the device with the new id."""
        if user_input is None:
            return await self._show_new(entry)
        try:
            await async_take_identity(self._flow.hass, entry, self._new)
        except EdgeError as err:
            return await self._show_address(entry, self._new.entered, err)
        return self._flow.async_update_reload_and_abort(entry, reason="new_identity")

    async def _show_new(self, entry: ConfigEntry[Any]) -> ConfigFlowResult:
        texts = self._new.texts | placeholders(name=entry.title)
        texts = await async_filled(self._flow.hass, texts, unknown=texts)
        return self._flow.async_show_form(step_id="new_identity", description_placeholders=texts)
