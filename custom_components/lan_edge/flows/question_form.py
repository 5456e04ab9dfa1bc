"""The form of a question that a driver asks while a device is paired."""

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import ChoiceQuestion, Question, TextQuestion, said_in

from ..reporting.language import Patterns
from ..vol import Required, Schema

CONF_ANSWER = "answer"
"""The field for an answer, unless its question has a field with a label of its own."""
SECRETS = {"local_key", "device_key", "miot_token", "password", "pin", "token"}
LABELLED = {"pair_text": SECRETS | {"device_id", "user"}, "pair_choice": {"protocol_version"}}
"""The keys of questions that have, by their step."""


def step_of(question: Question | None) -> str:
    """Return the step that shows a question."""
    match question:
        case TextQuestion():
            return "pair_text"
        case ChoiceQuestion():
            return "pair_choice"
        case _:
            return "pair_press"


def field_of(question: Question | None) -> str:
    """Return the name of the field for the answer, by which the field has its label."""
    key = question.key if question is not None else ""
    return key if key in LABELLED.get(step_of(question), ()) else CONF_ANSWER


def schema_of(question: Question | None, patterns: Patterns) -> Schema:
    """Return the form of a question; what can be chosen is said with the `patterns`."""
    match question:
        case TextQuestion(secret=secret):
            kind = TextSelectorType.PASSWORD if secret else TextSelectorType.TEXT
            text = TextSelector(TextSelectorConfig(type=kind))
            return Schema({Required(field_of(question)): text})
        case ChoiceQuestion(options=options, several=several):
            labels = [
                SelectOptionDict(value=key, label=said_in(label, patterns))
                for key, label in options.items()
            ]
            choice = SelectSelector(SelectSelectorConfig(options=labels, multiple=several))
            return Schema({Required(field_of(question)): choice})
        case _:
            return Schema({})
