"""The text of a description in a flow: pasted, fetched or typed, then shown and saved."""

from abc import ABC, abstractmethod
from typing import Any

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from lan_edge import Description

from ..description_files.changed import async_is_saved, id_taken_by
from ..description_files.checking import async_check_text, faults_list
from ..description_files.fetch import FetchError, async_fetch
from ..description_files.texts import SavedText, TextChangedError, async_save, path_of
from ..reporting.issues import DESCRIBING
from ..reporting.language import async_patterns
from ..reporting.markdown import as_code, as_plain_text
from ..runtime import async_load_domain_data
from ..vol import Required, Schema
from .lost import async_lost
from .removed import aborts_if_removed
from .review import async_review
from .text_field import TEXT_FIELD

CONF_YAML = "text"
NEW_FILE = SavedText("", "", "")
"""Stands for the file of a description that is not saved yet."""


class DescriptionTextSteps(ConfigEntryBaseFlow, ABC):
    """The steps of a flow in which a text becomes a description of the user's.

    What was typed is kept until it is saved, or until another text is begun.
    """

    described_back = "described"
    """The step to which the user goes who does not want to keep a text."""
    _saved = NEW_FILE
    """The file that is changed, as it was when its text was first shown."""
    _former_id = ""
    """The id that the description in it has, if it has devices."""
    _typed = ""
    """The text as it was typed last."""
    _url = ""
    """The URL that it was fetched from."""
    _description: Description
    """What it says."""

    @abstractmethod
    async def async_step_described_saved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the description was saved, and go on."""

    async def _begin(
        self, saved: SavedText = NEW_FILE, text: str = "", *, former_id: str = ""
    ) -> ConfigFlowResult:
        """Show the text of a file, or the `text` of a new one."""
        self._saved, self._typed, self._former_id = saved, saved.text or text, former_id
        self._url = ""
        return self._show_text()

    @aborts_if_removed
    async def async_step_described_import(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a text or its URL, fetch that once, and show what it would do."""
        await async_load_domain_data(self.hass)  # there may be no entry yet
        errors, reason = dict[str, str](), ""
        if user_input is not None:
            try:
                return await self._take_entered(user_input[CONF_YAML])
            except FetchError as err:
                errors, reason = {CONF_YAML: err.key}, as_plain_text(str(err))
        schema = Schema({Required(CONF_YAML): TEXT_FIELD})
        return self.async_show_form(
            step_id="described_import",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={"reason": reason, "docs": DESCRIBING},
        )

    async def _take_entered(self, entered: str) -> ConfigFlowResult:
        """Go on with a text, or with that at a URL; raise FetchError."""
        url = entered.strip()
        is_text = "\n" in url or url.startswith("{")
        text = entered if is_text else await async_fetch(self.hass, url)
        await self._begin(text=text)
        self._url = "" if is_text else url
        return await self._take()

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
                "docs": DESCRIBING,
            },
        )

    async def _take(self) -> ConfigFlowResult:
        """Go on with the text that was typed: save a harmless change, else ask before that."""
        checked = await async_check_text(self.hass, self._typed)
        if (description := checked.description) is None:
            faults = faults_list(checked.faults, await async_patterns(self.hass), self._typed)
            return self._show_text("text_faults", faults=faults)
        if self._former_id not in {"", description.id}:
            return self._show_text("id_in_use", self._former_id)
        self._description = description
        is_new = self._saved is NEW_FILE
        if is_new and await async_is_saved(self.hass, description.id, self._typed):
            return await self.async_step_described_saved()
        if taken_by := id_taken_by(self.hass, description.id, self._saved.path):
            return self._show_text("id_taken", f"{description.id}: {taken_by}")
        if is_new or await async_lost(self.hass, description):
            return await self.async_step_described_review()
        return await self.async_step_described_save()

    @aborts_if_removed
    async def async_step_described_review(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the description does, and what changes with it, before it is kept."""
        path = self._saved.path
        texts = await async_review(self.hass, self._description, path, self._url)
        return self.async_show_menu(
            step_id="described_review",
            menu_options=["described_save", "described_text", self.described_back],
            description_placeholders=texts,
        )

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
        return await self.async_step_described_saved()
