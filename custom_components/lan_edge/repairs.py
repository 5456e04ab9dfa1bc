"""What only the owner can mend: a taken port, a certificate or an address that changed, a login."""

from typing import Any, cast, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant

from lan_edge import EdgeError, IdentityError

from .coordinator import LanEdgeConfigEntry
from .flows.address_form import ADDRESS_FIELDS, UnknownHostError, prove, resolved
from .flows.listener_form import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    listener_schema,
    listener_settings,
)
from .reporting.issues import CERTIFICATE_CHANGED, IMPOSTOR, PORT_TAKEN
from .reporting.markdown import placeholders
from .runtime import async_configure_listener, async_domain_data
from .vol import Schema


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that mends an issue."""
    if issue_id == PORT_TAKEN:
        return PortRepairFlow()
    told = cast("dict[str, str]", data or {})
    if told["issue"] == CERTIFICATE_CHANGED:
        return CertificateRepairFlow(told)
    return ImpostorRepairFlow(told) if told["issue"] == IMPOSTOR else LoginRepairFlow(told)


class DeviceRepairFlow(RepairsFlow):
    """A flow about one device."""

    def __init__(self, told: dict[str, str]) -> None:
        """Mend what the issue `told`."""
        super().__init__()
        self._told = told

    @property
    def _entry(self) -> LanEdgeConfigEntry | None:
        """The device's entry, while it is set up."""
        entry = self.hass.config_entries.async_get_entry(self._told["entry_id"])
        return entry if entry and entry.state is ConfigEntryState.LOADED else None


class CertificateRepairFlow(DeviceRepairFlow, ConfirmRepairFlow):
    """Accepts a device's new certificate."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then accept."""
        if user_input is not None:
            if (entry := self._entry) is None:
                return self.async_abort(reason="not_loaded")
            entry.runtime_data.device.accept_certificate(self._told["found"])
        return await super().async_step_confirm(user_input)


class LoginRepairFlow(DeviceRepairFlow, ConfirmRepairFlow):
    """Tries again, with what the owner has set in the device's options."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say where to set it, then try."""
        if user_input is not None:
            if (entry := self._entry) is None:
                return self.async_abort(reason="not_loaded")
            entry.runtime_data.device.connection.retry()
        return await super().async_step_confirm(user_input)


class ImpostorRepairFlow(DeviceRepairFlow):
    """Finds a device where the owner says that it is now, or where it was."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin; what comes here first is the issue's id."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for the address until the device answers there."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            try:
                return await self._found(entry, user_input)
            except UnknownHostError as err:
                errors[CONF_HOST], reason = "unknown_host", str(err)
            except IdentityError:
                errors["base"] = "another_device"
            except EdgeError as err:
                errors["base"], reason = "cannot_connect", str(err)
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                Schema(ADDRESS_FIELDS), user_input or entry.data
            ),
            errors=errors,
            description_placeholders=placeholders(name=entry.title, **self._told, reason=reason),
        )

    async def _found(self, entry: LanEdgeConfigEntry, typed: dict[str, Any]) -> RepairsFlowResult:
        """Use an address, if the device is there; raise EdgeError or UnknownHostError."""
        address = await resolved(self.hass, typed)
        await prove(self.hass, entry, address)
        entry.runtime_data.device.connection.sighted(address)
        return self.async_create_entry(data={})


class PortRepairFlow(RepairsFlow):
    """Listens on another port, or looks again whether the usual one is free."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin; what comes here first is the issue's id."""
        return await self.async_step_port()

    async def async_step_port(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask where to listen until it can be done."""
        listener = (await async_domain_data(self.hass)).runtime.listener
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                if not listener.is_port_taken:
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
