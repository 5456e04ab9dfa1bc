"""The steps that change a description which devices use: begin, and save."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult

from lan_edge import (
    DescriptionDraft,
    DescriptionError,
    Record,
    read_description,
)

from ..const import CONF_DRIVER
from ..description_files.checking import CheckedText, async_check_text
from ..description_files.copies import async_bundled_text
from ..description_files.listed import users_of
from ..description_files.texts import TextChangedError, async_read, async_save, path_of
from ..flows.entered_address import as_entered
from ..flows.lost import async_lost
from ..reporting.markdown import as_code, as_plain_markdown, as_plain_text, placeholders
from ..runtime import async_load_device, domain_data
from ..storage import address_of
from ..vol import Schema
from .drafts import async_forget, async_kept
from .entered_url import async_entered_url
from .names_form import NAME_FIELDS, suggested_names, take_names
from .open_draft import Change, OpenDraft
from .poll_form import poll_fields, suggested_poll, take_poll
from .preview import async_preview
from .refusals import Refusals, refusals_of
from .session import DescribeSession, Problem
from .text_form import show_text, values_of
from .unknown_now import async_unknown_now
from .worked_form import suggested_worked, take_worked, worked_fields


class ChangeDialog:
    """Changes the description of an entry's device."""

    def __init__(self, session: DescribeSession, done: Callable[[], ConfigFlowResult]) -> None:
        """Carry out the steps for the draft of `session`; `done` ends the flow."""
        self._session = session
        self._done = done
        self._refusals: Refusals = {}
        """What may say that a command has worked."""

    async def begin(self, entry: ConfigEntry[Any], others: list[str]) -> ConfigFlowResult:
        """Read the text of a device's description; offer to change it, and the `others`."""
        session, id_ = self._session, entry.data[CONF_DRIVER]
        hass = session.flow.hass
        await session.begin()
        session.open = await self._opened(entry)
        options = ["describe_change", *others]
        if await async_entered_url(hass, entry):
            options.append("describe_url")
        if await async_kept(hass, session.open) is not None:
            options.insert(0, "describe_resume")
        is_bundled = domain_data(hass).registry.origin(id_).file is None
        return session.flow.async_show_menu(
            step_id="describe_entry_bundled" if is_bundled else "describe_entry",
            menu_options=options,
            description_placeholders=placeholders(
                name=domain_data(hass).registry.driver(id_).name,
                devices=", ".join(users_of(hass, id_)),
            ),
        )

    async def url(self, entry: ConfigEntry[Any]) -> ConfigFlowResult:
        """Show the URL that the owner enters in the device."""
        flow = self._session.flow
        url = await async_entered_url(flow.hass, entry)
        return flow.async_show_menu(
            step_id="describe_url",
            menu_options=["describe_back"],
            description_placeholders={"url": as_code(url)},
        )

    async def change(self) -> ConfigFlowResult:
        """Show what the device has by the text as it is."""
        session = self._session
        if (change := session.open.change) is None:
            return self._done()
        try:
            await session.flow.hass.async_add_executor_job(read_description, change.text)
        except DescriptionError as err:
            return show_text(session, change.text, err)
        return await session.overview()

    async def resume(self) -> ConfigFlowResult:
        """Continue the change that was kept."""
        session = self._session
        kept = await async_kept(session.flow.hass, session.open)
        if kept is not None and session.open.change is not None:
            session.open.draft, session.open.change.text = kept
        return await self.change()

    async def _opened(self, entry: ConfigEntry[Any]) -> OpenDraft:
        hass, id_ = self._session.flow.hass, entry.data[CONF_DRIVER]
        file = domain_data(hass).registry.origin(id_).file
        saved = await async_read(hass, file.path if file is not None else path_of(hass, id_))
        text = saved.text if file is not None else await async_bundled_text(hass, id_)
        try:
            values = await hass.async_add_executor_job(values_of, text)
        except DescriptionError:  # a file that was made wrong; what it said before is in use
            values = {"id": id_}
        known = await async_load_device(hass, entry)
        address = address_of(entry)
        return OpenDraft(
            DescriptionDraft(values),
            as_entered(address.host, address.port),
            dict(entry.options),
            f"change {saved.path}",
            Change(saved, text, values, text),
            Record(pin=known.record.pin, challenge=known.record.challenge),
        )

    async def save(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show what the entities will be, then save the text, and use it."""
        session = self._session
        if user_input is None:
            return await self._begin_save()
        take_names(session.open.draft, user_input)
        take_poll(session.open.draft, user_input)
        take_worked(session.open.draft, user_input, self._refusals)
        if problem := await self._save():
            return await self._show(user_input, problem)
        await async_forget(session.flow.hass, session.open.id)
        return self._done()

    async def _begin_save(self) -> ConfigFlowResult:
        """Show what is known: nothing that it did not say gets into the text unnoticed."""
        session, draft = self._session, self._session.open.draft
        self._refusals = refusals_of(draft, session.worked.values(), session.answers.values())
        found = suggested_poll(draft) | suggested_worked(draft, self._refusals)
        return await self._show({**suggested_names(draft), **found})

    async def _save(self) -> Problem | None:
        """Save the text; return why it could not be."""
        open_draft, hass = self._session.open, self._session.flow.hass
        if (change := open_draft.change) is None:
            return None
        checked = await self._checked()
        if checked.description is None:
            return self._session.faults_problem(checked.faults)
        try:
            await async_save(hass, change.saved, f"{checked.text.rstrip()}\n")
        except TextChangedError:
            return {"base": "changed_meanwhile"}, ""
        except OSError as err:
            return {"base": "not_written"}, as_plain_text(str(err))
        return None

    async def _checked(self) -> CheckedText:
        hass = self._session.flow.hass
        text = await hass.async_add_executor_job(self._session.open.text)
        return await async_check_text(hass, text)

    async def _show(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        session, hass = self._session, self._session.flow.hass
        description = (await self._checked()).description
        sections, texts = await async_preview(hass, session.open)
        lost = await async_lost(hass, description) if description is not None else ""
        fields = worked_fields(self._refusals) | poll_fields(session.open.draft)
        return session.show(
            "describe_save_lost" if lost else "describe_save",
            Schema({**NAME_FIELDS, **fields, **sections}),
            suggested,
            problem,
            **texts,
            unknown=await async_unknown_now(session),
            lost=lost,
            devices=as_plain_markdown(
                ", ".join(users_of(hass, description.id if description else ""))
            ),
        )
