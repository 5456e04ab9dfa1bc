"""Drafts of descriptions that are kept when their dialogs are closed."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import Store

from lan_edge import DescriptionDraft

from ..const import DOMAIN
from .open_draft import OpenDraft

MAX_DRAFTS = 8
MAX_DRAFT_SIZE = 64 * 1024
"""The largest draft that is kept, in bytes."""


def drafts_store(hass: HomeAssistant) -> Store[dict[str, dict[str, Any]]]:
    """Return the store of the drafts: they have passwords, so nobody else may read its file."""
    return Store(hass, 1, f"{DOMAIN}.drafts", private=True)


async def async_drafts(hass: HomeAssistant) -> dict[str, OpenDraft]:
    """Return the drafts of new descriptions by id, the last one first."""
    stored = await drafts_store(hass).async_load() or {}
    return {
        id_: OpenDraft.from_stored(id_, each)
        for id_, each in reversed(stored.items())
        if "digest" not in each
    }


async def async_kept(
    hass: HomeAssistant, open_draft: OpenDraft
) -> tuple[DescriptionDraft, str] | None:
    """Return the change of the same text that was kept, as a draft and its text, if any."""
    stored = (await drafts_store(hass).async_load() or {}).get(open_draft.id)
    change = open_draft.change
    if stored is None or change is None or stored["digest"] != change.saved.digest:
        return None
    return DescriptionDraft(stored["values"]), stored["text"]


async def async_keep(hass: HomeAssistant, draft: OpenDraft) -> None:
    """Keep a draft; the oldest one is dropped if there are too many."""
    stored = await drafts_store(hass).async_load() or {}
    stored.pop(draft.id, None)
    made = draft.stored()
    if len(json_bytes(made)) <= MAX_DRAFT_SIZE:
        kept = list(stored.items())[-(MAX_DRAFTS - 1) :]
        await drafts_store(hass).async_save(dict([*kept, (draft.id, made)]))


async def async_forget(hass: HomeAssistant, id_: str) -> None:
    """Forget a draft, if there is one."""
    stored = await drafts_store(hass).async_load() or {}
    if stored.pop(id_, None) is not None:
        await drafts_store(hass).async_save(stored)
