"""What parsers say about a text is explained, with their own words behind."""

import pytest

from lan_edge import DescriptionError, read_description, said_in
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.value_reading import Conversion, ValueReading
from lan_edge.declarative.text import values_of
from lan_edge.network.patterns import MAX_PATTERN

GERMAN = {
    "the_text_is_not_yaml_problem": "der Text ist kein YAML: {problem}",
    "the_quotes_are_not_closed": "die Anführungszeichen sind nicht geschlossen",
    "close_the_quotes": "die Anführungszeichen schließen",
}


@pytest.mark.parametrize(
    ("text", "meant", "words"),
    [
        ("a: b: c", "a colon is not possible at this place", "mapping values"),
        ("a: @x", "no text can begin with this character", "cannot start any token"),
        ("a: [1, 2", "a comma or the closing bracket is missing", "expected ','"),
        ("a: {b: 1", "a comma or the closing bracket is missing", "expected ','"),
        ("a: 1\n- b", "the line does not fit those above it", "expected key"),
        ("- a\nb: 1", "the line does not fit those above it", "expected '-'"),
        ("a: 1\nb", "a colon is missing", "expected ':'"),
        ("a: 'b", "the quotes are not closed", "unexpected end of stream"),
        ("a: \x01", "a character is not allowed in YAML", "characters are not allowed"),
        ('a: "\\q"', "this character has no meaning after a backslash", "unknown escape"),
        ("a: ]", "a value is missing", "expected node content"),
        ("a: |x\n b", "nothing more is possible in this line", "comment or line break"),
    ],
)
def test_yaml(text: str, meant: str, words: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        values_of(text)
    reason = caught.value.faults[0].reason
    assert reason.startswith(f"the text is not YAML: {meant} (")
    assert words in reason


def test_what_is_not_explained_is_quoted() -> None:
    with pytest.raises(DescriptionError) as caught:
        values_of("%YAML 9\n---\na: 1")
    assert "did not find expected digit" in caught.value.faults[0].reason


def test_another_language() -> None:
    with pytest.raises(DescriptionError) as caught:
        read_description("a: 'b")
    fault = caught.value.faults[0]
    assert said_in(fault.reason, GERMAN) == (
        "der Text ist kein YAML: die Anführungszeichen sind nicht geschlossen "
        "(found unexpected end of stream)"
    )
    assert said_in(fault.remedy, GERMAN) == "die Anführungszeichen schließen"


@pytest.mark.parametrize(
    ("template", "meant"),
    [
        ("value +", "it ends too early (unexpected 'end of template')"),
        ("(value", "it ends too early (unexpected end of template, expected ')')"),
        ("value $", "a character in it does not belong there (unexpected char '$' at 6)"),
        ("value + )", "something in it does not belong there (unexpected ')')"),
        ("value value", "something in it does not belong there ('value' is not expected)"),
    ],
)
def test_jinja(template: str, meant: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        reader_of(ValueReading(conversion=Conversion(template=template)))
    assert caught.value.faults[0].reason.endswith(f"not a Jinja expression: {meant}")


@pytest.mark.parametrize(
    ("pattern", "reason", "remedy"),
    [
        ("(a", "is '(a', not a regular expression: a round bracket is not closed (missing )", ""),
        ("[a", "is '[a', not a regular expression: a square bracket is not closed (", ""),
        ("a)", "is 'a)', not a regular expression: a round bracket is closed that was not", ""),
        ("*a", "is '*a', not a regular expression: there is nothing to repeat (nothing to", ""),
        (r"\q", r"is '\\q', not a regular expression: a backslash has no meaning before", ""),
        ("(?<=a+)b", "is '(?<=a+)b', not a regular expression: look-behind", ""),
        ("a" * (MAX_PATTERN + 1), "has more than 256 characters", ""),
        (r"(\w+\s?)*$", "could take long on some texts", "use fewer of * and +, such as [^-]* up"),
    ],
)
def test_patterns(pattern: str, reason: str, remedy: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        reader_of(ValueReading(pattern=pattern))
    fault = caught.value.faults[0]
    assert fault.path == ("pattern",)
    assert fault.reason.startswith(reason)
    assert fault.remedy.startswith(remedy)
    assert bool(fault.remedy) is bool(remedy)


def test_a_pattern_that_would_be_quick_from_the_beginning() -> None:
    with pytest.raises(DescriptionError) as caught:
        reader_of(ValueReading(pattern=r".*a.*b"))
    assert caught.value.faults[0].remedy == (
        r"write '^.*a.*b', which only looks at the beginning, or use fewer of * and +"
    )
