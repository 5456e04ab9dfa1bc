"""What a thing would be by what the device sends now: what means nothing is told at its field."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

from lan_edge import (
    DescriptionDraft,
    DraftThing,
    ReadNow,
    ThingKind,
    TrialAnswer,
    read_now,
    said_in,
)

from ..reporting.language import Patterns
from ..reporting.markdown import as_plain_text
from .climate_form import CONF_CURRENT, CONF_HIGHEST, CONF_LOWEST, CONF_MODE, CONF_TARGET
from .cover_form import CONF_POSITION, CONF_STATE
from .numbers import number_text
from .session import DescribeSession, Problem
from .shown import field_at, label_of_reading
from .thing_form import CONF_CHOICES, CONF_FIELD, CONF_LEVEL, CONF_ON

_PICKED_IN = {
    ThingKind.COVER: {"reading": CONF_STATE, "level": CONF_POSITION},
    ThingKind.CLIMATE: {"reading": CONF_TARGET, "current": CONF_CURRENT, "mode": CONF_MODE},
}
READ_PARTS = ("reading", "level", "current", "mode")
"""The fields of a thing that say where something is read."""
_PICKED_ELSE = {"reading": CONF_FIELD, "level": CONF_LEVEL}


async def async_noticed(
    session: DescribeSession, thing: DraftThing, heard: Sequence[TrialAnswer] | None = None
) -> dict[str, ReadNow]:
    """Return what a thing would be now, by its fields `reading`, `level`, `current` and `mode`.

    `heard` is what the device has sent since a command, if there was one.
    """
    values, settings = deepcopy(session.open.draft.values), session.open.settings
    read = partial(read_now, values, deepcopy(thing), dict(session.answers), settings, heard)
    return await session.flow.hass.async_add_executor_job(read)


async def async_unread(
    session: DescribeSession, thing: DraftThing, shown: DraftThing | None
) -> Problem | None:
    """Return what the device does not send, or what means nothing, at its field in the form."""
    if unsent := await _unsent_problem(session, thing, shown):
        return unsent
    return _unread_problem(thing, shown, await async_noticed(session, thing), session.patterns)


async def _unsent_problem(
    session: DescribeSession, thing: DraftThing, shown: DraftThing | None
) -> Problem | None:
    """Return the value that was typed, but is in no answer, at its field in the form.

    Nothing is said of what is as it was `shown`, or is read from what was not answered yet.
    """
    for part in READ_PARTS:
        place = DescriptionDraft.place_of(getattr(thing, part))
        if shown is not None and place == DescriptionDraft.place_of(getattr(shown, part)):
            continue
        if name := await async_unsent(session, place):
            return {field_of_part(thing, part): "not_sent"}, name
    return None


async def async_unsent(session: DescribeSession, reading: Mapping[str, Any]) -> str:
    """Return what is read, if the device has not sent it; empty if it has, or was not asked."""
    place = DescriptionDraft.place_of(reading)
    if place.get("from") not in session.answers or field_at(session.answers, place):
        return ""
    alone = DraftThing(ThingKind.SENSOR, is_text=True, reading=place)
    if await async_noticed(session, alone):
        return ""
    del place["from"]
    return as_plain_text(label_of_reading(place, {}))


def _unread_problem(
    thing: DraftThing, shown: DraftThing | None, now: dict[str, ReadNow], patterns: Patterns
) -> Problem | None:
    """Return what the device sends now that means nothing, at its field in the form.

    What is as it was `shown`, before it is changed, may have meanings that the form does not show.
    """
    for part, each in now.items():
        is_new = shown is None or getattr(thing, part) != getattr(shown, part)
        if each.problem and is_new:
            field, error = _place(thing, part, each)
            reason = each.word if error != "unread" else said_in(each.problem, patterns)
            return {field: error}, as_plain_text(reason)
    return _out_of_range(thing, shown, now)


def _out_of_range(
    thing: DraftThing, shown: DraftThing | None, now: dict[str, ReadNow]
) -> Problem | None:
    """Return that the target temperature cannot be set to what it is."""
    lowest, highest, target = thing.minimum, thing.maximum, now.get("reading")
    if thing.kind is not ThingKind.CLIMATE or lowest is None or highest is None or target is None:
        return None
    value, was = target.value, shown and (shown.reading, shown.minimum, shown.maximum)
    if not isinstance(value, float | int) or lowest <= value <= highest:
        return None
    if was == (thing.reading, lowest, highest):
        return None
    field = CONF_LOWEST if value < lowest else CONF_HIGHEST
    return {field: "no_target"}, f"{number_text(value)} °C"


def field_of_part(thing: DraftThing, part: str) -> str:
    """Return the field of the form in which a value is picked."""
    if thing.kind is ThingKind.COVER and not thing.reading:
        return CONF_POSITION  # which says whether it is open, too
    return _PICKED_IN.get(thing.kind, _PICKED_ELSE)[part]


def is_word(thing: DraftThing, part: str) -> bool:
    """Return whether what a value means is said by words."""
    if part == "reading":
        has_words = thing.kind.is_truth or thing.kind in {ThingKind.SELECT, ThingKind.COVER}
        return has_words and bool(thing.reading)
    return part == "mode"


def _place(thing: DraftThing, part: str, now: ReadNow) -> tuple[str, str]:
    """Return the field, and the error that says what to enter there."""
    field = field_of_part(thing, part)
    if not now.word:
        return field, "unread"
    if thing.kind is ThingKind.SENSOR and not thing.is_text:
        return field, "not_a_number"
    if not is_word(thing, part):
        return field, "unread"
    if thing.kind.is_truth:
        return CONF_ON, "neither_on_nor_off"
    return (CONF_CHOICES, "not_a_choice") if thing.kind is ThingKind.SELECT else (field, "no_word")
