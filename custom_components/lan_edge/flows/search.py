"""The search for new devices: lists them as they are discovered, and lets the user pick some."""

import asyncio
from operator import itemgetter

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.start import async_at_started

from lan_edge import Candidate

from ..const import DOMAIN
from ..discovery.new_devices import latest_with_id, offers
from ..discovery.search import async_search_for_user
from ..reporting.markdown import as_plain_markdown
from ..service_entry import async_add_service_entry
from ..vol import Optional, Schema
from .names import title_of, told_apart
from .several import Added, async_add_several

CONF_DEVICES = "devices"
UPDATE_INTERVAL = 0.5
"""Seconds between two updates of the list."""


class SearchDialog:
    """A search in a config flow, which delegates its steps for searching to it."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Carry out the steps of `flow`; `show_progress` starts a search."""
        self._flow = flow
        self._task: asyncio.Task[None] | None = None
        self._adding: asyncio.Task[Added] | None = None
        self._taken: dict[Candidate, str] = {}
        """The devices that other integrations control, with their names."""

    async def show_progress(self) -> ConfigFlowResult:
        """Search for a few seconds, and show what has been discovered so far."""
        hass = self._flow.hass
        if self._task is None:
            self._taken = {}
            await async_add_service_entry(hass)
            self._task = hass.async_create_background_task(
                _async_search(hass, self._taken), f"{DOMAIN} search"
            )
        if not self._task.done():
            update = asyncio.wait({self._task}, timeout=UPDATE_INTERVAL)
            return self._flow.async_show_progress(
                step_id="search",
                progress_action="search",
                progress_task=hass.async_create_background_task(update, f"{DOMAIN} search update"),
                description_placeholders=_lists(found=[*self._found().values()])
                | self._taken_texts(),
            )
        self._task.result()
        self._task = None
        next_step = "pick" if self._found() else "nothing"
        return self._flow.async_show_progress_done(next_step_id=self._variant_of(next_step))

    @callback
    def show_nothing(self) -> ConfigFlowResult:
        """Show that no new device was discovered."""
        return self._flow.async_show_menu(
            step_id=self._variant_of("nothing"),
            menu_options=["search", "manual", "describe"],
            description_placeholders=self._taken_texts(),
        )

    @callback
    def show_found(self) -> ConfigFlowResult:
        """Let the user pick devices."""
        options = [SelectOptionDict(value=k, label=v) for k, v in self._found().items()]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
        )
        return self._flow.async_show_form(
            step_id=self._variant_of("pick"),
            data_schema=Schema({Optional(CONF_DEVICES): selector}),
            description_placeholders=self._taken_texts(),
        )

    def _variant_of(self, step_id: str) -> str:
        """Return the id of a step that also lists what other integrations control, if anything."""
        return f"{step_id}_with_taken" if self._taken else step_id

    def _found(self) -> dict[str, str]:
        """Return the labels of the devices that are offered, by their unique id."""
        hass = self._flow.hass
        found = {key: c for key in offers(hass) if (c := latest_with_id(hass, key))}
        labels = told_apart(found.values())
        return dict(sorted(((k, labels[c]) for k, c in found.items()), key=itemgetter(1)))

    def _taken_texts(self) -> dict[str, str]:
        titles = told_apart(self._taken, title_of)
        return _lists(taken=[f"{titles[c]}: {name}" for c, name in self._taken.items()])

    # several at once

    @callback
    def show_adding(self, unique_ids: list[str] | None = None) -> ConfigFlowResult:
        """Add the devices that the user has picked."""
        hass = self._flow.hass
        if self._adding is None:
            self._adding = hass.async_create_background_task(
                async_add_several(hass, unique_ids or []), f"{DOMAIN} adding"
            )
        if not self._adding.done():
            return self._flow.async_show_progress(
                step_id="adding", progress_action="adding", progress_task=self._adding
            )
        return self._flow.async_show_progress_done(next_step_id="added")

    @callback
    def show_added(self) -> ConfigFlowResult:
        """Show which devices were added, and which are still offered, with the reason."""
        assert self._adding is not None  # noqa: S101  # this is the step after it
        added = self._adding.result()
        reason = "added_all" if not added.waiting else "added_some" if added.added else "added_none"
        return self._flow.async_abort(
            reason=reason,
            description_placeholders=_lists(
                added=sorted(added.added), waiting=sorted(added.waiting)
            ),
        )

    @callback
    def close(self) -> None:
        """End the search, as the flow was closed."""
        if self._task is not None:
            self._task.cancel()


async def _async_search(hass: HomeAssistant, taken: dict[Candidate, str]) -> None:
    """Search once Home Assistant has started: before that, it starts no discovery flows."""
    has_started = asyncio.Event()

    @callback
    def started(_hass: HomeAssistant) -> None:
        has_started.set()

    cancel = async_at_started(hass, started)
    try:
        await has_started.wait()
    finally:
        cancel()
    await async_search_for_user(hass, taken)


def _lists(**lists: list[str]) -> dict[str, str]:
    """Return placeholders with a line for each text."""
    return {
        name: "\n".join(f"- {as_plain_markdown(text)}" for text in texts)
        for name, texts in lists.items()
    }
