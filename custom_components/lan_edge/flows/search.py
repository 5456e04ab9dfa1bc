"""The search for new devices: lists them as they are discovered, and lets the user pick one."""

import asyncio

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig

from lan_edge import Candidate

from ..const import DOMAIN
from ..discovery.search import async_find_candidates
from ..reporting.markdown import as_plain_markdown
from ..vol import Required, Schema
from .candidates import name_of

CONF_DEVICE = "device"
UPDATE_INTERVAL = 0.5
"""Seconds between two updates of the list."""


class SearchDialog:
    """A search in a config flow, which delegates its steps for searching to it."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Carry out the steps of `flow`; `show_progress` starts a search."""
        self._flow = flow
        self._task: asyncio.Task[None] | None = None
        self.candidates: dict[str, Candidate] = {}
        """The new devices that were discovered, by unique id."""

    @callback
    def show_progress(self) -> ConfigFlowResult:
        """Search for a few seconds, and show what has been discovered so far."""
        hass = self._flow.hass
        if self._task is None:
            self.candidates = {}
            self._task = hass.async_create_background_task(
                async_find_candidates(hass, self.candidates), f"{DOMAIN} search"
            )
        if not self._task.done():
            update = asyncio.wait({self._task}, timeout=UPDATE_INTERVAL)
            labels = (as_plain_markdown(_label(c)) for c in self.candidates.values())
            return self._flow.async_show_progress(
                step_id="search",
                progress_action="search",
                progress_task=hass.async_create_background_task(update, f"{DOMAIN} search update"),
                description_placeholders={"found": "  \n".join(labels)},
            )
        self._task.result()
        self._task = None
        next_step = "pick" if self.candidates else "nothing"
        return self._flow.async_show_progress_done(next_step_id=next_step)

    @callback
    def show_candidates(self) -> ConfigFlowResult:
        """Let the user pick a device."""
        options = [
            SelectOptionDict(value=unique_id, label=_label(candidate))
            for unique_id, candidate in self.candidates.items()
        ]
        selector = SelectSelector(SelectSelectorConfig(options=options))
        return self._flow.async_show_form(
            step_id="pick", data_schema=Schema({Required(CONF_DEVICE): selector})
        )

    @callback
    def close(self) -> None:
        """End the search, as the flow was closed."""
        if self._task is not None:
            self._task.cancel()


def _label(candidate: Candidate) -> str:
    return f"{name_of(candidate)} ({candidate.match.address.host})"
