"""The form field for how often a device is read."""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers.selector import NumberSelectorConfig

from lan_edge import DescriptionDraft

from ..flows.ranged_number import RangedNumberSelector
from ..vol import Optional
from .numbers import plain

CONF_POLL = "poll"
SHORTEST_POLL, LONGEST_POLL = 1, 3600
"""Seconds; what a text says may be outside of them."""


def poll_fields(draft: DescriptionDraft) -> dict[Any, Any]:
    """Return the field, if the device is read again and again."""
    if (poll := draft.poll) is None:
        return {}
    limits = NumberSelectorConfig(
        min=min(SHORTEST_POLL, poll),
        max=max(LONGEST_POLL, poll),
        step="any",
        unit_of_measurement="s",
    )
    return {Optional(CONF_POLL): RangedNumberSelector(limits)}


def suggested_poll(draft: DescriptionDraft) -> dict[str, Any]:
    """Return how often it is read, as the form has it."""
    return {CONF_POLL: plain(draft.poll)}


def take_poll(draft: DescriptionDraft, user_input: Mapping[str, Any]) -> None:
    """Take what was entered; left empty, it stays as it is."""
    if (seconds := user_input.get(CONF_POLL)) not in {None, draft.poll}:
        draft.poll = plain(seconds)
