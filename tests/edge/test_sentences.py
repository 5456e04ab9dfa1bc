"""Sentences that can be said in another language."""

from copy import deepcopy
import json
from string.templatelib import Interpolation, Template
from typing import override

import orjson
import pytest

from lan_edge import IdentityError, RefusedError, ReplyError, error_in, said_in
from lan_edge.diagnostics.privacy import Privacy
from lan_edge.sentences import MAX_ARGUMENT, Said, joined, key_of, said

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


def test_what_is_put_in_is_made_plain_and_the_pattern_is_not() -> None:
    field = "*power*"
    why = said(t"has no {field}")
    german = GERMAN | {"and_why": "*und* {why}"}
    assert said_in(said(t"and {why}"), german, str.upper) == "*und* hat kein *POWER*"
    assert said_in("*power*", german, str.upper) == "*POWER*"


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
    assert said_in(sentence, GERMAN).startswith("ist {value} xx")


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


def test_an_error_takes_a_sentence_as_a_template() -> None:
    field = "power"
    why = ReplyError(t"has no {field}")
    assert str(why) == "has no power"
    assert error_in(why, GERMAN) == "hat kein power"
    assert error_in(ReplyError(t"and {why}"), GERMAN) == "und hat kein power"
    assert error_in(RefusedError(t"has no {field}", status=404), GERMAN) == "hat kein power"


def test_a_refusal_without_a_reason_says_so() -> None:
    field = "power"
    german = {"no_reason_given": "ohne Grund"}
    assert str(RefusedError(t"{field}:")) == "power: no reason given"
    assert error_in(RefusedError(t"{field}:"), german) == "power: ohne Grund"
    assert error_in(RefusedError(), german) == "ohne Grund"


def test_what_was_found_may_be_a_sentence() -> None:
    german = {
        "a_lamp": "eine Lampe",
        "address_is_found_not_wanted": "{address}: {found}, nicht {wanted}",
    }
    error = IdentityError("mine", said(t"a lamp"), "192.0.2.1")
    assert str(error) == "192.0.2.1 is a lamp, not mine"
    assert error_in(error, german) == "192.0.2.1: eine Lampe, nicht mine"


def test_sentences_one_after_the_other() -> None:
    field = "power"
    both = joined("; ", (t"has no {field}", "as it is"))
    assert both == "has no power; as it is"
    assert said_in(both, GERMAN) == "hat kein power; as it is"
    assert joined("; ", ()) == ""


def test_what_was_put_in_is_changed() -> None:
    field = "power"
    sentence = said(t"and {said(t'has no {field}')}")
    changed = sentence.with_arguments(str.upper)
    assert changed == "and has no POWER"
    assert said("has").with_arguments(str.upper) == "HAS"


def test_a_copy_is_the_same_sentence() -> None:
    field = "power"
    copied = deepcopy(said(t"has no {field}"))
    assert said_in(copied, GERMAN) == "hat kein power"


def test_keys() -> None:
    assert key_of("`answered:` and {x}") == "answered_and_x"
    assert key_of("{x}: {y}") == ""


# what the drivers of other authors say


class Named:
    """What has a name, as an author's classes do."""

    def __init__(self, name: str) -> None:
        self.name = name


class Unwritable:
    """Cannot be written at all."""

    @override
    def __str__(self) -> str:
        raise RuntimeError


def test_two_values_of_the_same_name_are_told_apart() -> None:
    a, b, name2 = Named("A"), Named("B"), "secret-word"
    error = ReplyError(t"{a.name} is {name2}, not {b.name}")
    assert error_in(error, {}) == str(error) == "A is secret-word, not B"
    assert said(t"{name2} is {a.name}, not {b.name}").pattern == "{name2} is {name}, not {name3}"
    privacy = Privacy()
    privacy.keep(name2)
    privacy.clean(error)
    assert str(error) == error_in(error, {}) == "A is **REDACTED**, not B"
    german = {"name_is_name2_not_name3": "{name} ist {name2}, nicht {name3}"}
    assert (
        error_in(ReplyError(t"{a.name} is {name2}, not {b.name}"), german)
        == "A ist secret-word, nicht B"
    )


_ = "y"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (t"is {1 + 1}", "is 2"),
        (Template("is ", Interpolation("x", "ä")), "is x"),
        (t"is {_}", "is y"),
        (Template("is ", Interpolation(5)), "is 5"),
    ],
)
def test_a_value_without_a_name(template: Template, text: str) -> None:
    error = ReplyError(template)
    assert str(error) == text
    assert error_in(error, GERMAN) == text.replace("is", "ist")


def test_braces_of_its_own_stay() -> None:
    v, name = 5, "v"
    for sentence in (said(t"write {{v}} not {v}"), said(t"write {{{name}}} not {v}")):
        assert sentence == "write {v} not 5"
        assert said_in(sentence, {}) == said_in(sentence, {"write_v_not_v": "{v}"}) == sentence
        assert sentence.with_arguments(lambda text: text.replace("5", "6")) == "write {v} not 6"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (t"is {None:.2f}", "is None"),
        (t"is {'much':d}", "is much"),
        (t"is {Unwritable()}", "is <Unwritable>"),
        (t"is {10**5000}", "is <int>"),
        (t"is {ValueError(Unwritable())}", "is <ValueError>"),
    ],
)
def test_a_value_that_cannot_be_written_so_does_not_hide_the_error(
    template: Template, text: str
) -> None:
    assert str(ReplyError(template)) == text


def test_a_template_within_a_template_is_a_sentence() -> None:
    field = "power"
    error = ReplyError(t"and {t'has no {field}'}")
    assert str(error) == "and has no power"
    why = t"has no {field}"
    assert error_in(ReplyError(t"and {why}"), GERMAN) == "und hat kein power"


def test_a_sentence_that_only_has_the_key_of_another_is_not_translated() -> None:
    has = "lacks"
    assert said_in(said(t"has no field"), GERMAN) == "has no field"
    assert said_in(said(t"{has} no field"), GERMAN) == "lacks no field"


def test_what_others_say_of_an_error_is_bounded() -> None:
    text = said(t"the check failed: {ValueError('line\n' * 9999)}")
    assert len(text) < 600
    assert text.isprintable()
