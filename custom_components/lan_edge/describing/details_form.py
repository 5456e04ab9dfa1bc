"""The form fields for what a device says of itself, which its page in Home Assistant shows."""

from collections.abc import Mapping
from typing import Any

from lan_edge import DescriptionDraft, TrialAnswer

from ..vol import Optional
from .said_of_itself import Rank, place_ranked, rank_as_firmware, rank_as_mac
from .shown import Readings, label_of_reading, picked
from .thing_form import dropdown

CONF_FIRMWARE, CONF_MAC = "firmware", "mac"
_SAID_OF_ITSELF: Mapping[str, Rank] = {CONF_FIRMWARE: rank_as_firmware, CONF_MAC: rank_as_mac}
"""By what the form calls them: how much a value seems to be it."""


def details_fields(readings: Readings) -> dict[Any, Any]:
    """Return the fields, to pick among `readings`."""
    return {Optional(name): dropdown(list(readings)) for name in _SAID_OF_ITSELF}


def suggested_details(
    draft: DescriptionDraft, answers: Mapping[str, TrialAnswer], readings: Readings
) -> dict[str, str]:
    """Return where they are, as the form has it: as is known, or as it seems by the `answers`."""
    known = draft.values.get("device", {})
    places = {
        name: known.get(name) or place_ranked(rank, draft, answers)
        for name, rank in _SAID_OF_ITSELF.items()
    }
    return {name: label_of_reading(place, readings) for name, place in places.items()}


def take_details(
    draft: DescriptionDraft, user_input: Mapping[str, Any], readings: Readings
) -> None:
    """Take where they are, unless that is known; what else it says of itself stays."""
    details = dict(draft.values.get("device", {}))
    for name in _SAID_OF_ITSELF:
        entered = user_input.get(name, "").strip()
        if not entered:
            details.pop(name, None)
        elif entered != label_of_reading(details.get(name, {}), readings):
            details[name] = picked(entered, readings)
    draft.values.pop("device", None)
    if details:
        draft.values["device"] = details
