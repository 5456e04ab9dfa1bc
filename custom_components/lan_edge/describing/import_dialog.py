"""The steps that begin a description with what an owner has already."""

from collections.abc import Callable
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_URL

from lan_edge import (
    ApiDocument,
    DescriptionDraft,
    DescriptionError,
    EdgeError,
    Imported,
    ImportNote,
    Setting,
    asked_settings,
    import_openapi,
    missing_settings,
    read_openapi,
    read_settings,
)

from ..description_files.fetch import FetchError
from ..flows.entered_address import EnteredAddressError, as_entered, parse_entered
from ..flows.settings_form import entered_settings, field_name, help_text
from ..reporting.blank import async_filled
from ..reporting.markdown import as_plain_markdown, as_plain_text
from .import_form import (
    CONF_DEVICE,
    CONF_IMPORTED,
    CONF_PICKED,
    CONF_TRUST,
    DOCUMENT_SCHEMA,
    IMPORT_SCHEMA,
    KNOWN_PARAMETERS,
    PIN,
    SECTION_PARAMETERS,
    VERIFY,
    access_schema,
    device_schema,
    notes_list,
    parameters_of,
    pick_schema,
    suggested_access,
)
from .open_draft import OpenDraft
from .openapi_fetch import async_fetch_document
from .session import DescribeSession, Problem
from .shown import requests_list, things_list

type Import = Callable[[str], Imported]


class ImportDialog:
    """Asks for what there is, shows what was understood of it, and tries it."""

    _document: ApiDocument
    _imported: Imported
    _settings: tuple[Setting, ...] = ()

    def __init__(self, session: DescribeSession) -> None:
        """Carry out the steps for the draft of `session`."""
        self._session = session
        self._text = ""
        """The text of an OpenAPI document."""
        self._title = ""
        self._notes: tuple[ImportNote, ...] = ()
        """What is not in the draft."""

    async def text(
        self, step: str, import_text: Import, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for a text, and make a draft of it."""
        session = self._session
        if user_input is None:
            return session.show(step, IMPORT_SCHEMA, {})
        try:
            return await self._take(partial(import_text, user_input[CONF_IMPORTED]))
        except DescriptionError as err:
            problem = self._session.faults_problem(err.faults, CONF_IMPORTED)
            return session.show(step, IMPORT_SCHEMA, user_input, problem)

    async def document(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for an OpenAPI document, or its URL."""
        session = self._session
        if user_input is None:
            return session.show("describe_openapi", DOCUMENT_SCHEMA, {})
        url, text = user_input.get(CONF_URL, "").strip(), user_input.get(CONF_IMPORTED, "").strip()
        problem: Problem = {}, ""
        try:
            if not text and url:
                text = await async_fetch_document(session.flow.hass, url)
            self._document = await self._run(partial(read_openapi, text))
        except FetchError as err:
            problem = {CONF_URL: err.key}, as_plain_text(str(err))
        except DescriptionError as err:
            problem = self._session.faults_problem(
                err.faults, CONF_URL if url and not text else CONF_IMPORTED
            )
        else:
            self._text, self._title = text, self._document.title
            return await self.pick(None)
        return session.show("describe_openapi", DOCUMENT_SCHEMA, user_input, problem)

    async def pick(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Let the user pick what the device has."""
        session = self._session
        problem: Problem | None = None
        picked: list[str] = (user_input or {}).get(CONF_PICKED, [])
        if user_input is not None and not picked:
            problem = {CONF_PICKED: "required"}, ""
        elif picked:
            try:
                return await self._take(partial(import_openapi, self._text, picked))
            except DescriptionError as err:
                problem = self._session.faults_problem(err.faults, CONF_PICKED)
        schema = pick_schema(self._document.choices, await session.words("thing_kind"))
        texts = {
            "title": as_plain_markdown(self._title),
            "count": str(len(self._document.choices)),
            "notes": notes_list(self._document.notes, session.patterns),
        }
        texts = await async_filled(session.flow.hass, texts, nothing=["notes"])
        return session.show("describe_pick", schema, user_input or {}, problem, **texts)

    async def _take(self, import_: Callable[[], Imported]) -> ConfigFlowResult:
        """Import, and go on with the only device, or ask which; raise DescriptionError."""
        self._imported = await self._run(import_)
        self._notes = self._imported.notes
        if len(self._imported.drafts) > 1:
            return await self.device(None)
        return await self._begin(0)

    async def device(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of several devices is described."""
        if user_input is None:
            schema = device_schema(self._imported.drafts)
            return self._session.show("describe_device", schema, {CONF_DEVICE: "0"})
        return await self._begin(int(user_input[CONF_DEVICE]))

    async def _begin(self, at: int) -> ConfigFlowResult:
        """Begin a draft with what was imported for one device."""
        imported = self._imported.drafts[at]
        draft = DescriptionDraft(imported.described("draft", self._title))
        for place in imported.whole_answers:  # what is in the answer is picked, once it is there
            draft.remove(place)
        where = {CONF_HOST: imported.host} if imported.host else {}
        self._session.open = OpenDraft(draft, where, is_imported=True)
        self._session.answers.clear()
        return await self.access(None)

    async def access(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show what was understood, ask for the address and the parameters, and try it."""
        session = self._session
        parameters = await self._run(partial(parameters_of, session.open.draft.values))
        self._settings = asked_settings(parameters)
        if user_input is None:
            return await self._show_access()
        try:
            self._take_access(user_input)
            if problem := self._missing(parameters):
                return await self._show_access(problem)
            session.answers.clear()
            await session.load_answers()
        except (EdgeError, EnteredAddressError) as err:
            return await self._show_access(self._session.request_problem(err))
        if not session.open.draft.things and session.answers:
            return await session.show_answer(next(iter(session.answers)))
        return await session.overview()

    def _take_access(self, user_input: dict[str, Any]) -> None:
        open_draft = self._session.open
        given = user_input.get(SECTION_PARAMETERS, {})
        open_draft.settings = entered_settings(
            self._settings, given, open_draft.settings, KNOWN_PARAMETERS
        )
        if CONF_TRUST in user_input:
            open_draft.draft.values["tls"] = {"trust": PIN if user_input[CONF_TRUST] else VERIFY}
        host, port = parse_entered(user_input[CONF_HOST])
        port = int(user_input.get(CONF_PORT) or port)
        open_draft.where = as_entered(host, port)

    def _missing(self, parameters: Any) -> Problem | None:
        """Return what was not entered, or is not possible; None if all is right."""
        missing = missing_settings(parameters, self._session.open.settings)
        _, invalid = read_settings(parameters, self._session.open.settings)
        if invalid:
            return {"base": "value"}, as_plain_text("; ".join(invalid.values()))
        names = [field_name(each) for each in self._settings if each.key in missing]
        return ({"base": "not_entered"}, as_plain_text(", ".join(names))) if names else None

    async def _show_access(self, problem: Problem | None = None) -> ConfigFlowResult:
        session = self._session
        texts = {
            "things": things_list(session.open.draft, session.kind_words),
            "requests": requests_list(session.open.draft),
            "notes": notes_list(self._notes, session.patterns),
        }
        texts = await async_filled(session.flow.hass, texts, nothing=["notes"])
        texts["fields"] = help_text(self._settings, KNOWN_PARAMETERS)
        schema = access_schema(self._settings, session.open)
        suggested = suggested_access(session.open)
        return session.show("describe_access", schema, suggested, problem, **texts)

    async def _run[T](self, function: Callable[[], T]) -> T:
        return await self._session.flow.hass.async_add_executor_job(function)
