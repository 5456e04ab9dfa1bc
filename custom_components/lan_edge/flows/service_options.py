"""The options flow of LAN Edge itself: what all devices have in common."""

from collections.abc import Collection
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..const import CONF_HIDDEN
from ..discovery.new_devices import latest_with_id, offers
from ..driver_files.overview import lists
from ..reporting.blank import async_filled
from ..reporting.language import async_patterns
from ..reporting.markdown import placeholders
from ..runtime import async_configure_listener, async_load_domain_data, domain_data
from ..service_entry import device_entries
from ..storage import address_of
from ..vol import Optional, Schema
from .described import DescribedSteps
from .listener_form import (
    CONF_ADVERTISED_HOST,
    AdvertisedHostError,
    entered_listener_settings,
    listener_schema,
)
from .removed import aborts_if_removed

CONF_OFFERED = "offered"


class ServiceOptionsFlow(DescribedSteps):
    """The listener's settings, which devices are offered, and which drivers exist."""

    @aborts_if_removed
    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Offer them."""
        await async_load_domain_data(self.hass)  # the entry may be disabled, and the only one
        options = ["cards", "drivers", "described", "listener"]
        return self.async_show_menu(step_id="init", menu_options=options)

    @aborts_if_removed
    async def async_step_cards(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the kinds of devices that are offered when they are discovered."""
        kinds = domain_data(self.hass).registry.summaries
        discovered = [kind.id for kind in kinds.values() if kind.discovery]
        if user_input is not None:
            hidden = sorted({*discovered} - {*user_input.get(CONF_OFFERED, ())})
            _withdraw(self.hass, hidden)
            return self.async_create_entry(data={**self.config_entry.options, CONF_HIDDEN: hidden})
        hidden = self.config_entry.options.get(CONF_HIDDEN, ())
        schema = Schema({Optional(CONF_OFFERED): _kinds(self.hass)})
        suggested = {CONF_OFFERED: [id_ for id_ in discovered if id_ not in hidden]}
        return self.async_show_form(
            step_id="cards", data_schema=self.add_suggested_values_to_schema(schema, suggested)
        )

    @aborts_if_removed
    async def async_step_drivers(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """List the drivers: the bundled ones, and the user's files."""
        if user_input is not None:
            return await self.async_step_init()
        texts = lists(self.hass, await async_patterns(self.hass))
        texts = await async_filled(self.hass, texts)
        return self.async_show_form(
            step_id="drivers", data_schema=Schema({}), description_placeholders=texts
        )

    @aborts_if_removed
    async def async_step_listener(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the listener's port, and for the address that devices call."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_configure_listener(self.hass, entered_listener_settings(user_input))
            except AdvertisedHostError:
                errors[CONF_ADVERTISED_HOST] = "advertised_host"
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        listener = domain_data(self.hass).runtime.listener
        texts = placeholders(port=str(listener.port or ""), callers=_callers(self.hass))
        schema = self.add_suggested_values_to_schema(listener_schema(listener.settings), user_input)
        return self.async_show_form(
            step_id="listener" if listener.port else "listener_closed",
            data_schema=schema,
            errors=errors,
            description_placeholders=await async_filled(self.hass, texts),
        )

    async_step_listener_closed = async_step_listener


def _kinds(hass: HomeAssistant) -> SelectSelector:
    kinds = sorted(domain_data(hass).registry.summaries.values(), key=lambda kind: kind.name)
    options = [SelectOptionDict(value=k.id, label=k.name) for k in kinds if k.discovery]
    return SelectSelector(
        SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
    )


@callback
def _withdraw(hass: HomeAssistant, hidden: Collection[str]) -> None:
    """End the flows that offer devices of these kinds."""
    for unique_id, flow in offers(hass).items():
        candidate = latest_with_id(hass, unique_id)
        if candidate is not None and candidate.driver.id in hidden:
            hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def _callers(hass: HomeAssistant) -> str:
    """Return the names of the devices that may call Home Assistant now."""
    callers = domain_data(hass).runtime.listener.callers
    names = [e.title for e in device_entries(hass) if address_of(e).host in callers]
    return ", ".join(names)
