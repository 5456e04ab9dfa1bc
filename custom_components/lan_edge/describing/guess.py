"""What a picked value seems to be: what a form is filled in with, for the user to check."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from lan_edge import (
    AnswerField,
    DraftThing,
    ThingKind,
    ValueKind,
    class_of_unit,
    suggest,
    suggested_state,
)

from ..reporting.markdown import as_plain_markdown
from .cover_form import CONF_SHOWN_AS
from .likely_range import USUAL_HIGHEST, USUAL_LOWEST, likely_range
from .numbers import number_text, plain
from .shown import MAX_VALUE_SHOWN, value_text
from .thing_form import (
    CONF_CLASS,
    CONF_IS_TEXT,
    CONF_MAX,
    CONF_MIN,
    CONF_SCALE,
    CONF_STEP,
    CONF_TOTAL,
    CONF_UNIT,
)

USUAL_RANGE: Mapping[str, float] = {CONF_MIN: USUAL_LOWEST, CONF_MAX: USUAL_HIGHEST, CONF_STEP: 1}
"""What is in the form of a number of which nothing is known."""
_SAID_IN = (CONF_UNIT, CONF_CLASS, CONF_SHOWN_AS, CONF_IS_TEXT)
"""The fields with which the user says what a value is."""


def guess_of(
    thing: DraftThing,
    field: AnswerField | None,
    others: Collection[AnswerField],
    user_input: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the picked value of a thing seems to be, unless the user says it.

    The `others` are all values of the device.
    """
    if field is None:
        return {}
    is_said, scale = any(map(user_input.get, _SAID_IN)), user_input.get(CONF_SCALE) or 1
    made = _class_of(thing, user_input) if is_said else _quantity_of(thing, field, scale)
    if thing.kind is ThingKind.NUMBER:
        made |= _range_of(thing, field, others, {**user_input, **made})
    return made


def _class_of(thing: DraftThing, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the quantity of a unit that the user has entered without one."""
    unit, is_said = user_input.get(CONF_UNIT), user_input.get(CONF_CLASS)
    if thing.kind not in {ThingKind.SENSOR, ThingKind.NUMBER} or not unit or is_said:
        return {}
    found = class_of_unit(unit.strip())
    return {CONF_CLASS: found} if found else {}


def _quantity_of(thing: DraftThing, field: AnswerField, scale: float) -> dict[str, Any]:
    kind = thing.kind
    if kind is ThingKind.BINARY_SENSOR:
        shown_as = suggested_state(field)
        return {CONF_SHOWN_AS: shown_as} if shown_as else {}
    if kind not in {ThingKind.SENSOR, ThingKind.NUMBER}:
        return {}
    suggestion = suggest(field, thing.name, scale)
    if suggestion.kind is not ValueKind.NUMBER:
        return {CONF_IS_TEXT: True} if kind is ThingKind.SENSOR else {}
    quantity = suggestion.quantity
    made: dict[str, Any] = {CONF_UNIT: quantity.unit, CONF_CLASS: quantity.device_class}
    if suggestion.scale != 1:
        made[CONF_SCALE] = suggestion.scale
    total = {CONF_TOTAL: True} if quantity.total and kind is ThingKind.SENSOR else {}
    return {key: value for key, value in made.items() if value} | total


def _range_of(
    thing: DraftThing,
    field: AnswerField,
    others: Collection[AnswerField],
    user_input: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the range seems to be, as far as it is another than the usual one."""
    scale = user_input.get(CONF_SCALE) or 1
    if (found := likely_range(field, thing.name, others, scale)) is None:
        return {}
    made = dict(zip(USUAL_RANGE, map(_plain, found), strict=True))
    usual = USUAL_RANGE.items()
    return {k: made[k] for k, each in usual if user_input.get(k, each) == each != made[k]}


def wider_range(
    thing: DraftThing,
    field: AnswerField | None,
    others: Collection[AnswerField],
    user_input: Mapping[str, Any],
    guess: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a range that has the value if the usual one has not, unless one was guessed before."""
    is_guessed = not guess.keys().isdisjoint({CONF_MIN, CONF_MAX})
    if field is None or is_guessed or not range_problem(thing.kind, field, user_input):
        return {}
    return _range_of(thing, field, others, user_input)


def _plain(number: float) -> float:
    return plain(round(number, 6))


def shown_now(field: AnswerField | None, user_input: Mapping[str, Any]) -> str:
    """Return how a value would be shown now, in Markdown."""
    if field is None:
        return ""
    text, scale = value_text(field.value), user_input.get(CONF_SCALE) or 1
    with suppress(ValueError):
        text = number_text(float(text) * scale) if scale != 1 else text
    return as_plain_markdown(f"{text[:MAX_VALUE_SHOWN]} {user_input.get(CONF_UNIT) or ''}".strip())


def without_guess(user_input: Mapping[str, Any], guess: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, without what another value seemed to be."""
    kept = {key: value for key, value in user_input.items() if (key, value) not in guess.items()}
    return {**{key: each for key, each in USUAL_RANGE.items() if key in guess}, **kept}


def range_problem(
    kind: ThingKind, field: AnswerField | None, user_input: Mapping[str, Any]
) -> tuple[dict[str, str], str] | None:
    """Return what is wrong with the range of a number: the value that it has now is in it."""
    if kind is not ThingKind.NUMBER or field is None or isinstance(field.value, bool):
        return None
    try:
        now = float(field.value or 0) * (user_input.get(CONF_SCALE) or 1)
    except ValueError:
        return None
    if now < user_input.get(CONF_MIN, USUAL_LOWEST):
        return {CONF_MIN: "outside_range"}, number_text(now)
    if now > user_input.get(CONF_MAX, USUAL_HIGHEST):
        return {CONF_MAX: "outside_range"}, number_text(now)
    return None
