"""The form fields for a cover: its state, and its position."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.cover import CoverDeviceClass
from homeassistant.helpers.selector import BooleanSelector, SelectSelector, TextSelector

from lan_edge import DescriptionDraft, DraftThing, ThingKind

from ..vol import Optional, Required, Schema
from .numbers import ANY_NUMBER, plain
from .several_words import ambiguous, meanings_of, shown_words
from .shown import Readings, label_of_reading, picked

CONF_STATE, CONF_POSITION = "state", "position"
CONF_WHEN_OPEN, CONF_WHEN_CLOSED = "position_open", "position_closed"
CONF_CAN_STOP = "can_stop"
CONF_SHOWN_AS = "shown_as"
STATE_WORDS = {
    "open_value": "open",
    "closed_value": "closed",
    "opening_value": "opening",
    "closing_value": "closing",
    "paused_value": "paused",
}
"""The states of a cover by the fields for the device's words for them."""
OPEN_POSITION = 100
"""The position of an open cover."""


def cover_schema(picker: SelectSelector, classes: SelectSelector) -> Schema:
    """Return the form for a cover; `picker` lists the values, `classes` the kinds of covers."""
    return Schema(
        {
            Optional(CONF_POSITION): picker,
            Required(CONF_WHEN_OPEN, default=OPEN_POSITION): ANY_NUMBER,
            Required(CONF_WHEN_CLOSED, default=0): ANY_NUMBER,
            Optional(CONF_STATE): picker,
            **{Optional(field): TextSelector() for field in STATE_WORDS},
            Required(CONF_CAN_STOP, default=True): BooleanSelector(),
            Optional(CONF_SHOWN_AS): classes,
        }
    )


def cover_problem(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with what was entered, by field."""
    if not (user_input.get(CONF_STATE) or user_input.get(CONF_POSITION)):
        return {CONF_POSITION: "state_or_position"}
    if user_input[CONF_WHEN_OPEN] == user_input[CONF_WHEN_CLOSED]:
        return {CONF_WHEN_CLOSED: "same_position"}
    return ambiguous(user_input, STATE_WORDS)


def take_cover(thing: DraftThing, user_input: Mapping[str, Any], readings: Readings) -> None:
    """Take what was entered for a cover, picked among `readings`."""
    state, position = user_input.get(CONF_STATE), user_input.get(CONF_POSITION)
    is_same = state == label_of_reading(thing.reading, readings)
    before = thing.reading.get("map", {}) if is_same else {}
    words = meanings_of(user_input, STATE_WORDS, before)
    thing.reading = _state(picked(state, readings), words) if state else {}
    thing.level = _position(picked(position, readings), user_input) if position else {}
    thing.can_stop = user_input[CONF_CAN_STOP]
    is_shown = thing.device_class in (*CoverDeviceClass, "")
    thing.device_class = user_input.get(CONF_SHOWN_AS, "" if is_shown else thing.device_class)


def suggested_cover(thing: DraftThing, readings: Readings) -> dict[str, Any]:
    """Return a cover as the form has it."""
    scale, words = thing.level.get("scale", 1), thing.reading.get("map", {})
    when_closed = -thing.level.get("offset", 0) / scale
    return {
        CONF_POSITION: label_of_reading(thing.level, readings),
        CONF_WHEN_OPEN: plain(round(OPEN_POSITION / scale + when_closed, 2)),
        CONF_WHEN_CLOSED: plain(round(when_closed, 2)),
        CONF_STATE: label_of_reading(thing.reading, readings),
        **shown_words(words, STATE_WORDS),
        CONF_CAN_STOP: thing.can_stop,
        CONF_SHOWN_AS: thing.device_class if thing.device_class in {*CoverDeviceClass} else "",
    }


def range_of_last_cover(draft: DescriptionDraft) -> dict[str, Any]:
    """Return when the last cover with a position is open and closed; another may count like it."""
    covers = (
        draft.thing(place) for place, (kind, _) in draft.things.items() if kind is ThingKind.COVER
    )
    shown = [suggested_cover(each, {}) for each in covers if each.level]
    return {key: shown[-1][key] for key in (CONF_WHEN_OPEN, CONF_WHEN_CLOSED)} if shown else {}


def _state(reading: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Return the reading of the state; without words of its own, the device has the usual ones."""
    return {**reading, "map": words} if words else reading


def _position(reading: dict[str, Any], user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reading of the position in percent, 100 when it is open."""
    when_open, when_closed = user_input[CONF_WHEN_OPEN], user_input[CONF_WHEN_CLOSED]
    if (when_open, when_closed) == (OPEN_POSITION, 0):
        return reading
    scale = OPEN_POSITION / (when_open - when_closed)
    made: dict[str, Any] = {"scale": plain(round(scale, 6)), "round": 0}
    if offset := round(-when_closed * scale, 6):
        made["offset"] = plain(offset)
    return {**reading, **made}
