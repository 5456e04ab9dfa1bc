"""The steps that concern a description as a whole: remove, the text, and the end."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.translation import async_get_translations

from lan_edge import (
    DescriptionDraft,
    DescriptionError,
    EdgeError,
    identifier,
)

from ..const import CONF_DRIVER, DOMAIN
from ..description_files.texts import TextChangedError, async_delete
from ..flows.enter import EnterDialog
from ..flows.entered_address import EnteredAddressError
from ..flows.form_errors import form_errors
from ..reporting.language import async_language
from ..reporting.markdown import as_plain_markdown, as_plain_text
from ..vol import Schema
from .details_form import CONF_FIRMWARE, CONF_MAC, suggested_details, take_details
from .drafts import async_forget
from .meant_bytes import may_be_identity
from .message_form import INBOUND
from .names_form import (
    CONF_IDENTITY,
    CONF_READ_MORE,
    FINISH_FIELDS,
    identity_fields,
    identity_readings,
    suggested_identity,
    suggested_names,
    take_identity,
    take_names,
)
from .noticed import async_unsent
from .place_form import place_schema
from .poll_form import poll_fields, suggested_poll, take_poll
from .preview import async_preview
from .refusals import Refusals, refusals_of
from .saving import async_save_new
from .sending_form import IN_FORMS
from .session import DescribeSession, EnteredError, Problem
from .shown import Readings, readings_of
from .text_form import CONF_TEXT, show_text, values_of
from .unknown_now import async_unknown_now
from .worked_form import suggested_worked, take_worked, worked_fields

CONF_THINGS = "things"
UNNAMED = "described"
"""The id of a description whose name has no letters from a to z."""
type ReadMore = Callable[[], Awaitable[ConfigFlowResult]]


class WholeDialog:
    """Shows the whole of a description, and finishes it."""

    def __init__(
        self, session: DescribeSession, enter: EnterDialog | None, read_more: ReadMore
    ) -> None:
        """Carry out the steps for the draft of `session`; `enter` adds a new device in the end.

        `read_more` asks for another request.
        """
        self._session = session
        self._enter = enter
        self._read_more = read_more
        self._readings: Readings = {}
        """The values among which the serial number is picked."""
        self._refusals: Refusals = {}
        """What may say that a command has worked."""
        self._told: list[Mapping[str, Any]] = []
        """What the device does not send, as the user was told."""
        self._failure = ""
        """Why the device was not added."""

    async def remove(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Let the user remove some of what the device has."""
        draft = self._session.open.draft
        if user_input is not None:
            for place in user_input.get(CONF_THINGS, ()):
                draft.remove(place)
            return await self._session.overview()
        schema = place_schema(draft, CONF_THINGS, self._session.kind_words, are_several=True)
        return self._session.show("describe_remove", schema, {})

    async def text(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show the text, and take it as it was changed."""
        session = self._session
        run = session.flow.hass.async_add_executor_job
        if user_input is None:
            return show_text(session, await run(session.open.text))
        text = user_input[CONF_TEXT]
        if text.strip() == (await run(session.open.text)).strip():
            return await session.overview()  # what is begun may be incomplete
        try:
            values = await run(values_of, text)
        except DescriptionError as err:
            return show_text(session, text, err)
        if (change := session.open.change) is not None:
            if values["id"] != change.values["id"]:
                return show_text(session, text, id_in_use=change.values["id"])
            change.text = text
        session.open.draft = DescriptionDraft(values)
        session.answers.clear()
        return await session.overview()

    async def finish(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what the device is called, write its description, and add it."""
        session = self._session
        if user_input is None:
            return await self._begin_finish()
        draft = session.open.draft
        take_names(draft, user_input)
        take_poll(draft, user_input)
        take_identity(draft, user_input, self._readings)
        take_details(draft, user_input, self._readings)
        take_worked(draft, user_input, self._refusals)
        if user_input.get(CONF_READ_MORE):
            await session.keep()
            return await self._read_more()
        if not draft.values["name"]:
            return await self._show_finish(user_input, ({CONF_NAME: "required"}, ""))
        if draft.talks == INBOUND and "identity" not in draft.values:
            # whoever calls by its id has to prove that it is the device
            return await self._show_finish(user_input, ({CONF_IDENTITY: "required"}, ""))
        if problem := await self._unsent_problem():
            return await self._show_finish(user_input, problem)
        return await self._save(user_input)

    async def _unsent_problem(self) -> Problem | None:
        """Return what was entered of who it is, but is in no answer, unless it was told before."""
        values = self._session.open.draft.values
        entered = {CONF_IDENTITY: values.get("identity", {}), **values.get("device", {})}
        for field in (CONF_IDENTITY, CONF_FIRMWARE, CONF_MAC):
            reading = entered.get(field, {})
            name = await async_unsent(self._session, reading)
            if name and reading not in self._told:
                self._told.append(reading)
                return {field: "not_sent"}, name
        return None

    async def _save(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        """Write the description, and add the device by it."""
        session = self._session
        draft, id_ = session.open.draft, identifier(user_input[CONF_NAME]) or UNNAMED
        try:
            driver_id, saved = await async_save_new(session.flow.hass, draft, id_)
        except DescriptionError as err:
            _, reason = session.faults_problem(err.faults)
            self._failure = as_plain_markdown(reason)
            await session.keep()
            return await self.not_added()
        except OSError as err:
            problem = {"base": "not_written"}, as_plain_text(str(err))
            return await self._show_finish(user_input, problem)
        assert self._enter is not None  # noqa: S101  # a change is saved by another step
        entered = {CONF_DRIVER: driver_id, **session.open.where}
        known = session.open.record_to_try()
        try:
            result = await self._enter.add_described(entered, session.open.settings, known)
        except (EdgeError, EnteredAddressError) as err:
            with suppress(TextChangedError, OSError):  # by hand: it stays
                await async_delete(session.flow.hass, saved)
            await session.keep()
            self._failure = await _sentence(session, err)
            return await self.not_added()
        await async_forget(session.flow.hass, session.open.id)
        return result

    async def not_added(self) -> ConfigFlowResult:
        """Show why the device was not added: nothing of the description is lost."""
        return self._session.flow.async_show_menu(
            step_id="describe_not_added",
            menu_options=["describe_overview", "describe_finish"],
            description_placeholders={"reason": self._failure},
        )

    async def _begin_finish(self) -> ConfigFlowResult:
        """Read the device, if it answers: the serial number is picked among its values."""
        session = self._session
        with suppress(EdgeError, EnteredAddressError):
            await session.load_answers()
        draft = session.open.draft
        self._readings = identity_readings(draft, readings_of(session.answers, may_be_identity))
        answers, readings = session.answers, self._readings
        found = suggested_details(draft, answers, readings)
        found |= suggested_identity(draft, answers, readings)
        found |= suggested_poll(draft)
        worked = session.worked.values()
        self._refusals = refusals_of(draft, worked, answers.values())
        found |= suggested_worked(draft, self._refusals, worked)
        return await self._show_finish({**suggested_names(draft, answers), **found})

    async def _show_finish(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        session = self._session
        sections, texts = await async_preview(session.flow.hass, session.open)
        can_read_more = session.open.draft.talks in IN_FORMS
        fields = identity_fields(self._readings, can_read_more=can_read_more)
        fields |= worked_fields(self._refusals) | poll_fields(session.open.draft)
        texts["unknown"] = await async_unknown_now(session)
        schema = Schema({**FINISH_FIELDS, **fields, **sections})
        return session.show("describe_finish", schema, suggested, problem, **texts)


async def _sentence(session: DescribeSession, error: EnteredError) -> str:
    """Return what a form would say of an error, for a step without fields."""
    language = await async_language(session.flow.hass)
    texts = await async_get_translations(session.flow.hass, language, "config", [DOMAIN])
    errors, reason = form_errors(error, session.patterns)
    [key] = errors.values()
    text = texts.get(f"component.{DOMAIN}.config.error.{key}", "{reason}")
    return text.replace("{reason}", as_plain_markdown(reason))
