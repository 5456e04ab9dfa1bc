"""The values by which answers say that a command has worked, and what a text says of refusals."""

from collections.abc import Collection, Iterable, Mapping
import json
from typing import Any

from lan_edge import AnswerField, DescriptionDraft, FieldKind, TrialAnswer, is_refusal

from ..reporting.markdown import as_plain_text
from .field_label import field_label
from .shown import MAX_VALUE_SHOWN, value_text
from .success import is_error, says_success

REFUSED = "refused"
"""The field of a text."""
_ANYTHING_EMPTY = "0 / false / null"
"""What is shown of a value that may be anything that is empty, false or 0."""

type Refusals = Mapping[str, dict[str, Any]]
"""What a text says of refusals, by what is shown of the value in an answer that is none."""


def refusals_of(
    draft: DescriptionDraft, worked: Collection[TrialAnswer], answers: Iterable[TrialAnswer]
) -> Refusals:
    """Return what can be picked: what the answers to commands that have `worked` have in common.

    By none of that, one of the other `answers` is a refusal. There is nothing to pick where the
    text says what the form cannot.
    """
    found = {label_of_value(each): _refused_unless(each) for each in _in_common(worked)}
    others = [*answers]
    found = {
        label: refused
        for label, refused in found.items()
        if not any(is_refusal(refused, each) for each in others)
    }
    if (known := draft.values.get(REFUSED)) is None:
        return found
    label = label_of_refused(known, found)
    return found | {label: known} if label else {}


def seems_to_say(worked: Collection[TrialAnswer], refusals: Refusals) -> str:
    """Return what is shown of the value that all but certainly says it; empty: none does."""
    certain = sorted(filter(says_success, _in_common(worked)), key=is_error)
    labels = (label_of_value(each) for each in certain)
    return next((label for label in labels if label in refusals), "")


def label_of_value(field: AnswerField) -> str:
    """Return what is shown of a value."""
    return _label(field.place, json.dumps(field.value, ensure_ascii=False))


def single_values(answer: TrialAnswer) -> dict[str, AnswerField]:
    """Return the single values in an answer that is an object of JSON, but for lists, by path."""
    return {
        each.place: each
        for each in answer.fields
        if each.kind is FieldKind.PATH and each.reading.path and "[" not in each.place
    }


def _in_common(worked: Collection[TrialAnswer]) -> list[AnswerField]:
    """Return the values of one short line that all answers have alike."""
    first, *others = [single_values(each) for each in worked] or [{}]
    return [
        field
        for path, field in first.items()
        if len(text := value_text(field.value)) <= MAX_VALUE_SHOWN
        and text.isprintable()
        and all(path in each and value_text(each[path].value) == text for each in others)
    ]


def _refused_unless(field: AnswerField) -> dict[str, Any]:
    """Return what a text says of refusals where a value means that it has worked."""
    when, value = {"when": {"path": field.reading.path}}, field.value
    if value is None or value == "" or (is_error(field) and not value):
        return when
    is_whole = isinstance(value, float) and value.is_integer()
    return {**when, "unless": int(value) if is_whole else value}


def label_of_refused(refused: Mapping[str, Any], refusals: Refusals) -> str:
    """Return what is shown of what a text says; empty if the form cannot say it."""
    for label, each in refusals.items():
        if each == refused:
            return label
    match refused:
        case {"when": {"path": str(path), **others}, **more} if not others:
            if more.keys() <= {"unless"}:
                return _label(path, json.dumps(more["unless"]) if more else _ANYTHING_EMPTY)
    return ""


def _label(path: str, value: str) -> str:
    return field_label(as_plain_text(path), as_plain_text(value))
