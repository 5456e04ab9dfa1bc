"""Adding a device that was discovered, or picked from a search."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow

from lan_edge import (
    Address,
    Candidate,
    Device,
    EdgeError,
    IdentityError,
    Sighting,
    TimedOutError,
    UnreachableError,
)

from ..const import CONF_REGISTERED_AS, DOMAIN
from ..discovery.asking import async_recognize, can_be_asked
from ..discovery.controllers import controller_of, core_integration_of
from ..discovery.entries import find_entry_at, is_registered
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
from ..service_entry import async_ensure_service_entry, device_entries
from .asked import AskedDialog
from .candidates import (
    async_check_there,
    async_create_device,
    each_address,
    entry_data,
    with_details,
    with_unique_id,
)
from .entered import async_confirmed_there
from .entered_address import EnteredAddressError
from .form_errors import form_errors
from .help import async_help
from .names import label_of, name_of, unlike
from .offer import async_check_offer, logged_reason
from .pairing import PairingDialog

COMPARED = "https://github.com/lan-edge/lan-edge/blob/main/docs/compared.md"
"""How bundled drivers differ from Home Assistant's own integrations."""


class AddDialog:
    """Adds a device in a config flow, which delegates its steps for adding to it."""

    _candidate: Candidate
    _shared: tuple[Candidate, Callable[[], Awaitable[ConfigFlowResult]]]
    """A device that another integration controls, too, and what follows when it is confirmed."""

    def __init__(self, flow: ConfigFlow, asked: AskedDialog, pairing: PairingDialog) -> None:
        """Carry out the steps of `flow`, with its dialogs for settings and for pairing."""
        self._flow = flow
        self._asked = asked
        self._pairing = pairing
        self._is_shared = False
        """Whether the user has confirmed that another integration controls it, too."""
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
            with logged_reason(_announcement(sighting)):
                raise AbortFlow(reason="not_supported")
        return await self.offer(candidates[0])

    async def offer(self, candidate: Candidate) -> ConfigFlowResult:
        """Ask the user whether to add a device, unless there is a reason not to."""
        with logged_reason(label_of(candidate)):
            return await self._offer(candidate)

    async def _offer(self, candidate: Candidate) -> ConfigFlowResult:
        flow, hass = self._flow, self._flow.hass
        await async_start_discovery(hass)  # the device may move before it is added
        candidate = await async_check_offer(hass, candidate)
        key = offer_key(candidate)
        remember(hass, candidate, key)
        if await flow.async_set_unique_id(key):  # ignored, while its id is not known
            raise AbortFlow(reason="already_configured")
        self._candidate = candidate
        flow.context["title_placeholders"] = {"name": self._title(latest_of(hass, candidate))}
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
            return await self._show_confirm()
        shown = self._candidate
        if self._asked.is_needed(shown.driver):
            add = partial(self.add, shown)
            return await self._asked.ask(shown.driver, name_of(shown), add, self._show_confirm)
        try:
            return await self.add(self._candidate)
        except EdgeError as err:
            return await self._show_confirm(err)

    async def _show_confirm(
        self, error: EdgeError | EnteredAddressError | None = None
    ) -> ConfigFlowResult:
        """Show the device where it was sighted last, and why it was not added there before."""
        shown, latest = self._candidate, latest_of(self._flow.hass, self._candidate)
        self._candidate = latest
        if error is not None and not _is_at(latest, shown.match.address):
            error = MovedError(f"{shown.match.address}: {error}")
        errors, reason = form_errors(error) if error else ({}, "")
        integration = core_integration_of(latest)
        texts = placeholders(
            name=self._title(latest),
            address=str(latest.match.address),
            integration=integration,
            reason=reason,
        )
        texts["help"] = await async_help(self._flow.hass, latest.driver) if error else ""
        return self._flow.async_show_form(
            step_id="confirm_core" if integration else "confirm",
            errors=errors,
            description_placeholders=texts | {"compared": COMPARED},
        )

    async def warn_shared(
        self, candidate: Candidate, go_on: Callable[[], Awaitable[ConfigFlowResult]]
    ) -> ConfigFlowResult:
        """Warn that another integration controls a device, too; `go_on` once that is confirmed."""
        self._shared = candidate, go_on
        return await self.confirm_shared(None)

    async def confirm_shared(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Add a device that another integration controls, too, once the user has confirmed it."""
        candidate, go_on = self._shared
        errors, reason = dict[str, str](), ""
        if user_input is not None:
            self._is_shared = True
            try:
                return await go_on()
            except EdgeError as err:
                errors, reason = form_errors(err)
        texts = placeholders(
            name=name_of(candidate),
            integration=controller_of(self._flow.hass, candidate) or "",
            reason=reason,
        )
        return self._flow.async_show_form(
            step_id="shared", errors=errors, description_placeholders=texts
        )

    # added

    async def add(
        self, candidate: Candidate, *, failed_step: str = "pair_failed"
    ) -> ConfigFlowResult:
        """Add a device at the first of its addresses where it answers; raise EdgeError.

        If it has to be paired, `failed_step` shows why that failed.
        """
        self._doubted, self._doubts = self._doubts, set()
        *first, last = each_address(candidate)
        for there in first:
            with suppress(UnreachableError, TimedOutError, IdentityError, NotConfirmedError):
                return await self._add_at(there, failed_step)
        return await self._add_at(last, failed_step)

    async def _add_at(self, candidate: Candidate, failed_step: str) -> ConfigFlowResult:
        """Add a device once it has answered, or was paired; raise EdgeError."""
        self._candidate, self._is_confirmed = candidate, True
        device = await async_create_device(self._flow.hass, candidate, self._asked.values)
        address, recognize = candidate.match.address, partial(self._recognize, candidate)
        if candidate.driver.pairs():
            if candidate.match.others:
                await async_check_there(device, candidate)
            paired = partial(self._paired, candidate)
            return await self._pairing.start(
                name_of(candidate),
                device,
                address,
                recognize,
                paired,
                on_retry=self._pair_again,
                failed_step=failed_step,
            )
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
            raise NotConfirmedError(f"{match.address} was announced as {match.unique_id}")

    async def _paired(self, candidate: Candidate, device: Device) -> ConfigFlowResult:
        try:
            return await self._finish(candidate, device)
        except EdgeError as err:
            return await self._show_confirm(err)

    async def _pair_again(self, error: EdgeError) -> ConfigFlowResult:
        """Pair again, but ask first if the device has been announced at another address."""
        latest = latest_of(self._flow.hass, self._candidate)
        self._doubted = self._doubts
        if _is_at(latest, self._candidate.match.address):
            return await self._pairing.restart()
        return await self._show_confirm(error)

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

        async def create() -> ConfigFlowResult:
            return self._create_entry(candidate, device, unique_id)

        if controller_of(hass, candidate) is None or self._is_shared:
            return await create()
        return await self.warn_shared(with_details(candidate, device.identity), create)

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
        name = self._name(with_details(candidate, device.identity))
        forget(self._flow.hass, candidate)
        async_ensure_service_entry(self._flow.hass)
        data = entry_data(candidate, device, unique_id, name)
        if is_registered(self._flow.hass, unique_id):
            data[CONF_REGISTERED_AS] = uuid4().hex
        return self._flow.async_create_entry(title=name, data=data, options=self._asked.values)

    def _name(self, candidate: Candidate) -> str:
        """Return the name of a candidate's entry, which no other entry has.

        What tells it apart on its card stays, in whichever order alike devices are added.
        """
        apart = name_of(candidate, is_alike=True)
        if self._flow.context.get("title_placeholders", {}).get("name", "").startswith(apart):
            return apart
        titles = {entry.title for entry in device_entries(self._flow.hass)}
        return unlike(candidate, titles, name_of)

    def _title(self, candidate: Candidate) -> str:
        """Return the title of a candidate's card, which no other card has."""
        flows = self._flow.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        others = (f["context"] for f in flows if f["flow_id"] != self._flow.flow_id)
        return unlike(candidate, {c.get("title_placeholders", {}).get("name", "") for c in others})


def _announcement(sighting: Sighting | None) -> str:
    if sighting is None:
        return "A device without a usable address"
    return f"{sighting.source} {sighting.kind} at {sighting.address}"


def _is_at(candidate: Candidate, address: Address) -> bool:
    return address in (candidate.match.address, *candidate.match.others)
