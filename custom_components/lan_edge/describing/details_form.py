"""The form fields for what a device says of itself, which its page in Home Assistant shows."""

from collections.abc import Callable, Mapping
import re
from typing import Any

from lan_edge import AnswerField, DescriptionDraft, TrialAnswer

from ..vol import Optional
from .shown import Readings, label_of_reading, picked
from .thing_form import dropdown

CONF_FIRMWARE, CONF_MAC = "firmware", "mac"
_PLACE_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VERSION_WORDS = {"firmware", "fw", "fwv", "ver", "version"}
_OTHER_VERSIONS = {
    "api",
    "app",
    "available",
    "hardware",
    "hw",
    "latest",
    "new",
    "protocol",
    "schema",
}
"""Words of versions that are not that of the firmware in use."""
_MAC_TEXT = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}")


def _is_firmware(words: list[str], value: object) -> bool:
    is_version = isinstance(value, str | float | int) and not isinstance(value, bool)
    return (
        is_version
        and words[-1:] != []
        and words[-1] in _VERSION_WORDS
        and not _OTHER_VERSIONS & {*words}
    )


def _is_mac(words: list[str], value: object) -> bool:
    return "mac" in words and isinstance(value, str) and bool(_MAC_TEXT.fullmatch(value.strip()))


_SAID_OF_ITSELF: Mapping[str, Callable[[list[str], object], bool]] = {
    CONF_FIRMWARE: _is_firmware,
    CONF_MAC: _is_mac,
}
"""By what the form calls them: whether a value seems to be it, by its name."""


def details_fields(readings: Readings) -> dict[Any, Any]:
    """Return the fields, to pick among `readings`."""
    return {Optional(name): dropdown(list(readings)) for name in _SAID_OF_ITSELF}


def suggested_details(
    draft: DescriptionDraft, answers: Mapping[str, TrialAnswer], readings: Readings
) -> dict[str, str]:
    """Return where they are, as the form has it: as is known, or as it seems by the `answers`."""
    known = draft.values.get("device", {})
    places = {name: known.get(name) or _found(name, draft, answers) for name in _SAID_OF_ITSELF}
    return {name: label_of_reading(place, readings) for name, place in places.items()}


def _found(
    name: str, draft: DescriptionDraft, answers: Mapping[str, TrialAnswer]
) -> dict[str, Any]:
    for request, answer in answers.items():
        for field in answer.fields if request in draft.requests else ():
            if _SAID_OF_ITSELF[name](_words(field), field.value):
                return DescriptionDraft.place(request, field)
    return {}


def _words(field: AnswerField) -> list[str]:
    return [word.lower() for word in _PLACE_WORDS.findall(field.place)]


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
