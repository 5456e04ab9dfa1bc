"""The JSON Schema for editors: it is one, and it says what the check says."""

from typing import Any

from jsonschema import Draft202012Validator
import pytest

from lan_edge.declarative.load import description_of
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.schema.published import json_schema
from lan_edge.declarative.text import values_of

from .test_load import WRONG
from .texts import CHARGER, TEXTS

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_descriptions_are_valid(text: str) -> None:
    values, _ = values_of(text)
    assert [error.message for error in VALIDATOR.iter_errors(values)] == []


def is_valid(values: Any) -> bool:
    try:
        description_of(values)
    except DescriptionError:
        return False
    return True


def test_most_of_what_is_wrong_is_seen_by_an_editor_and_nothing_else() -> None:
    texts = [CHARGER.replace(right, wrong, 1) for right, wrong, _ in WRONG]
    values = [values_of(text)[0] for text in texts]
    seen = [each for each in values if not VALIDATOR.is_valid(each)]
    assert 2 * len(seen) > len(values)
    assert not any(map(is_valid, seen))


def test_every_reference_leads_somewhere() -> None:
    names = set[str]()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            names.update({value["$ref"].removeprefix("#/$defs/")} if "$ref" in value else ())
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(SCHEMA)
    assert names == set(SCHEMA["$defs"])
