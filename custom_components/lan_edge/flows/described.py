"""The described devices in the options of LAN Edge: listed, copied, exported, deleted, added."""

from typing import Any, override

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult, FlowType, OptionsFlow
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..const import CONF_DRIVER, DOMAIN
from ..description_files.copies import async_bundled_text, async_duplicate
from ..description_files.listed import ListedDescription, listed_descriptions, lists
from ..description_files.texts import SavedText, TextChangedError, async_delete, async_read
from ..reporting.blank import async_filled
from ..reporting.issues import markdown_of
from ..reporting.language import async_patterns
from ..reporting.markdown import placeholders
from ..vol import Optional, Required, Schema
from .description_text import CONF_YAML, DescriptionTextSteps
from .removed import aborts_if_removed
from .text_field import ShownTextSelector

CONF_DESCRIPTION = "description"


class DescribedSteps(DescriptionTextSteps, OptionsFlow):
    """The steps of an options flow for described devices; all of them lead back to the list."""

    _key = ""
    """The description that was picked."""
    _shown: SavedText
    """Its file as it was when the user was asked whether to delete it."""

    @aborts_if_removed
    async def async_step_described(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """List the descriptions, and what can be done."""
        options = ["described_import", "init"]
        listed = listed_descriptions(self.hass).values()
        if listed:
            options.insert(0, "described_pick")
        step = "described" if any(each.file for each in listed) else "described_none"
        if any(each.failure is not None for each in listed):
            step = "described_wrong"
        return self.async_show_menu(
            step_id=step, menu_options=options, description_placeholders=lists(self.hass)
        )

    async_step_described_none = async_step_described_wrong = async_step_described

    @aborts_if_removed
    async def async_step_described_pick(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one of the descriptions."""
        if user_input is not None:
            self._key = user_input[CONF_DESCRIPTION]
            return await self.async_step_described_one()
        listed = listed_descriptions(self.hass)
        options = [SelectOptionDict(value=e.key, label=e.label) for e in listed.values()]
        mode = SelectSelectorMode.LIST  # whose rows wrap
        field = SelectSelector(SelectSelectorConfig(options=options, mode=mode))
        return self.async_show_form(
            step_id="described_pick", data_schema=Schema({Required(CONF_DESCRIPTION): field})
        )

    @aborts_if_removed
    async def async_step_described_one(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a description, and what can be done with it."""
        if (one := self._one()) is None:
            return await self.async_step_described()
        options = ["described_edit" if one.file else "described_copy"]
        options += ["described_duplicate", "described_export"]
        options += ["described_delete"] if one.can_be_deleted else []
        patterns = await async_patterns(self.hass)
        problem = markdown_of(one.failure, patterns) if one.failure else ""
        texts = placeholders(name=one.name, file=one.file, users=", ".join(one.users))
        return self.async_show_menu(
            step_id="described_one",
            menu_options=[*options, "described"],
            description_placeholders=await async_filled(self.hass, texts) | {"problem": problem},
        )

    @aborts_if_removed
    async def async_step_described_edit(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin to change the text of a file."""
        if (one := self._one()) is None:
            return await self.async_step_described()
        saved = await async_read(self.hass, one.file)
        return await self._begin(saved, former_id=one.id if one.users else "")

    @aborts_if_removed
    async def async_step_described_copy(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin to change a copy of a bundled description, which is used instead of it."""
        return await self._begin(text=await async_bundled_text(self.hass, self._key))

    @aborts_if_removed
    async def async_step_described_duplicate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin to change a copy of a description, with another id and name."""
        if (one := self._one()) is None:
            return await self.async_step_described()
        return await self._begin(text=await async_duplicate(self.hass, await self._text_of(one)))

    @aborts_if_removed
    async def async_step_described_export(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the text, to be copied."""
        if user_input is not None or (one := self._one()) is None:
            return await self.async_step_described_one()
        schema = Schema({Optional(CONF_YAML): ShownTextSelector()})
        text = await self._text_of(one)
        return self.async_show_form(
            step_id="described_export",
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_YAML: text}),
            description_placeholders=placeholders(name=one.name),
        )

    @aborts_if_removed
    async def async_step_described_delete(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to delete a description, then do it, unless a device needs it by then."""
        one = self._one()
        if one is None or not one.can_be_deleted:
            return await self.async_step_described_one()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await async_delete(self.hass, self._shown)
            except TextChangedError:
                errors["base"] = "changed_meanwhile"
            except OSError:
                errors["base"] = "not_deleted"
            else:
                return await self.async_step_described()
        self._shown = await async_read(self.hass, one.file)
        return self.async_show_form(
            step_id="described_delete",
            data_schema=Schema({}),
            errors=errors,
            description_placeholders=placeholders(name=one.name, file=one.file),
        )

    @override
    @aborts_if_removed
    async def async_step_described_saved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the description was saved, and offer to add a device."""
        texts = placeholders(name=self._description.name)
        return self.async_show_menu(
            step_id="described_saved",
            menu_options=["described_add", "described"],
            description_placeholders=texts,
        )

    @aborts_if_removed
    async def async_step_described_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on in the dialog that adds a device of the kind that was saved."""
        flow = await self.hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_USER},
            data={CONF_DRIVER: self._description.id},
        )
        result = self.async_abort(reason="add_device")
        result["next_flow"] = (FlowType.CONFIG_FLOW, flow["flow_id"])
        return result

    def _one(self) -> ListedDescription | None:
        """Return the description that was picked, unless it is gone."""
        return listed_descriptions(self.hass).get(self._key)

    async def _text_of(self, one: ListedDescription) -> str:
        if not one.file:
            return await async_bundled_text(self.hass, one.id)
        return (await async_read(self.hass, one.file)).text
