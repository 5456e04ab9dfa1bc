"""The form fields for what a kind of device is called, and for what no other device has."""

from collections.abc import Mapping
import re
from types import MappingProxyType
from typing import Any

from homeassistant.const import CONF_MODEL, CONF_NAME
from homeassistant.helpers.selector import BooleanSelector, TextSelector

from lan_edge import DescriptionDraft, TrialAnswer

from ..vol import Optional, Required
from .details_form import details_fields
from .said_of_itself import name_said, place_ranked, rank_as_id, text_said
from .shown import Readings, label_of_reading, picked
from .thing_form import dropdown

CONF_MANUFACTURER, CONF_REQUIREMENTS = "manufacturer", "requirements"
CONF_IDENTITY = "identity"
CONF_READ_MORE = "read_more"
_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MAKER_WORDS = {"brand", "maker", "manufacturer", "vendor"}
_MODEL_WORDS = {"model", "product"}
_OWN_NAMES = {"guid", "id", "identifier", "mac", "sn", "udn", "uid", "uuid"}
_SERIAL = re.compile(r"serial|mac_?addr", re.IGNORECASE)
NAME_FIELDS: dict[Any, Any] = {
    Required(CONF_NAME): TextSelector(),
    Optional(CONF_MANUFACTURER): TextSelector(),
    Optional(CONF_MODEL): TextSelector(),
    Optional(CONF_REQUIREMENTS): TextSelector(),
}
FINISH_FIELDS = {Optional(str(key)): field for key, field in NAME_FIELDS.items()}
"""The same where the name may be missing still, as more is to be read first."""


def identity_fields(readings: Readings, *, can_read_more: bool) -> dict[Any, Any]:
    """Return the fields for who it is: to pick among `readings`, or to read more first."""
    read_more = {Required(CONF_READ_MORE, default=False): BooleanSelector()}
    return {
        Optional(CONF_IDENTITY): dropdown(list(readings)),
        **details_fields(readings),
        **(read_more if can_read_more else {}),
    }


def identity_readings(draft: DescriptionDraft, readings: Readings) -> Readings:
    """Return what can be picked in the answers to requests, with where the serial number is now."""
    requests = draft.requests
    readings = {label: each for label, each in readings.items() if each.get("from") in requests}
    readings = dict(sorted(readings.items(), key=lambda item: not _is_named_so(item[1])))
    known = draft.values.get("identity", {})
    label = label_of_reading(known, readings)
    return {label: DescriptionDraft.place_of(known), **readings} if label else readings


def _is_named_so(reading: Mapping[str, Any]) -> bool:
    """Return whether a value is called as what no other device has."""
    place = "".join(str(reading.get(key, "")) for key in ("path", "xml", "group"))
    *_, last = _NAME_WORDS.findall(place) or [""]
    return last.lower() in _OWN_NAMES or bool(_SERIAL.search(place))


def suggested_identity(
    draft: DescriptionDraft, answers: Mapping[str, TrialAnswer], readings: Readings
) -> dict[str, Any]:
    """Return where the serial number is: as is known, or as it seems by the `answers`."""
    place = draft.values.get("identity") or place_ranked(rank_as_id, draft, answers)
    return {CONF_IDENTITY: label_of_reading(place, readings)}


def suggested_names(
    draft: DescriptionDraft, answers: Mapping[str, TrialAnswer] = MappingProxyType({})
) -> dict[str, Any]:
    """Return what is known, or seems so by the `answers`, as the form has it."""
    values = draft.values
    [product, *_] = values.get("products") or [
        {
            CONF_MANUFACTURER: text_said(_MAKER_WORDS, answers),
            CONF_MODEL: text_said(_MODEL_WORDS, answers),
        }
    ]
    return {
        CONF_NAME: values.get("name") or name_said(answers),
        CONF_MANUFACTURER: product.get(CONF_MANUFACTURER, ""),
        CONF_MODEL: product.get(CONF_MODEL, ""),
        CONF_REQUIREMENTS: values.get("requirements", ""),
    }


def take_names(draft: DescriptionDraft, user_input: Mapping[str, Any]) -> None:
    """Take what was entered, the serial number aside."""
    names = (CONF_NAME, CONF_MANUFACTURER, CONF_MODEL, CONF_REQUIREMENTS)
    draft.name(*(user_input.get(key, "").strip() for key in names))


def take_identity(
    draft: DescriptionDraft, user_input: Mapping[str, Any], readings: Readings
) -> None:
    """Take the serial number that was picked, unless it is the one that is known."""
    entered = user_input.get(CONF_IDENTITY, "").strip()
    if entered != label_of_reading(draft.values.get("identity", {}), readings):
        draft.identify(picked(entered, readings) if entered else None)
