"""The text of a description in the options of LAN Edge: typed, fetched, shown and saved."""

from abc import ABC, abstractmethod
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from lan_edge import Description

from ..description_files.checking import async_check_text, faults_list
from ..description_files.fetch import FetchError, async_fetch
from ..description_files.summary import NOT_GIVEN, id_taken_by, lost_with, summary
from ..description_files.texts import SavedText, TextChangedError, async_save, path_of
from ..reporting.blank import async_filled
from ..reporting.language import async_patterns
from ..reporting.markdown import as_code, as_plain_text, placeholders
from ..vol import Required, Schema
from .removed import aborts_if_removed

CONF_YAML = "text"
CONF_URL = "url"
TEXT_FIELD = TextSelector(TextSelectorConfig(multiline=True))
URL_FIELD = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
NEW_FILE = SavedText("", "", "")
"""Stands for the file of a description that is not saved yet."""


class DescriptionTextSteps(OptionsFlow, ABC):
    """The steps of an options flow in which a text becomes a description of the user's.

    What was typed is kept until it is saved, or until another text is begun.
    """

    _saved = NEW_FILE
    """The file that is changed, as it was when its text was first shown."""
    _former_id = ""
    """The id that the description in it has, if it has devices."""
    _typed = ""
    """The text as it was typed last."""
    _description: Description
    """What it says."""

    @abstractmethod
    async def async_step_described(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the list of descriptions, after one was saved."""

    async def _begin(
        self, saved: SavedText = NEW_FILE, text: str = "", *, former_id: str = ""
    ) -> ConfigFlowResult:
        """Show the text of a file, or the `text` of a new one."""
        self._saved, self._typed, self._former_id = saved, saved.text or text, former_id
        return self._show_text()

    @aborts_if_removed
    async def async_step_described_import(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the URL of a text, fetch it once, and show what it would do."""
        errors, reason = dict[str, str](), ""
        if user_input is not None:
            try:
                text = await async_fetch(self.hass, user_input[CONF_URL])
            except FetchError as err:
                errors, reason = {CONF_URL: err.key}, str(err)
            else:
                await self._begin(text=text)
                return await self._take()
        schema = Schema({Required(CONF_URL): URL_FIELD})
        return self.async_show_form(
            step_id="described_import",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=placeholders(reason=reason),
        )

    @aborts_if_removed
    async def async_step_described_text(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the text until it can be used."""
        if user_input is None:
            return self._show_text()
        self._typed = user_input[CONF_YAML]
        return await self._take()

    def _show_text(self, error: str = "", reason: str = "", faults: str = "") -> ConfigFlowResult:
        """Show the text as it was typed last, and what is wrong in it."""
        schema = Schema({Required(CONF_YAML): TEXT_FIELD})
        return self.async_show_form(
            step_id="described_text",
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_YAML: self._typed}),
            errors={CONF_YAML: error} if error else {},
            description_placeholders={
                "file": as_code(self._saved.path) if self._saved.path else "",
                "faults": faults,
                "reason": as_plain_text(reason),
            },
        )

    async def _take(self) -> ConfigFlowResult:
        """Go on with the text that was typed: save a harmless change, else ask before that."""
        checked = await async_check_text(self.hass, self._typed)
        if (description := checked.description) is None:
            faults = faults_list(checked.faults, await async_patterns(self.hass))
            return self._show_text("text_faults", faults=faults)
        if self._former_id not in {"", description.id}:
            return self._show_text("id_in_use", self._former_id)
        if taken_by := id_taken_by(self.hass, description.id, self._saved.path):
            return self._show_text("id_taken", f"{description.id}: {taken_by}")
        self._description = description
        if self._saved is NEW_FILE or lost_with(self.hass, description):
            return await self.async_step_described_review()
        return await self.async_step_described_save()

    @aborts_if_removed
    async def async_step_described_review(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the description does, and what changes with it, before it is kept."""
        texts = summary(self.hass, self._description, self._saved.path)
        is_new = {texts["devices"], texts["replaces"], texts["lost"]} == {""}
        return self.async_show_menu(
            step_id="described_review" if is_new else "described_review_used",
            menu_options=["described_save", "described_text", "described"],
            description_placeholders=await async_filled(self.hass, texts, not_given=NOT_GIVEN),
        )

    async_step_described_review_used = async_step_described_review

    @aborts_if_removed
    async def async_step_described_save(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Save the text, and use it."""
        saved = self._saved
        if is_new := saved is NEW_FILE:
            saved = SavedText(path_of(self.hass, self._description.id), "", "")
        try:
            await async_save(self.hass, saved, f"{self._typed.rstrip()}\n")
        except TextChangedError:
            if is_new:
                return self._show_text("file_exists", saved.path)
            return self._show_text("changed_meanwhile")
        except OSError as err:
            return self._show_text("not_saved", str(err))
        self._saved, self._typed = NEW_FILE, ""
        return await self.async_step_described()
