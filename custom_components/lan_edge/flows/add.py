"""Adding a device that was discovered, picked from a search, or entered by its address."""

from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import ConfigEntryState, ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig

from lan_edge import (
    Address,
    Candidate,
    Device,
    EdgeError,
    IdentityError,
    Match,
    Registry,
    Sighting,
    TimedOutError,
    UnreachableError,
)

from ..const import CONF_DRIVER
from ..coordinator import LanEdgeConfigEntry
from ..discovery.asking import async_recognize, can_be_asked
from ..discovery.controllers import controller_of, core_integration_of
from ..discovery.entries import find_entry_at
from ..discovery.new_devices import (
    forget,
    latest_of,
    latest_with_id,
    offer_key,
    remember,
)
from ..discovery.routing import handle_known
from ..discovery.search import async_start_discovery
from ..errors import MovedError, NotConfirmedError
from ..reporting.markdown import placeholders
from ..runtime import async_load_domain_data
from ..service_entry import async_ensure_service_entry
from ..vol import Required, Schema
from .address_form import ADDRESS_FIELDS, async_check_not_own, async_resolve
from .candidates import (
    async_check_there,
    async_create_device,
    described,
    each_address,
    entry_data,
    with_unique_id,
)
from .entered import async_complete, async_confirmed_there
from .entered_address import EnteredAddressError
from .form_errors import form_errors
from .names import name_of, title_of
from .offer import async_check_offer
from .pairing import PairingDialog

COMPARED = "https://github.com/lan-edge/lan-edge/blob/main/docs/compared.md"
"""How bundled drivers differ from Home Assistant's own integrations."""


class AddDialog:
    """Adds a device in a config flow, which delegates its steps for adding to it."""

    _candidate: Candidate
    _shared: tuple[Candidate, Device, str]
    """A device that another integration controls, too, which is ready to be added."""

    def __init__(self, flow: ConfigFlow, pairing: PairingDialog) -> None:
        """Carry out the steps of `flow`, with its pairing dialog."""
        self._flow = flow
        self._pairing = pairing
        self._is_confirmed = False
        """Whether the device, or an answer from its address, has confirmed the announced id."""
        self._doubts: set[Address] = set()
        """The addresses at which nothing confirmed it this time."""
        self._doubted: set[Address] = set()
        """The same, the last time."""

    # discovered

    async def discovered(self, sighting: Sighting | None) -> ConfigFlowResult:
        """Offer the device that was sighted, if a driver supports it."""
        registry = (await async_load_domain_data(self._flow.hass)).registry
        candidates = registry.match(sighting) if sighting is not None else ()
        if not candidates:
            return self._flow.async_abort(reason="not_supported")
        return await self.offer(candidates[0])

    async def offer(self, candidate: Candidate) -> ConfigFlowResult:
        """Ask the user whether to add a device, unless there is a reason not to."""
        flow, hass = self._flow, self._flow.hass
        await async_start_discovery(hass)  # the device may move before it is added
        candidate = await async_check_offer(hass, candidate)
        key = offer_key(candidate)
        remember(hass, candidate, key)
        await flow.async_set_unique_id(key)
        self._candidate = candidate
        flow.context["title_placeholders"] = {"name": title_of(latest_of(hass, candidate))}
        return await self.confirm(None)

    # confirmed

    async def add_picked(self, unique_id: str) -> ConfigFlowResult:
        """Add a device that the user has picked among those that were discovered."""
        candidate = latest_with_id(self._flow.hass, unique_id)
        if candidate is None:
            return self._flow.async_abort(reason="gone")
        self._candidate = candidate
        return await self.confirm({})

    async def confirm(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask whether to add the device, then add it at the address that was shown."""
        if user_input is None:
            return self._show_confirm()
        try:
            return await self._add(self._candidate)
        except EdgeError as err:
            return self._show_confirm(err)

    def _show_confirm(self, error: EdgeError | None = None) -> ConfigFlowResult:
        """Show the device where it was sighted last, and why it was not added there before."""
        shown, latest = self._candidate, latest_of(self._flow.hass, self._candidate)
        self._candidate = latest
        if error is not None and not _is_at(latest, shown.match.address):
            error = MovedError(f"{shown.match.address}: {error}")
        errors, reason = form_errors(error) if error else ({}, "")
        integration = core_integration_of(latest)
        texts = placeholders(
            name=title_of(latest),
            address=str(latest.match.address),
            integration=integration,
            reason=reason,
        )
        return self._flow.async_show_form(
            step_id="confirm_core" if integration else "confirm",
            errors=errors,
            description_placeholders=texts | {"compared": COMPARED},
        )

    async def confirm_shared(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Add a device that another integration controls, too, once the user has confirmed it."""
        if user_input is not None:
            return self._create_entry(*self._shared)
        candidate, device, _ = self._shared
        texts = placeholders(
            name=name_of(described(candidate, device)),
            integration=controller_of(self._flow.hass, candidate) or "",
        )
        return self._flow.async_show_form(step_id="shared", description_placeholders=texts)

    # entered

    async def enter_address(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for a driver and an address, then add the device that answers there."""
        flow = self._flow
        registry = (await async_load_domain_data(flow.hass)).registry
        errors, reason = dict[str, str](), ""
        if user_input is not None:
            try:
                return await self._add_entered(registry, user_input)
            except (EdgeError, EnteredAddressError) as err:
                errors, reason = form_errors(err)
        return flow.async_show_form(
            step_id="manual",
            data_schema=flow.add_suggested_values_to_schema(
                _manual_schema(registry), user_input or {}
            ),
            errors=errors,
            description_placeholders=placeholders(reason=reason),
        )

    async def _add_entered(
        self, registry: Registry, user_input: dict[str, Any]
    ) -> ConfigFlowResult:
        driver = registry.driver(user_input[CONF_DRIVER])
        address, *others = addresses = await async_resolve(self._flow.hass, user_input)
        await async_check_not_own(self._flow.hass, driver, addresses)
        candidate = Candidate(driver, Match("", address, "", tuple(others)))
        for there in each_address(candidate):
            entry = find_entry_at(self._flow.hass, there)
            if entry is not None and _is_online(entry):  # it may accept only one connection
                return self._flow.async_abort(reason="already_configured")
        return await self._add(await async_complete(self._flow.hass, candidate))

    # added

    async def _add(self, candidate: Candidate) -> ConfigFlowResult:
        """Add a device at the first of its addresses where it answers; raise EdgeError."""
        self._doubted, self._doubts = self._doubts, set()
        *first, last = each_address(candidate)
        for there in first:
            with suppress(UnreachableError, TimedOutError, IdentityError, NotConfirmedError):
                return await self._add_at(there)
        return await self._add_at(last)

    async def _add_at(self, candidate: Candidate) -> ConfigFlowResult:
        """Add a device once it has answered, or was paired; raise EdgeError."""
        self._candidate, self._is_confirmed = candidate, True
        device = await async_create_device(self._flow.hass, candidate)
        address, recognize = candidate.match.address, partial(self._recognize, candidate)
        if candidate.driver.pairs():
            if candidate.match.others:
                await async_check_there(device, candidate)
            paired = partial(self._paired, candidate)
            return await self._pairing.start(device, address, recognize, paired, self._pair_again)
        await device.check(address, recognize)
        return await self._finish(candidate, device)

    async def _recognize(self, candidate: Candidate) -> None:
        """Raise EdgeError unless the device at an address is the one that was announced there.

        If nothing there confirms that, the user decides, by submitting the same address again.
        """
        match, driver = candidate.match, candidate.driver
        if not match.unique_id:
            return
        self._is_confirmed = await async_recognize(
            self._flow.hass, driver, match.address, match.unique_id
        )
        self._doubts.add(match.address)
        is_doubtful = not self._is_confirmed and can_be_asked(driver)
        if is_doubtful and match.address not in self._doubted:
            raise NotConfirmedError(f"{match.address} is said to be {match.unique_id}")

    async def _paired(self, candidate: Candidate, device: Device) -> ConfigFlowResult:
        try:
            return await self._finish(candidate, device)
        except EdgeError as err:
            return self._show_confirm(err)

    async def _pair_again(self, error: EdgeError) -> ConfigFlowResult:
        """Pair again, but ask first if the device has been announced at another address."""
        latest = latest_of(self._flow.hass, self._candidate)
        self._doubted = self._doubts
        if _is_at(latest, self._candidate.match.address):
            return await self._pairing.restart()
        return self._show_confirm(error)

    async def _finish(self, candidate: Candidate, device: Device) -> ConfigFlowResult:
        """Create the entry of a device that answered; raise UnreachableError if it has moved."""
        if not candidate.match.unique_id:
            return await self._finish_entered(candidate, device)
        latest = latest_of(self._flow.hass, candidate).match
        hosts = {address.host for address in (latest.address, *latest.others)}
        if not self._is_confirmed and candidate.match.address.host not in hosts:
            # Another device may have its old address by now, and may be the one that answered.
            raise UnreachableError(f"it has moved to {latest.address}")
        return self._create_entry(candidate, device, candidate.match.unique_id)

    async def _finish_entered(self, candidate: Candidate, device: Device) -> ConfigFlowResult:
        """Create the entry of a device that was entered by its address."""
        hass = self._flow.hass
        if unique_id := device.identity.unique_id:
            candidate = with_unique_id(candidate, unique_id)
        else:
            candidate = await async_confirmed_there(hass, candidate)
        if self._has_entry(candidate):
            return self._flow.async_abort(reason="already_configured")
        unique_id = candidate.match.unique_id or uuid4().hex
        await self._flow.async_set_unique_id(unique_id, raise_on_progress=False)
        if controller_of(hass, candidate) is not None:
            self._shared = candidate, device, unique_id
            return await self.confirm_shared(None)
        return self._create_entry(candidate, device, unique_id)

    @callback
    def _has_entry(self, candidate: Candidate) -> bool:
        """Return whether a device has an entry; without an id, by its address alone."""
        if handle_known(self._flow.hass, candidate):
            return True
        return not candidate.match.unique_id and bool(find_entry_at(self._flow.hass, candidate))

    @callback
    def _create_entry(
        self, candidate: Candidate, device: Device, unique_id: str
    ) -> ConfigFlowResult:
        if self._has_entry(candidate):  # another dialog has added it meanwhile
            return self._flow.async_abort(reason="already_configured")
        name = name_of(with_unique_id(described(candidate, device), unique_id))
        forget(self._flow.hass, candidate)
        async_ensure_service_entry(self._flow.hass)
        data = entry_data(candidate, device, unique_id, name)
        return self._flow.async_create_entry(title=name, data=data)


def _is_at(candidate: Candidate, address: Address) -> bool:
    return address in (candidate.match.address, *candidate.match.others)


def _is_online(entry: LanEdgeConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.device.available


def _manual_schema(registry: Registry) -> Schema:
    drivers = sorted(registry.drivers.values(), key=lambda driver: driver.name)
    options = [SelectOptionDict(value=driver.id, label=driver.name) for driver in drivers]
    selector = SelectSelector(SelectSelectorConfig(options=options))
    return Schema({Required(CONF_DRIVER): selector, **ADDRESS_FIELDS})
