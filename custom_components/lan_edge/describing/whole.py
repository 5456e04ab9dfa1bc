"""The steps that concern a description as a whole: remove, the text, and the end."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_MODEL, CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from lan_edge import (
    DescriptionDraft,
    DescriptionError,
    description_values,
    identifier,
    read_description,
)

from ..const import CONF_DRIVER
from ..description_files.checking import faults_list
from ..flows.enter import EnterDialog
from ..reporting.markdown import as_plain_text
from ..vol import Optional, Required, Schema
from .drafts import async_forget
from .request_form import MULTILINE
from .saving import async_save_new
from .session import DescribeSession, Problem, faults_problem
from .shown import field_options, picked

CONF_THINGS, CONF_TEXT = "things", "text"
CONF_MANUFACTURER, CONF_REQUIREMENTS = "manufacturer", "requirements"
CONF_IDENTITY = "identity"
UNNAMED = "described"
"""The id of a description whose name has no letters from a to z."""
_TEXT_SCHEMA = Schema({Required(CONF_TEXT): MULTILINE})


class WholeDialog:
    """Shows the whole of a description, and finishes it."""

    def __init__(self, session: DescribeSession, enter: EnterDialog) -> None:
        """Carry out the steps for the draft of `session`; `enter` adds the device in the end."""
        self._session = session
        self._enter = enter

    async def remove(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Let the user remove some of what the device has."""
        draft = self._session.open.draft
        if user_input is not None:
            for place in user_input.get(CONF_THINGS, ()):
                draft.remove(place)
            return await self._session.overview()
        words = await self._session.words("thing_kind")
        options = [
            SelectOptionDict(value=place, label=": ".join(filter(None, (words.get(kind), name))))
            for place, (kind, name) in draft.things.items()
        ]
        config = SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
        schema = Schema({Optional(CONF_THINGS): SelectSelector(config)})
        return self._session.show("describe_remove", schema, {})

    async def text(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show the text, and take it as it was changed."""
        session = self._session
        run = session.flow.hass.async_add_executor_job
        if user_input is None:
            text = await run(session.open.draft.text)
            return session.show("describe_text", _TEXT_SCHEMA, {CONF_TEXT: text}, faults="")
        try:
            values = await run(_values_of, user_input[CONF_TEXT])
        except DescriptionError as err:
            problem, faults = ({CONF_TEXT: "text_faults"}, ""), faults_list(err.faults)
            return session.show("describe_text", _TEXT_SCHEMA, user_input, problem, faults=faults)
        session.open.draft = DescriptionDraft(values)
        session.answers.clear()
        return await session.overview()

    async def finish(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what the device is called, write its description, and add it."""
        session = self._session
        if user_input is None:
            return await self._show_finish(self._known_names())
        self._take_names(user_input)
        id_ = identifier(user_input[CONF_NAME]) or UNNAMED
        try:
            driver_id = await async_save_new(session.flow.hass, session.open.draft, id_)
        except DescriptionError as err:
            return await self._show_finish(user_input, faults_problem(err))
        except OSError as err:
            problem = {"base": "not_written"}, as_plain_text(str(err))
            return await self._show_finish(user_input, problem)
        await async_forget(session.flow.hass, session.open.id)
        entered = {CONF_DRIVER: driver_id, **session.open.where}
        return await self._enter.add_described(entered, session.open.settings)

    def _take_names(self, user_input: Mapping[str, Any]) -> None:
        draft = self._session.open.draft
        names = (CONF_NAME, CONF_MANUFACTURER, CONF_MODEL, CONF_REQUIREMENTS)
        draft.name(*(user_input.get(key, "").strip() for key in names))
        identity = user_input.get(CONF_IDENTITY, "")
        draft.identify(picked(identity, self._session.answers) if identity else None)

    def _known_names(self) -> dict[str, Any]:
        values = self._session.open.draft.values
        product = (values.get("products") or [{}])[0]
        return {
            CONF_NAME: values.get("name", ""),
            CONF_MANUFACTURER: product.get("manufacturer", ""),
            CONF_MODEL: product.get("model", ""),
            CONF_REQUIREMENTS: values.get("requirements", ""),
        }

    async def _show_finish(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        session = self._session
        mode = SelectSelectorMode.DROPDOWN
        options = field_options(session.answers)
        picker = SelectSelector(SelectSelectorConfig(options=options, custom_value=True, mode=mode))
        schema = Schema(
            {
                Required(CONF_NAME): TextSelector(),
                Optional(CONF_MANUFACTURER): TextSelector(),
                Optional(CONF_MODEL): TextSelector(),
                Optional(CONF_REQUIREMENTS): TextSelector(),
                Optional(CONF_IDENTITY): picker,
            }
        )
        things = await session.things()
        return session.show("describe_finish", schema, suggested, problem, things=things)


def _values_of(text: str) -> dict[str, Any]:
    """Return the values in a text that can be used; raise DescriptionError."""
    read_description(text)
    values: dict[str, Any] = description_values(text)
    return values
