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
from .shown import label_of_thing


def place_schema(draft: DescriptionDraft, field: str, *, are_several: bool = False) -> Schema:
    """Return a form to pick one of the things that a draft has, or several.

    The main one, which has no name, is named by the frontend, in the user's language.
    """
    options = [
        SelectOptionDict(value=place, label=as_plain_text(label_of_thing(place, name) or place))
        for place, (_, name) in draft.things.items()
    ]
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options,
            multiple=are_several,
            translation_key="thing_place",
            mode=SelectSelectorMode.LIST,
        )
    )
    return Schema({Optional(field) if are_several else Required(field): selector})
