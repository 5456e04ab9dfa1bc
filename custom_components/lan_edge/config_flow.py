"""How a device gets in: a discovery card, a search, or an address."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT, CONF_UNIQUE_ID
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from lan_edge import (
    Address,
    Candidate,
    EdgeError,
    Match,
    Registry,
    Sighting,
    dhcp_sighting,
    mac_address,
)

from .const import CONF_DRIVER, DOMAIN
from .coordinator import LanEdgeConfigEntry
from .discovery.search import async_search_all, async_start_discovery
from .discovery.sightings import (
    entry_at,
    has_other_integration,
    known_entry,
    mdns_sighting,
    remember,
    ssdp_sighting,
    tell_device,
)
from .flows.add import AddFlow
from .flows.address_form import ADDRESS_FIELDS, UnknownHostError, resolved
from .flows.options import LanEdgeOptionsFlow
from .reporting.markdown import as_plain_markdown, placeholders
from .runtime import async_domain_data
from .storage import address_of
from .vol import Required, Schema

CONF_DEVICE = "device"
MAX_CARDS = 100
"""Devices that are offered at a time: whoever announces more is nobody to be listened to."""
GLANCE = 0.5
"""Seconds between two looks at what a search has found so far."""


class LanEdgeConfigFlow(AddFlow, domain=DOMAIN):
    """One flow for all drivers; what they need to know is in the library."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing found."""
        self._choices: dict[str, Candidate] = {}
        self._search: asyncio.Task[None] | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> OptionsFlow:
        """Return the flow for what devices share."""
        return LanEdgeOptionsFlow()

    async def _registry(self) -> Registry:
        return (await async_domain_data(self.hass)).registry

    # found

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take a device that mDNS shows."""
        return await self._sighted(mdns_sighting(discovery_info))

    @override
    async def async_step_ssdp(self, discovery_info: SsdpServiceInfo) -> ConfigFlowResult:
        """Take a device that SSDP shows."""
        sighting = ssdp_sighting(discovery_info)
        if sighting is None:
            return self.async_abort(reason="not_supported")
        return await self._sighted(sighting)

    @override
    async def async_step_integration_discovery(
        self, discovery_info: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Take a device that our own search found."""
        told = discovery_info
        found = Match(
            told[CONF_UNIQUE_ID],
            Address(told[CONF_HOST], told[CONF_PORT]),
            told[CONF_NAME],
            manufacturer=told["manufacturer"],
            model=told["model"],
            fields=told["fields"],
        )
        return await self._matched(
            Candidate((await self._registry()).driver(told[CONF_DRIVER]), found)
        )

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Take a device that asked for an address: a new one, or one of ours that moved."""
        mac = mac_address(discovery_info.macaddress)
        for entry in self.hass.config_entries.async_loaded_entries(DOMAIN):
            device = cast("LanEdgeConfigEntry", entry).runtime_data.device
            if mac and mac_address(device.identity.mac) == mac:
                device.connection.sighted(Address(discovery_info.ip, address_of(entry).port))
                return self.async_abort(reason="already_configured")
        return await self._sighted(dhcp_sighting(discovery_info.ip, mac, discovery_info.hostname))

    async def _sighted(self, sighting: Sighting) -> ConfigFlowResult:
        candidates = (await self._registry()).match(sighting)
        if not candidates:
            return self.async_abort(reason="not_supported")
        return await self._matched(candidates[0])

    async def _matched(self, found: Candidate) -> ConfigFlowResult:
        await async_start_discovery(self.hass)  # where one is, others may be that do not announce
        if known_entry(self.hass, found) is None and self._are_too_many():
            return self.async_abort(reason="too_many")
        if not found.match.unique_id and known_entry(self.hass, found) is None:
            try:
                found = await self._identified(found)
            except EdgeError:
                return self.async_abort(reason="cannot_connect")
            if not found.match.unique_id:
                return self.async_abort(reason="cannot_identify")
        if (entry := known_entry(self.hass, found)) is not None:
            tell_device(self.hass, entry, found)
            return self.async_abort(reason="already_configured")
        if has_other_integration(self.hass, found):
            return self.async_abort(reason="other_integration")
        remember(self.hass, found)
        await self.async_set_unique_id(found.match.unique_id)
        self._found = found
        self.context["title_placeholders"] = {"name": self._name, "driver": found.driver.name}
        return await self.async_step_confirm()

    def _are_too_many(self) -> bool:
        flows = self.hass.config_entries.flow
        return len(flows.async_progress_by_handler(DOMAIN, include_uninitialized=True)) > MAX_CARDS

    # looked for

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user search, or name an address."""
        return self.async_show_menu(step_id="user", menu_options=["search", "manual"])

    async def async_step_search(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look around for a few seconds, and list what was found so far."""
        if self._search is None:
            self._choices = {}
            self._search = self.hass.async_create_background_task(
                async_search_all(self.hass, self._choices), f"{DOMAIN} search"
            )
        if not self._search.done():
            glance = asyncio.wait({self._search}, timeout=GLANCE)
            return self.async_show_progress(
                step_id="search",
                progress_action="search",
                progress_task=self.hass.async_create_background_task(glance, f"{DOMAIN} glance"),
                description_placeholders={
                    "found": "  \n".join(
                        as_plain_markdown(_label(c)) for c in self._choices.values()
                    )
                },
            )
        self._search.result()
        self._search = None
        return self.async_show_progress_done(next_step_id="pick" if self._choices else "nothing")

    @override
    @callback
    def async_remove(self) -> None:
        """End a search that nobody looks at any more."""
        if self._search is not None:
            self._search.cancel()
        super().async_remove()

    async def async_step_nothing(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that nothing new was found, and what else can be done."""
        return self.async_show_menu(step_id="nothing", menu_options=["search", "manual"])

    async def async_step_pick(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user pick one of the devices that were found."""
        if user_input is not None:
            self._found = self._choices[user_input[CONF_DEVICE]]
            await self.async_set_unique_id(user_input[CONF_DEVICE], raise_on_progress=False)
            self._abort_if_unique_id_configured()
            return await self.async_step_confirm({})
        options = [SelectOptionDict(value=key, label=_label(c)) for key, c in self._choices.items()]
        return self.async_show_form(
            step_id="pick",
            data_schema=Schema(
                {Required(CONF_DEVICE): SelectSelector(SelectSelectorConfig(options=options))}
            ),
        )

    async def async_step_manual(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add a device by its address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                return await self._add_typed(user_input)
            except EdgeError as err:
                errors["base"] = self.failed(err)
            except UnknownHostError as err:
                errors[CONF_HOST] = self.failed(err)
        drivers = [
            SelectOptionDict(value=d.id, label=d.name)
            for d in sorted((await self._registry()).drivers.values(), key=lambda d: d.name)
        ]
        schema = Schema(
            {
                Required(CONF_DRIVER): SelectSelector(SelectSelectorConfig(options=drivers)),
                **ADDRESS_FIELDS,
            }
        )
        return self.async_show_form(
            step_id="manual",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or {}),
            errors=errors,
            description_placeholders=placeholders(reason=self._reason),
        )

    async def _add_typed(self, typed: dict[str, Any]) -> ConfigFlowResult:
        address = await resolved(self.hass, typed)
        found = Candidate(
            (await self._registry()).driver(typed[CONF_DRIVER]), Match("", address, "")
        )
        entry = entry_at(self.hass, found)
        if entry is not None and _is_online(entry):  # it may take one connection only
            return self.async_abort(reason="already_configured")
        if found.driver.pairs():
            self._found = found
            return await self.pair(await self._device_of(found), address)
        return await self._add_asked(found, await self._ask(found))


def _is_online(entry: LanEdgeConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.device.available


def _label(found: Candidate) -> str:
    return f"{found.match.name or found.driver.name} ({found.match.address.host})"
