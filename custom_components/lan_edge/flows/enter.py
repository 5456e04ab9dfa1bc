"""Adding a device whose address was entered."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig

from lan_edge import Candidate, EdgeError, Match, Record, Registry, missing_settings, one_id

from ..const import CONF_CALL_ID, CONF_DRIVER
from ..description_files.listed import label_of
from ..discovery.controllers import controller_of
from ..discovery.entries import AnyDriver
from ..discovery.routing import handle_known
from ..driver_files.watch import async_look_now
from ..reporting.markdown import placeholders
from ..runtime import async_load_domain_data
from ..vol import Required, Schema
from .add import AddDialog
from .address_form import ADDRESS_FIELDS, async_check_not_own, async_resolve
from .asked import AskedDialog
from .candidates import async_identify_entered, at_address, with_unique_id
from .entered import async_complete
from .entered_address import EnteredAddressError
from .form_errors import async_form_errors
from .help import async_help
from .nothing_picked import NOTHING_PICKED
from .offer import is_online_at
from .pairing import PairingDialog


class EnterDialog:
    """Asks for a driver and an address in a config flow, and adds the device that answers there."""

    def __init__(
        self, flow: ConfigFlow, add: AddDialog, asked: AskedDialog, pairing: PairingDialog
    ) -> None:
        """Carry out the step of `flow`; other dialogs ask for settings, pair and add the device."""
        self._flow = flow
        self._add = add
        self._asked = asked
        self._pairing = pairing
        self._entered: dict[str, Any] = {}
        """What the user entered last."""
        self._kind = ""
        """The id of the only driver that is meant; empty: the user picks one."""

    async def enter_address(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for a driver and an address, then add the device that answers there.

        Without input, show again what was entered, and why its pairing failed, if it did.
        """
        registry = (await async_load_domain_data(self._flow.hass)).registry
        if user_input is None:
            await async_look_now(self._flow.hass)  # a file may just have been put there
            return await self._show(registry, self._pairing.failure)
        self._entered = user_input
        try:
            return await self._add_entered(registry, user_input)
        except (EdgeError, EnteredAddressError) as err:
            return await self._show(registry, err)

    async def begin_with(self, id_: str) -> ConfigFlowResult:
        """Ask for the address of a device of a driver, which was just saved."""
        self._kind = id_
        return await self.enter_address(None)

    async def enter_known(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Add the device of that driver at an address; without input, ask for that again."""
        entered = None if user_input is None else {**user_input, CONF_DRIVER: self._kind}
        return await self.enter_address(entered)

    async def add_described(
        self, entered: dict[str, Any], settings: Mapping[str, Any], known: Record
    ) -> ConfigFlowResult:
        """Do the same with what was entered in another form, settings too.

        `known` is what earlier connections to the device have shown. Raises EdgeError or
        EnteredAddressError if the device cannot be added.
        """
        self._add.known = known
        registry = (await async_load_domain_data(self._flow.hass)).registry
        missing = missing_settings(registry.driver(entered[CONF_DRIVER]).Settings, settings)
        self._asked.take(settings, is_entered=not missing)
        self._entered = entered
        try:
            return await self._add_entered(registry, entered)
        finally:
            self._asked.take(settings, is_entered=False)

    async def _show(
        self, registry: Registry, error: EdgeError | EnteredAddressError | None
    ) -> ConfigFlowResult:
        flow, help_text = self._flow, ""
        errors, reason = await async_form_errors(flow.hass, error)
        if self._kind:
            if self._kind not in registry.summaries:  # its file was deleted meanwhile
                return flow.async_abort(reason="not_supported")
            return await self._show_kind(registry.driver(self._kind), errors, reason)
        if isinstance(error, EdgeError):
            help_text = await async_help(flow.hass, registry.driver(self._entered[CONF_DRIVER]))
        return flow.async_show_form(
            step_id="manual",
            data_schema=flow.add_suggested_values_to_schema(
                _schema(registry), {CONF_DRIVER: NOTHING_PICKED, **self._entered}
            ),
            errors=errors,
            description_placeholders=placeholders(reason=reason) | {"help": help_text},
        )

    async def _show_kind(
        self, driver: AnyDriver, errors: dict[str, str], reason: str
    ) -> ConfigFlowResult:
        texts = placeholders(name=driver.name, reason=reason)
        return self._flow.async_show_form(
            step_id="described_device",
            data_schema=self._flow.add_suggested_values_to_schema(
                Schema(ADDRESS_FIELDS), self._entered
            ),
            errors=errors,
            description_placeholders=texts | {"help": await async_help(self._flow.hass, driver)},
        )

    async def _add_entered(
        self, registry: Registry, user_input: dict[str, Any]
    ) -> ConfigFlowResult:
        hass, driver = self._flow.hass, registry.driver(user_input[CONF_DRIVER])
        address, *others = await async_resolve(hass, user_input)
        entered = Candidate(driver, Match("", address, "", tuple(others)))
        candidate = await async_complete(hass, entered)
        if call_id := user_input.get(CONF_CALL_ID):
            candidate = with_unique_id(candidate, one_id(call_id))
        addresses = (candidate.match.address, *candidate.match.others)
        await async_check_not_own(hass, driver, addresses)
        if is_online_at(hass, candidate):  # it may accept only one connection
            return self._flow.async_abort(reason="already_configured")
        go_on = partial(self._add_there, candidate)
        if self._asked.is_needed(driver):
            on_failed = partial(self._show, registry)
            return await self._asked.ask(driver, driver.name, go_on, on_failed)
        return await go_on()

    async def _add_there(self, candidate: Candidate) -> ConfigFlowResult:
        """Add the device at an address, unless it is set up already; raise EdgeError."""
        hass = self._flow.hass
        if call_id := candidate.match.unique_id:  # it calls by this: it cannot be asked before
            await self._flow.async_set_unique_id(call_id, raise_on_progress=False)
            there = candidate
        else:
            # nothing but who it is, before what follows from that is known
            settings, known = self._asked.values, self._add.known
            there = await async_identify_entered(hass, candidate, settings, known)
        if there.match.unique_id and handle_known(hass, there):
            return self._flow.async_abort(reason="already_configured")
        candidate = at_address(candidate, there.match.address)
        go_on = partial(
            self._add.add, candidate, failed_step="described_device" if self._kind else "manual"
        )
        if controller_of(hass, there) is not None:
            return await self._add.shared.warn(there, go_on)
        return await go_on()


def _schema(registry: Registry) -> Schema:
    kinds = registry.summaries.values()
    labels = [(label_of(each.name, each.products), each.id) for each in kinds]
    labels.sort(key=lambda label: (label[0].lower(), label[1]))
    options = [SelectOptionDict(value=id_, label=label) for label, id_ in labels]
    selector = SelectSelector(SelectSelectorConfig(options=options))
    return Schema({Required(CONF_DRIVER): selector, **ADDRESS_FIELDS})
