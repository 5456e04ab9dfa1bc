"""Form fields to pick from what a draft has."""

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from lan_edge import DescriptionDraft

from ..reporting.markdown import as_plain_text
from ..vol import Optional, Required, Schema
from .kind_words import KindWords
from .shown import label_of_thing


def place_schema(
    draft: DescriptionDraft, field: str, words: KindWords, *, are_several: bool = False
) -> Schema:
    """Return a form to pick one of the things that a draft has, or several."""
    options = [
        SelectOptionDict(value=place, label=as_plain_text(label_of_thing(place, kind, name, words)))
        for place, (kind, name) in draft.things.items()
    ]
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options,
            multiple=are_several,
            mode=SelectSelectorMode.LIST,
        )
    )
    return Schema({Optional(field) if are_several else Required(field): selector})
