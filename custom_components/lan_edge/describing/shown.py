"""What is shown of answers and drafts: lists to pick from, and blocks of text."""

from collections.abc import Iterable, Mapping
import json
from typing import Any

from lan_edge import AnswerField, DescriptionDraft, FieldKind, TrialAnswer

from ..reporting.markdown import as_code_block, as_plain_markdown, as_plain_text

MAX_VALUE_SHOWN = 60
"""Characters of a value in a list."""


def answer_block(answer: TrialAnswer) -> str:
    """Return an answer as it came; JSON with line breaks."""
    try:
        text = json.dumps(json.loads(answer.text), indent=2, ensure_ascii=False)
    except ValueError, RecursionError:
        text = answer.text
    return as_code_block(text)


def field_options(answers: Mapping[str, TrialAnswer]) -> list[str]:
    """Return the values in the answers, to pick from.

    The frontend shows what was picked as it is, and not its label, where a text can be typed too.
    """
    return list(_readings(answers))


def picked(text: str, answers: Mapping[str, TrialAnswer]) -> dict[str, Any]:
    """Return the reading that was picked in a list; a text that was typed is a path."""
    return _readings(answers).get(text, {"path": text.strip()})


def _readings(answers: Mapping[str, TrialAnswer]) -> dict[str, dict[str, Any]]:
    """Return the readings of the values in the answers, by what is shown of each."""
    several = len(answers) > 1
    return {
        f"{name}: {_label(field)}" if several else _label(field): DescriptionDraft.place(
            name, field
        )
        for name, answer in answers.items()
        for field in answer.fields
    }


def _label(field: AnswerField) -> str:
    value = as_plain_text(json.dumps(field.value, ensure_ascii=False))[:MAX_VALUE_SHOWN]
    place = as_plain_text(field.place)
    match field.kind:
        case FieldKind.WHOLE:
            return value
        case FieldKind.WORD | FieldKind.BYTE:
            return f"#{place} = {value}"
        case _:
            return f"{place} = {value}"


def things_list(draft: DescriptionDraft, kinds: Mapping[str, str]) -> str:
    """Return what a draft has, as a list in Markdown; `kinds` are the words for the kinds."""
    return bullets(
        f"{kinds.get(kind, kind)}: {as_plain_markdown(name)}" if name else kinds.get(kind, kind)
        for kind, name in draft.things.values()
    )


def bullets(lines: Iterable[str]) -> str:
    """Return lines as a list in Markdown."""
    return "\n".join(f"- {line}" for line in lines)
