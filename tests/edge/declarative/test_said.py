"""Sentences that can be said in another language."""

from copy import deepcopy
import json

import orjson

from lan_edge import RefusedError, ReplyError, error_in, said_in
from lan_edge.declarative.said import MAX_ARGUMENT, Said, key_of, said

GERMAN = {
    "has_no_field": "hat kein {field}",
    "and_why": "und {why}",
    "is_value": "ist {value}",
}


def test_a_sentence_is_its_english_text() -> None:
    field = "power"
    sentence = said(t"has no {field}")
    assert sentence == "has no power"
    assert sentence.key == "has_no_field"
    assert json.dumps(sentence) == orjson.dumps(sentence).decode() == '"has no power"'


def test_it_is_said_in_another_language() -> None:
    field = "power"
    assert said_in(said(t"has no {field}"), GERMAN) == "hat kein power"


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    field = "power"
    why = said(t"has no {field}")
    assert said_in(said(t"and {why}"), GERMAN) == "und hat kein power"


def test_what_is_only_put_together_needs_no_translation() -> None:
    field, place = "power", "own"
    why = said(t"has no {field}")
    joined = said(t"{place}: {why}")
    assert joined.key == ""
    assert said_in(joined, GERMAN) == "own: hat kein power"


def test_what_is_not_translated_stays_english() -> None:
    name = "power"
    assert said_in(said(t"lacks {name}"), GERMAN) == "lacks power"
    assert said_in(said("has no power"), GERMAN) == "has no power"
    assert said_in("has no power", GERMAN) == "has no power"


def test_values_are_formatted_and_named_by_their_last_name() -> None:
    class Meter:
        value = 1.23456

    meter = Meter()
    assert said(t"is {meter.value:.2f}") == "is 1.23"
    assert said_in(said(t"is {meter.value!r}"), GERMAN) == "ist 1.23456"


def test_a_value_is_printable_and_bounded_and_its_braces_stay() -> None:
    value = "{value}\n" + "x" * MAX_ARGUMENT
    sentence = said(t"is {value}")
    assert sentence.isprintable()
    assert len(sentence) <= MAX_ARGUMENT + len("is …") + 1
    assert said_in(sentence, GERMAN).startswith("ist {value}\\n")


def test_the_words_of_an_error_stay_a_sentence() -> None:
    field = "power"
    words = str(ValueError(said(t"has no {field}")))
    assert isinstance(words, Said)
    assert said_in(words, GERMAN) == "hat kein power"


def test_what_an_error_says_in_another_language() -> None:
    field = "power"
    assert error_in(ReplyError(said(t"has no {field}")), GERMAN) == "hat kein power"
    assert error_in(RefusedError("has no power"), GERMAN) == "has no power"
    assert error_in(ReplyError(), GERMAN) == ""


def test_a_copy_is_the_same_sentence() -> None:
    field = "power"
    copied = deepcopy(said(t"has no {field}"))
    assert said_in(copied, GERMAN) == "hat kein power"


def test_keys() -> None:
    assert key_of("`answered:` and {x}") == "answered_and_x"
    assert key_of("{x}: {y}") == ""
