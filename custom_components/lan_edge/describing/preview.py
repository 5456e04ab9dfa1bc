"""The entities that a device has by a draft, as Home Assistant will show them."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section

from lan_edge import DescriptionDraft, DescriptionError

from ..flows.preview import PreviewedEntity, async_grouped, async_previewed
from ..reporting.markdown import as_plain_text
from ..vol import Optional, Schema
from .kind_words import async_kind_words
from .open_draft import OpenDraft


async def async_entities_of(hass: HomeAssistant, draft: DescriptionDraft) -> list[PreviewedEntity]:
    """Return the entities of a device; raise DescriptionError for a draft that cannot be used."""
    named = DescriptionDraft({**draft.values, "name": draft.values.get("name") or "Draft"})
    return await async_previewed(hass, await hass.async_add_executor_job(named.described))


async def async_preview(
    hass: HomeAssistant, open_draft: OpenDraft
) -> tuple[dict[Any, Any], dict[str, str]]:
    """Return the sections of a form that list the entities, and the placeholders for them.

    There is a section for each platform, and for each category: their names are translated. There
    is none as long as the draft cannot be used.
    """
    try:
        entities = await async_entities_of(hass, open_draft.draft)
    except DescriptionError:
        return {}, {}
    platforms = {each.platform for each in entities}
    kinds, title = await async_kind_words(hass, platforms), open_draft.draft.values.get("name", "")
    titles = {each: str(title) or kinds[each] for each in platforms}
    groups = await async_grouped(hass, entities, titles)
    empty = section(Schema({}), {"collapsed": False})
    sections = {Optional(group): empty for group in groups}
    return sections, {group: as_plain_text(", ".join(texts)) for group, texts in groups.items()}
