"""What a picked value seems to be: what a form is filled in with, for the user to check."""

from collections.abc import Mapping
from typing import Any

from lan_edge import AnswerField, ThingKind, ValueKind, suggest, suggested_state

from ..reporting.markdown import as_plain_markdown
from .shown import MAX_VALUE_SHOWN, value_text
from .thing_form import (
    CONF_CLASS,
    CONF_IS_TEXT,
    CONF_MAX,
    CONF_MIN,
    CONF_SCALE,
    CONF_SHOWN_AS,
    CONF_TOTAL,
    CONF_UNIT,
    FULL,
)


def guess_of(
    kind: ThingKind, field: AnswerField | None, user_input: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the picked value of a sensor or number seems to be, unless the user says it."""
    is_said = any(user_input.get(k) for k in (CONF_UNIT, CONF_CLASS, CONF_SHOWN_AS, CONF_IS_TEXT))
    if field is None or is_said:
        return {}
    if kind is ThingKind.BINARY_SENSOR:
        shown_as = suggested_state(field)
        return {CONF_SHOWN_AS: shown_as} if shown_as else {}
    if kind not in {ThingKind.SENSOR, ThingKind.NUMBER}:
        return {}
    suggestion = suggest(field)
    if suggestion.kind is not ValueKind.NUMBER:
        return {CONF_IS_TEXT: True} if kind is ThingKind.SENSOR else {}
    quantity = suggestion.quantity
    made = {CONF_UNIT: quantity.unit, CONF_CLASS: quantity.device_class}
    total = {CONF_TOTAL: True} if quantity.total and kind is ThingKind.SENSOR else {}
    return {key: value for key, value in made.items() if value} | total


def shown_now(field: AnswerField | None, unit: str | None) -> str:
    """Return how a value would be shown now, in Markdown."""
    text = value_text(field.value)[:MAX_VALUE_SHOWN] if field is not None else ""
    return as_plain_markdown(f"{text} {unit or ''}".strip())


def without_guess(user_input: Mapping[str, Any], guess: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered, without what another value seemed to be."""
    return {key: value for key, value in user_input.items() if (key, value) not in guess.items()}


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
    if now < user_input.get(CONF_MIN, 0):
        return {CONF_MIN: "outside_range"}, f"{now:g}"
    if now > user_input.get(CONF_MAX, FULL):
        return {CONF_MAX: "outside_range"}, f"{now:g}"
    return None
