"""A text that is changed keeps its comments and layout where its values stay."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionError, description_values, rewritten_description
from lan_edge.declarative.text import text_of

EXAMPLES = sorted((Path(__file__).parents[3] / "docs/examples").glob("*.yaml"))
TEXT = """\
# A relay.
description: 1
name: Relay  # on the label
options: {port: 80}

# what is asked
requests:
  # the state
  status: {get: /status}
  meter:
    get: /meter  # slow
    optional: true
components:
  main:
    switch: {switch: {path: on}}
"""
KEYS = st.text("abc1: #'", min_size=1, max_size=3)
SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | st.text("a1:# {}'\"\n", max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=3),
    max_leaves=12,
)
FIELDS = st.dictionaries(KEYS, VALUES, max_size=4)


def changed(**changes: Any) -> str:
    values = description_values(TEXT)
    return rewritten_description(TEXT, {**values, **changes})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.stem))
def test_the_same_values_are_the_same_text(example: Path) -> None:
    text = example.read_text()
    assert rewritten_description(text, description_values(text)) == text


def test_one_field_is_changed_in_its_place() -> None:
    assert changed(name="Garden relay") == TEXT.replace("Relay  #", "Garden relay  #")
    requests = {"status": {"get": "/status"}, "meter": {"get": "/power", "optional": True}}
    assert changed(requests=requests) == TEXT.replace("get: /meter", "get: /power")


def test_a_field_is_added_and_removed() -> None:
    requests = {"status": {"get": "/status"}, "info": {"get": "/info"}}
    text = changed(requests=requests)
    removed = "  meter:\n    get: /meter  # slow\n    optional: true\n"
    assert text == TEXT.replace(removed, "  info: {get: /info}\n")


def test_what_is_true_is_not_1() -> None:
    assert "description: true" in changed(description=True)


def test_a_text_in_braces_is_written_anew() -> None:
    assert description_values(rewritten_description("{id: a, name: b}", {"id": "c"})) == {"id": "c"}


def test_no_yaml_is_an_error() -> None:
    with pytest.raises(DescriptionError):
        rewritten_description("a: [", {})


@given(FIELDS, FIELDS)
def test_it_has_the_wanted_values(old: dict[str, Any], new: dict[str, Any]) -> None:
    text = text_of(old)
    assert description_values(rewritten_description(text, new)) == new
    mixed = deepcopy(old) | new
    assert description_values(rewritten_description(text, mixed)) == mixed
