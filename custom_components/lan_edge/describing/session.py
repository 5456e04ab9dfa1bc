"""What the dialogs that describe a device share: the draft, the answers, and the overview."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.translation import async_get_translations

from lan_edge import DescriptionError, EdgeError, TrialAnswer, TypedError

from ..const import DOMAIN
from ..description_files.checking import fault_text
from ..flows.entered_address import EnteredAddressError
from ..flows.form_errors import form_errors
from ..reporting.markdown import as_plain_text
from ..vol import Schema
from .drafts import async_keep
from .open_draft import OpenDraft
from .shown import things_list
from .trying import async_try

MAX_FAULTS_SHOWN = 10

type Problem = tuple[Mapping[str, str], str]
"""The errors of a form by field, and their reason."""
type EnteredError = EdgeError | EnteredAddressError


class DescribeSession:
    """The draft that a config flow makes."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Begin an empty draft."""
        self.flow = flow
        self.open = OpenDraft()
        self.answers: dict[str, TrialAnswer] = {}
        """The last answers, by the names of the requests."""

    async def keep(self) -> None:
        """Keep the draft, so that it is offered when this dialog is closed."""
        await async_keep(self.flow.hass, self.open)

    async def load_answers(self) -> None:
        """Send the requests of a draft that were not answered yet; raise EdgeError."""
        requests = self.open.draft.requests
        if missing := {name: each for name, each in requests.items() if name not in self.answers}:
            self.answers |= await async_try(self.flow.hass, self.open, missing)

    async def overview(self) -> ConfigFlowResult:
        """Show what the device has so far, and offer what can be done."""
        await self.keep()
        options = ["describe_add", "describe_request", "describe_where", "describe_text"]
        step = "describe_overview_empty"
        if self.open.draft.things:
            step = "describe_overview"
            options = ["describe_finish", *options, "describe_remove"]
        return self.flow.async_show_menu(
            step_id=step,
            menu_options=options,
            description_placeholders={"things": await self.things()},
        )

    async def things(self) -> str:
        """Return what the device has so far, as a list in Markdown."""
        return things_list(self.open.draft, await self.words("thing_kind"))

    async def words(self, selector: str) -> dict[str, str]:
        """Return the words of a selector in the user's language."""
        hass = self.flow.hass
        texts = await async_get_translations(hass, hass.config.language, "selector", [DOMAIN])
        prefix = f"component.{DOMAIN}.selector.{selector}.options."
        return {k.removeprefix(prefix): v for k, v in texts.items() if k.startswith(prefix)}

    @callback
    def show(
        self,
        step: str,
        schema: Schema,
        suggested: Mapping[str, Any],
        problem: Problem | None = None,
        **texts: str,
    ) -> ConfigFlowResult:
        """Show a form with what was entered, and what is wrong with it."""
        errors, reason = problem or ({}, "")
        return self.flow.async_show_form(
            step_id=step,
            data_schema=self.flow.add_suggested_values_to_schema(schema, suggested),
            errors=dict(errors),
            description_placeholders={"reason": reason, **texts},
        )


def request_problem(error: EnteredError) -> Problem:
    """Return what is wrong with a request that was entered, or what came of it."""
    if isinstance(error, TypedError):
        return {error.field: "value"}, as_plain_text(str(error))
    if isinstance(error, DescriptionError):
        return faults_problem(error)
    errors, reason = form_errors(error)
    return errors, as_plain_text(reason)


def faults_problem(error: DescriptionError) -> Problem:
    """Return all that is wrong in a draft, as an error of a form."""
    lines = (as_plain_text(fault_text(each)) for each in error.faults[:MAX_FAULTS_SHOWN])
    return {"base": "faults"}, " ".join(lines)
