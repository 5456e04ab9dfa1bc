"""How a device gets in: a discovery card, a search, or an address; and how it is changed."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
import socket
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from .const import CONF_DRIVER, CONF_IDENTITY, CONF_SEEN_AS, DOMAIN
from .coordinator import identity_data
from .discovery import (
    LATEST,
    async_search_all,
    known_entry,
    mdns_sighting,
    remember,
    ssdp_sighting,
    tell_device,
)
from .edge import (
    Address,
    Candidate,
    Device,
    EdgeError,
    Identity,
    Match,
    Record,
    Sighting,
    driver_for,
    match,
    registered,
)
from .errors import key_of
from .vol import Optional, Required, Schema

CONF_DEVICE = "device"

_PORT = NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX))


class LanEdgeConfigFlow(ConfigFlow, domain=DOMAIN):
    """One flow for all drivers; what they need to know is in the library."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing found."""
        self._found: Candidate | None = None
        self._choices: dict[str, Candidate] = {}
        self._search: asyncio.Task[list[Candidate]] | None = None
        self._reason = ""

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
        address = Address(discovery_info[CONF_HOST], discovery_info[CONF_PORT])
        found = Match(discovery_info["unique_id"], address, discovery_info["name"])
        return await self._matched(Candidate(driver_for(discovery_info[CONF_DRIVER]), found))

    async def _sighted(self, sighting: Sighting) -> ConfigFlowResult:
        candidates = match(sighting)
        if not candidates:
            return self.async_abort(reason="not_supported")
        return await self._matched(candidates[0])

    async def _matched(self, found: Candidate) -> ConfigFlowResult:
        if (entry := known_entry(self.hass, found)) is not None:
            tell_device(entry, found.match)
            return self.async_abort(reason="already_configured")
        if not found.match.unique_id:
            try:
                identity = await _ask(found)
            except EdgeError:
                return self.async_abort(reason="cannot_connect")
            unique_id, name = identity.unique_id, found.match.name or identity.name
            found = Candidate(found.driver, Match(unique_id, found.match.address, name))
        remember(self.hass, found)
        await self.async_set_unique_id(found.match.unique_id)
        self._abort_if_unique_id_configured()
        self._found = found
        self.context["title_placeholders"] = {"name": self._name, "driver": found.driver.name}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add the device that was found."""
        errors: dict[str, str] = {}
        found = self._newest()
        if user_input is not None:
            try:
                return await self._add(found)
            except EdgeError as err:
                errors["base"] = self._failed(err)
        return self.async_show_form(
            step_id="confirm",
            errors=errors,
            description_placeholders={
                "name": self._name,
                "driver": found.driver.name,
                "address": str(found.match.address),
                "reason": self._reason,
            },
        )

    # looked for

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user search, or name an address."""
        return self.async_show_menu(step_id="user", menu_options=["search", "manual"])

    async def async_step_search(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Look around for a few seconds."""
        if self._search is None:
            self._search = self.hass.async_create_task(async_search_all(self.hass))
        if not self._search.done():
            return self.async_show_progress(
                step_id="search", progress_action="search", progress_task=self._search
            )
        self._choices = {c.match.unique_id: c for c in self._search.result()}
        self._search = None
        return self.async_show_progress_done(next_step_id="pick" if self._choices else "nothing")

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
        options = [
            SelectOptionDict(
                value=key, label=f"{c.match.name or c.driver.name} ({c.match.address.host})"
            )
            for key, c in self._choices.items()
        ]
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
            self._async_abort_entries_match(_given(user_input))
            try:
                return await self._add_typed(user_input)
            except EdgeError as err:
                errors["base"] = self._failed(err)
            except OSError as err:
                errors[CONF_HOST] = self._failed(err)
        drivers = [
            SelectOptionDict(value=d.id, label=d.name)
            for d in sorted(registered().values(), key=lambda d: d.name)
        ]
        schema = Schema(
            {
                Required(CONF_DRIVER): SelectSelector(SelectSelectorConfig(options=drivers)),
                **_ADDRESS,
            }
        )
        return self.async_show_form(
            step_id="manual",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or {}),
            errors=errors,
            description_placeholders={"reason": self._reason},
        )

    async def _add_typed(self, typed: dict[str, Any]) -> ConfigFlowResult:
        driver = driver_for(typed[CONF_DRIVER])
        found = Candidate(driver, Match("", await self._resolve(typed), ""))
        identity = await _ask(found)
        unique_id = identity.unique_id or uuid4().hex
        await self.async_set_unique_id(unique_id, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        return self._create(found, identity, unique_id)

    # changed

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
                errors["base"] = self._failed(err)
            except OSError as err:
                errors[CONF_HOST] = self._failed(err)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                Schema(_ADDRESS), user_input or entry.data
            ),
            errors=errors,
            description_placeholders={"name": entry.title, "reason": self._reason},
        )

    async def _move(self, entry: ConfigEntry[Any], typed: dict[str, Any]) -> ConfigFlowResult:
        address = await self._resolve(typed)
        driver = driver_for(entry.data[CONF_DRIVER])
        known = Record.from_dict({"identity": entry.data[CONF_IDENTITY]})
        await Device(driver, known).probe(address)
        tell_device(entry, Match("", address, ""))
        return self.async_update_and_abort(
            entry,
            data_updates={CONF_HOST: address.host, CONF_PORT: address.port},
            reason="reconfigure_successful",
        )

    # shared

    @property
    def _name(self) -> str:
        found = self._newest()
        return found.match.name or found.driver.name

    @callback
    def _newest(self) -> Candidate:
        """Return the device as it was seen last: it may have moved since the card appeared."""
        found = self._found
        assert found is not None  # noqa: S101  # set by the step before
        return self.hass.data.get(LATEST, {}).get(found.match.unique_id, found)

    def _failed(self, err: EdgeError | OSError) -> str:
        """Note why, for the form; return the key of the error."""
        self._reason = str(err)
        return key_of(err) if isinstance(err, EdgeError) else "unknown_host"

    async def _resolve(self, typed: dict[str, Any]) -> Address:
        """Return the typed address with an IP address; names may stop to resolve later."""
        host = typed[CONF_HOST].strip()
        try:
            host = str(ip_address(host))
        except ValueError:
            loop = self.hass.loop
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            host = str(found[0][4][0])
        return Address(host, int(typed.get(CONF_PORT) or 0))

    async def _add(self, found: Candidate) -> ConfigFlowResult:
        return self._create(found, await _ask(found), found.match.unique_id)

    @callback
    def _create(self, found: Candidate, identity: Identity, unique_id: str) -> ConfigFlowResult:
        name = identity.name or found.match.name or found.driver.name
        known = {**identity_data(identity), "name": name, "unique_id": unique_id}
        address = found.match.address
        return self.async_create_entry(
            title=name,
            data={
                CONF_DRIVER: found.driver.id,
                CONF_HOST: address.host,
                CONF_PORT: address.port,
                CONF_IDENTITY: known,
                CONF_SEEN_AS: found.match.unique_id,
            },
        )


_ADDRESS = {Required(CONF_HOST): TextSelector(), Optional(CONF_PORT): _PORT}


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    """Return what an entry of the same device would have in its data."""
    port = {CONF_PORT: int(typed[CONF_PORT])} if typed.get(CONF_PORT) else {}
    return {CONF_DRIVER: typed[CONF_DRIVER], CONF_HOST: typed[CONF_HOST], **port}


async def _ask(found: Candidate) -> Identity:
    """Connect to a candidate once and return who it is; raise EdgeError."""
    seen = found.match
    known = Identity(seen.unique_id, seen.name, seen.manufacturer, seen.model)
    return await Device(found.driver, Record(known)).probe(found.match.address)
