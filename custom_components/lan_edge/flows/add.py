"""Adding a device that was discovered, or picked from a search."""

from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.data_entry_flow import AbortFlow

from lan_edge import (
    Address,
    Candidate,
    Device,
    EdgeError,
    IdentityError,
    Record,
    Sighting,
    TimedOutError,
    UnreachableError,
)

from ..discovery.asking import async_recognize, can_be_asked
from ..discovery.cloud_keys import cloud_device_of
from ..discovery.controllers import controller_of, core_integration_of
from ..discovery.general_offers import end_general_offers
from ..discovery.new_devices import latest_of, latest_with_id, offer_key, remember
from ..discovery.search import async_start_discovery
from ..errors import MovedError, NotConfirmedError
from ..reporting.markdown import placeholders
from ..runtime import async_load_domain_data
from .asked import AskedDialog
from .candidates import (
    as_named_by_cloud,
    async_check_there,
    async_create_device,
    async_is_paired,
    each_address,
    with_details,
    with_unique_id,
)
from .entered import async_confirmed_there
from .entered_address import EnteredAddressError
from .entered_url import EnteredUrlDialog
from .form_errors import async_form_errors
from .help import async_help
from .names import name_of, title_of
from .new_entry import async_create_entry, card_title, has_entry
from .offer import async_check_offer, logged_reason
from .pairing import PairingDialog
from .shared import SharedDialog

COMPARED = "https://github.com/lan-edge/lan-edge/blob/main/docs/compared.md"
"""How bundled drivers differ from Home Assistant's own integrations."""


class AddDialog:
    """Adds a device in a config flow, which delegates its steps for adding to it."""

    _candidate: Candidate

    def __init__(self, flow: ConfigFlow, asked: AskedDialog, pairing: PairingDialog) -> None:
        """Carry out the steps of `flow`, with its dialogs for settings and for pairing."""
        self._flow = flow
        self._asked = asked
        self._pairing = pairing
        self.shared = SharedDialog(flow)
        """The warning for a device that another integration controls, too."""
        self.url = EnteredUrlDialog(flow)
        """The URL that is entered in the device."""
        self.known: Record | None = None
        """What earlier connections to the device have shown, such as its certificate."""
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
        with logged_reason(f"{title_of(candidate)} at {candidate.match.address.host}"):
            return await self._offer(candidate)

    async def _offer(self, candidate: Candidate) -> ConfigFlowResult:
        flow, hass = self._flow, self._flow.hass
        await async_start_discovery(hass)  # the device may move before it is added
        candidate = await async_check_offer(hass, candidate)
        key = offer_key(candidate)
        remember(hass, candidate, key)
        if await flow.async_set_unique_id(key):  # ignored, while its id is not known
            raise AbortFlow(reason="already_configured")
        end_general_offers(hass, candidate)
        self._candidate = candidate
        latest = as_named_by_cloud(hass, latest_of(hass, candidate))
        flow.context["title_placeholders"] = {"name": card_title(flow, latest)}
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
        hass, shown = self._flow.hass, self._candidate
        self._candidate = latest = as_named_by_cloud(hass, latest_of(hass, shown))
        if error is not None and not _is_at(latest, shown.match.address):
            _, why = await async_form_errors(hass, error)
            error = MovedError(t"{shown.match.address}: {why}")
        errors, reason = await async_form_errors(hass, error)
        integration = core_integration_of(latest)
        texts = placeholders(
            name=card_title(self._flow, latest),
            address=str(latest.match.address),
            integration=integration,
            reason=reason,
        )
        texts["help"] = await async_help(self._flow.hass, latest.driver) if error else ""
        cloud = cloud_device_of(hass, latest)
        return self._flow.async_show_form(
            step_id=cloud.step if cloud else "confirm_core" if integration else "confirm",
            errors=errors,
            description_placeholders=texts | {"compared": COMPARED},
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
        hass, settings = self._flow.hass, self._asked.values
        device = await async_create_device(hass, candidate, settings, self.known)
        address, recognize = candidate.match.address, partial(self._recognize, candidate)
        if not await async_is_paired(device, candidate):
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
        if not device.secrets:  # otherwise it has just been checked
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
            raise NotConfirmedError(t"{match.address} was announced as {match.unique_id}")

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
            raise UnreachableError(t"it has moved to {latest.address}")
        return await self._create(candidate, device, candidate.match.unique_id)

    async def _finish_entered(self, candidate: Candidate, device: Device) -> ConfigFlowResult:
        """Create the entry of a device that was entered by its address."""
        hass = self._flow.hass
        if unique_id := device.identity.unique_id:
            candidate = with_unique_id(candidate, unique_id)
        else:
            candidate = await async_confirmed_there(hass, candidate)
        if has_entry(hass, candidate):
            return self._flow.async_abort(reason="already_configured")
        unique_id = candidate.match.unique_id or uuid4().hex
        await self._flow.async_set_unique_id(unique_id, raise_on_progress=False)
        create = partial(self._create, candidate, device, unique_id)
        if controller_of(hass, candidate) is None or self.shared.is_confirmed:
            return await create()
        return await self.shared.warn(with_details(candidate, device.identity), create)

    async def _create(
        self, candidate: Candidate, device: Device, unique_id: str
    ) -> ConfigFlowResult:
        """Create the entry; before that, show the URL that was not shown yet."""
        settings = self._asked.values
        create = partial(async_create_entry, self._flow, candidate, device, unique_id, settings)
        if self.known is not None:
            return await create()
        return await self.url.show(device, candidate.match.address, create)


def _announcement(sighting: Sighting | None) -> str:
    if sighting is None:
        return "A device without a usable address"
    return f"{sighting.source} {sighting.kind} at {sighting.address}"


def _is_at(candidate: Candidate, address: Address) -> bool:
    return address in (candidate.match.address, *candidate.match.others)
