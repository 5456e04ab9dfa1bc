"""How a device that is in is changed: it is logged in to again, or moved to another address."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT

from lan_edge import Device, EdgeError

from ..const import CONF_DRIVER
from ..errors import error_key
from ..reporting.markdown import placeholders
from ..runtime import async_domain_data, async_load_device
from ..storage import address_of, async_save_pairing
from ..vol import Schema
from .address_form import ADDRESS_FIELDS, UnknownHostError, prove, resolved
from .pairing import PairingFlow


class ChangeFlow(PairingFlow):
    """A flow that can change what an entry has of its device."""

    _reason = ""
    """Why it failed last, in words."""

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin again with a device that no longer takes its login."""
        data = await async_domain_data(self.hass)
        name = data.registry.driver(entry_data[CONF_DRIVER]).name
        self.context["title_placeholders"] = {
            "name": self._get_reauth_entry().title,
            "driver": name,
        }
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to log in again."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self.async_show_form(
                step_id="reauth_confirm", description_placeholders=placeholders(name=entry.title)
            )
        device = await async_load_device(self.hass, entry, with_secrets=False)
        return await self.pair(device, address_of(entry))

    async def paired_again(self, device: Device) -> ConfigFlowResult:
        """Store the login that the device takes now, and what else it was paired with."""
        entry = self._get_reauth_entry()
        await async_save_pairing(self.hass, entry, device)
        return self.async_update_reload_and_abort(entry)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Move a device to another address, if it answers there."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                return await self._move(entry, user_input)
            except EdgeError as err:
                errors["base"] = self.failed(err)
            except UnknownHostError as err:
                errors[CONF_HOST] = self.failed(err)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                Schema(ADDRESS_FIELDS), user_input or entry.data
            ),
            errors=errors,
            description_placeholders=placeholders(name=entry.title, reason=self._reason),
        )

    async def _move(self, entry: ConfigEntry[Any], typed: dict[str, Any]) -> ConfigFlowResult:
        address = await resolved(self.hass, typed)
        await prove(self.hass, entry, address)
        return self.async_update_reload_and_abort(
            entry, data_updates={CONF_HOST: address.host, CONF_PORT: address.port}
        )

    def failed(self, err: EdgeError | UnknownHostError) -> str:
        """Note why, for the form; return the key of the error."""
        self._reason = str(err)
        return error_key(err) if isinstance(err, EdgeError) else "unknown_host"
