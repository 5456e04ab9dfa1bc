"""Templates: what they can say, and that a hostile one neither takes long nor makes much."""

from contextlib import suppress
import tracemalloc
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import ReplyError
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.templating.expression import MAX_TEMPLATE, template_of
from lan_edge.declarative.templating.functions import MAX_TEMPLATE_TEXT
from tests.processor import done_within

PARAMETERS = {"zone": "2", "limit": 5}


def rendered(template: str, value: Any = 21) -> Any:
    return template_of(template, PARAMETERS)(value, "x")


@pytest.mark.parametrize(
    ("template", "value", "result"),
    [
        ("value / 10", 214, 21.4),
        ("{{ value / 10 }}", 214, 21.4),
        ("value * 2 + 1 - 3", 5, 8),
        ("-value // 2 % 4 ** 1", 6, 1),
        ("value > 5 and not value == 7", 6, True),
        ("1 < value <= 6", 6, True),
        ("'on' if value else 'off'", 0, "off"),
        ("'on' if value", 0, None),
        ("value[1:3] ~ '-' ~ limit", "abcd", "bc-5"),
        ("value['a'][0]", {"a": [7]}, 7),
        ("value['b']", {"a": [7]}, None),
        ("value[-1]", [1, 2], 2),
        ("{'a': 'one', 'b': 'two'}[value]", "b", "two"),
        ("value in ['a', 'b']", "b", True),
        ("value not in ('a', 'b')", "b", False),
        ("value | int(0, 16)", "ff", 255),
        ("value | float | round(1)", "21.44", 21.4),
        ("value | round", 21.6, 22),
        ("value | round(1, 'floor')", 21.68, 21.6),
        ("value | int(-1)", "x", -1),
        ("value | float(0)", "x", 0),
        ("value | bitwise_and(4) > 0", 6, True),
        ("value | replace('a', 'bb') | upper | trim", " aa ", "BBBB"),
        ("value | split(',') | last", "a,b", "b"),
        ("value | split | first | title", "ab cd", "Ab"),
        ("value | join('-')", [1, True], "1-true"),
        ("value | sum / value | length", [1, 2], 1.5),
        ("value | max - value | min", [1, 5], 4),
        ("value | default('none')", None, "none"),
        ("value | d('x', true)", "", "x"),
        ("value | default('x', boolean=true)", "", "x"),
        ("value is number and value is even", 4, True),
        ("value is none or value is defined", None, True),
        ("value is divisibleby(3)", 9, True),
        ("value is eq(9)", 9, True),
        ("value is string", "x", True),
        ("zone ~ value", "x", "2x"),
        ("true", "x", True),
    ],
)
def test_what_templates_say(template: str, value: object, result: object) -> None:
    assert rendered(template, value) == result


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("value.__class__", "attributes and methods are not possible"),
        ("value['x'].y", "attributes"),
        ("value.upper()", "calls a function"),
        ("range(9)", "calls a function"),
        ("self", "uses 'self'"),
        ("other + 1", "there is only value, limit, zone"),
        ("value | map('x')", "there are only abs"),
        ("value | attr('x')", "there are only abs"),
        ("value is sameas(1)", "there are only boolean"),
        ("value | round(1, 2, 3)", "passes to round"),
        ("value | round(*value)", r"with \*"),
        ("{% for x in value %}{% endfor %}", "not a Jinja expression"),
        ("{{ value }} W", "not a Jinja expression"),
        ("value }} {% set x = 1 %} {{", "not a Jinja expression"),
        ("value +", "not a Jinja expression"),
        ("", "not a Jinja expression"),
        ("'x", "not a Jinja expression"),
        ("(" * 500, "cannot be read|not a Jinja expression"),
        ("x" * (MAX_TEMPLATE + 1), "more than 512 characters"),
    ],
)
def test_what_templates_cannot_say(template: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=words) as caught:
        template_of(template, PARAMETERS)
    assert caught.value.faults[0].path == ("template",)


LONG = "a" * MAX_TEMPLATE_TEXT
HOSTILE: list[tuple[str, object]] = [
    ("9" * 500, 1),
    ("9 ** 64 ** 64", 1),
    ("value ** 65", 9),
    ("((value ** 60) ** 60) ** 60", 9),
    ("(-8) ** 0.5", 1),
    ("1e308 * 10", 1),
    ("value * 1000000", "x"),
    ("[1] * 1000000", 1),
    ("'%1000000000d' % value", 1),
    ("value is divisibleby(7)", "%1000000000d"),
    ("value | replace('a', value)", LONG),
    ("value | replace('', value)", LONG),
    ("value ~ value", LONG),
    ("value + value", LONG),
    ("value | join(value)", LONG),
    ("value | round(1000000000)", 5),
    ("value | round(-1000000000)", 5),
    ("value | int(base=36)", LONG),
    ("value | int", LONG),
    ("value[::0]", "x"),
    ("value / 0", 1),
    ("value + 1", "x"),
    ("value < 1", "x"),
    ("value | sum", ["x"]),
    ("value['a']", 5),
    ("value | length", 5),
    ("value", [[1] * 3000, [1] * 3000]),
    ("value", "x" * (MAX_TEMPLATE_TEXT + 1)),
    ("~".join(["value"] * 80), LONG),
    ("+".join(["value"] * 80), LONG),
    ("value | first", {"a": 1}),
]


@pytest.mark.parametrize(
    ("template", "value"), HOSTILE, ids=[template[:30] for template, _ in HOSTILE]
)
def test_a_hostile_one_fails_at_once_and_takes_little(template: str, value: object) -> None:
    convert = template_of(template, PARAMETERS)

    def fails() -> None:
        with pytest.raises(ReplyError, match="x is "):
            convert(value, "x")

    done_within(0.5, fails)
    tracemalloc.start()
    try:
        fails()
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()


atoms = st.sampled_from(["value", "zone", "9", "'a'", "[value]", "1e9", "none", "{'a': value}"])
expressions = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(
            inner,
            st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and"]),
            inner,
        ).map(lambda parts: f"({' '.join(parts)})")
        | st.tuples(
            inner, st.sampled_from(["upper", "int", "round(9)", "join", "sum", "length", "max"])
        ).map(" | ".join)
        | st.tuples(inner, inner).map(lambda pair: f"{pair[0]}[{pair[1]}]")
        | st.tuples(inner, inner, inner).map(lambda three: "({} if {} else {})".format(*three))
    ),
    max_leaves=12,
)


@given(
    expressions | st.text(max_size=40),
    st.sampled_from([LONG, 9, 9e99, -1, "9", [1, 2], None, True, {"a": 1}]),
)
def test_any_template_is_a_fault_or_bounded(template: str, value: object) -> None:

    def tried() -> object:
        with suppress(DescriptionError, ReplyError):
            return rendered(template, value)
        return None

    result = done_within(1, tried)
    assert not isinstance(result, str) or len(result) <= MAX_TEMPLATE_TEXT
