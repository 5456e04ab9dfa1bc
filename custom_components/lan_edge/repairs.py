"""The repair flows: what the user can do about each of our issues."""

from collections.abc import Mapping
from typing import Any, cast, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant

from lan_edge import EdgeError, IdentityError

from .coordinator import LanEdgeConfigEntry
from .discovery.disputes import accept_claim, reject_claim
from .errors import NoIdError, TakenError
from .flows.address_form import ADDRESS_FIELDS, async_find_answering, async_resolve
from .flows.entered_address import EnteredAddressError, as_entered
from .flows.form_errors import async_form_errors
from .flows.listener_form import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    entered_listener_settings,
    listener_schema,
)
from .flows.new_identity import (
    CONF_SAME,
    OTHER_DEVICE,
    SAME_FIELD,
    NewIdentity,
    async_new_identity,
    async_take_identity,
)
from .reporting.issues import (
    CERTIFICATE_CHANGED,
    DISPUTE,
    IMPOSTOR,
    PORT_TAKEN,
    claim_of,
    issue_data,
)
from .reporting.markdown import placeholders
from .runtime import async_configure_listener, async_load_domain_data
from .storage import address_of
from .vol import Schema


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that fixes an issue; Home Assistant sets its `data` to the issue's."""
    if issue_id == PORT_TAKEN:
        return PortRepairFlow()
    issue = (data or {})["issue"]
    if issue == CERTIFICATE_CHANGED:
        return CertificateRepairFlow()
    if issue == DISPUTE:
        return DisputeRepairFlow()
    return ImpostorRepairFlow() if issue == IMPOSTOR else LoginRepairFlow()


def _issue_data(flow: RepairsFlow) -> dict[str, str]:
    return cast("dict[str, str]", flow.data)


def _loaded_entry(flow: RepairsFlow) -> LanEdgeConfigEntry | None:
    """Return the entry that the issue is about, if it is loaded."""
    entry = flow.hass.config_entries.async_get_entry(_issue_data(flow)["entry_id"])
    return entry if entry and entry.state is ConfigEntryState.LOADED else None


def _is_outdated(flow: RepairsFlow) -> bool:
    """Return whether what a dialog shows is no longer so, as when it was left open."""
    return issue_data(flow.hass, _issue_data(flow)) != flow.data


class CertificateRepairFlow(ConfirmRepairFlow):
    """Accepts a device's new certificate."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then accept."""
        if user_input is not None:
            if (entry := _loaded_entry(self)) is None:
                return self.async_abort(reason="not_loaded")
            if _is_outdated(self):
                return self.async_abort(reason="outdated")
            entry.runtime_data.device.accept_certificate(_issue_data(self)["found"])
        return await super().async_step_confirm(user_input)


class LoginRepairFlow(ConfirmRepairFlow):
    """Reconnects after the user has changed the login in the device's options."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Explain where to change it, then reconnect."""
        if user_input is not None:
            if (entry := _loaded_entry(self)) is None:
                return self.async_abort(reason="not_loaded")
            entry.runtime_data.device.connection.retry()
        return await super().async_step_confirm(user_input)


class ImpostorRepairFlow(RepairsFlow):
    """Reconnects a device at the address that the user enters, where it may have another id."""

    _new: NewIdentity
    """The device that the user was shown."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start; the input is not the user's, but contains the issue's id."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for the address until the device answers there."""
        if (entry := _loaded_entry(self)) is None:
            return self.async_abort(reason="not_loaded")
        if issue_data(self.hass, _issue_data(self)) is None:
            return self.async_abort(reason="outdated")
        if user_input is None:
            stored = address_of(entry)
            return await self._show_address(entry, as_entered(stored.host, stored.port))
        try:
            return await self._move(entry, user_input)
        except (EdgeError, EnteredAddressError) as err:
            return await self._show_address(entry, user_input, err)

    async def _show_address(
        self,
        entry: LanEdgeConfigEntry,
        suggested: Mapping[str, Any],
        error: EdgeError | EnteredAddressError | None = None,
    ) -> RepairsFlowResult:
        errors, reason = dict[str, str](), ""
        if error is not None:
            _, reason = await async_form_errors(self.hass, error)
        match error:
            case EnteredAddressError():
                errors[CONF_HOST] = error.key
            case IdentityError():
                errors["base"] = "another_device"
            case NoIdError():
                errors["base"] = "no_id"
            case TakenError():
                errors["base"] = "taken"
            case EdgeError():
                errors["base"] = "cannot_connect"
            case None:
                pass
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                Schema(ADDRESS_FIELDS | SAME_FIELD), suggested
            ),
            errors=errors,
            description_placeholders=placeholders(
                name=entry.title, **_issue_data(self), reason=reason
            ),
        )

    async def _move(
        self, entry: LanEdgeConfigEntry, user_input: dict[str, Any]
    ) -> RepairsFlowResult:
        """Use an address if the device answers there; raise EdgeError or EnteredAddressError."""
        addresses = await async_resolve(self.hass, user_input)
        try:
            address = await async_find_answering(self.hass, entry, addresses)
        except OTHER_DEVICE:
            if not user_input.get(CONF_SAME):
                raise
            self._new = await async_new_identity(self.hass, entry, *addresses)
            return self._show_new(entry)
        if _loaded_entry(self) is not entry:
            return self.async_abort(reason="not_loaded")
        entry.runtime_data.device.connection.moved(address)
        return self.async_create_entry(data={})

    async def async_step_new_identity(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show what differs, then have the entry stand for the device with the new identity."""
        if (entry := _loaded_entry(self)) is None:
            return self.async_abort(reason="not_loaded")
        if issue_data(self.hass, _issue_data(self)) is None:
            return self.async_abort(reason="outdated")
        if user_input is None:
            return self._show_new(entry)
        try:
            await async_take_identity(self.hass, entry, self._new)
        except EdgeError as err:
            return await self._show_address(entry, self._new.entered, err)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_create_entry(data={})

    def _show_new(self, entry: LanEdgeConfigEntry) -> RepairsFlowResult:
        texts = self._new.texts | placeholders(name=entry.title)
        return self.async_show_form(step_id="new_identity", description_placeholders=texts)


class DisputeRepairFlow(RepairsFlow):
    """Lets the user decide which of two claims about a device is true."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show both; the input is not the user's, but contains the issue's id."""
        if (entry := _loaded_entry(self)) is None:
            return self.async_abort(reason="not_loaded")
        data = _issue_data(self)
        texts = placeholders(name=entry.title, known=data["known"], claimed=data["claimed"])
        return self.async_show_menu(
            step_id="init", menu_options=["keep", "change"], description_placeholders=texts
        )

    async def async_step_keep(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Stay with the device that is in use, and ask no more."""
        if (entry := _loaded_entry(self)) is None:
            return self.async_abort(reason="not_loaded")
        if _is_outdated(self):
            return self.async_abort(reason="outdated")
        reject_claim(self.hass, entry, claim_of(_issue_data(self)))
        return self.async_create_entry(data={})

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Use the other device."""
        if (entry := _loaded_entry(self)) is None:
            return self.async_abort(reason="not_loaded")
        if _is_outdated(self):
            return self.async_abort(reason="outdated")
        accept_claim(self.hass, entry, claim_of(_issue_data(self)))
        return self.async_create_entry(data={})


class PortRepairFlow(RepairsFlow):
    """Moves the listener to another port, or tries the configured one again."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start; the input is not the user's, but contains the issue's id."""
        return await self.async_step_port()

    async def async_step_port(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask for the listener's settings until its port is free."""
        listener = (await async_load_domain_data(self.hass)).runtime.listener
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, entered_listener_settings(user_input))
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
