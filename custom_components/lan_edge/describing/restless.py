"""Values that change by themselves, such as times and counters: no command has done that."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from lan_edge import AnswerField, TrialAnswer

type PlacedField = tuple[str, str]
"""The name of a request, and the place of a value in its answer."""


def restless_in(
    before: Mapping[str, TrialAnswer], now: Mapping[str, TrialAnswer]
) -> Iterator[PlacedField]:
    """Yield where numbers, and texts with numbers, have changed between two readings.

    What is on or off, or a word, may have been late after another command.
    """
    for name, answer in now.items():
        known = {each.place: each for each in before[name].fields} if name in before else {}
        for each in answer.fields:
            was = known.get(each.place)
            if was is not None and was.value != each.value and _counts(each):
                yield name, each.place


def without(
    answers: Mapping[str, TrialAnswer], restless: Container[PlacedField]
) -> dict[str, TrialAnswer]:
    """Return answers without the values at these places."""
    return {
        name: replace(each, fields=tuple(f for f in each.fields if (name, f.place) not in restless))
        for name, each in answers.items()
    }


def _counts(field: AnswerField) -> bool:
    if isinstance(field.value, str):
        return any(map(str.isdigit, field.value))
    return not isinstance(field.value, bool)
