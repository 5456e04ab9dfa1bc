"""Every standard capability follows the vocabulary's rules."""

from collections.abc import Callable
from enum import Enum
import math
import re
from typing import Any, cast

from hypothesis import HealthCheck as Health, given, settings, strategies as st
import pytest

from lan_edge import (
    STANDARD,
    ArgumentError,
    Attribute,
    Command,
    Kind,
    ReplyError,
    Schema,
    ShadeState,
    capability,
)
from lan_edge.capabilities.schema import MAX_NUMBER, MAX_TEXT

ATTRIBUTES = [a for c in STANDARD for a in c.attributes]
COMMANDS = [c for each in STANDARD for c in each.commands]
SCHEMAS = {a.id: a.schema for a in ATTRIBUTES} | {
    f"{c.id}({a.name})": a.schema for c in COMMANDS for a in c.arguments
}
NUMBERS = {k: s for k, s in SCHEMAS.items() if s.type in {int, float}}
PAIRS = {k: s for k, s in SCHEMAS.items() if s.size == 2}

each_attribute = pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda a: a.id)
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.id)


def fitting(schema: Schema[Any]) -> st.SearchStrategy[Any]:
    """Return values that fit a schema."""
    if schema.item is not None:
        least, most = (0, 5) if schema.size is None else (schema.size, schema.size)
        return st.lists(fitting(schema.item), min_size=least, max_size=most).map(tuple)
    if schema.fields:
        return st.builds(schema.type, **{k: fitting(s) for k, s in schema.fields.items()})
    if issubclass(schema.type, Enum):
        return st.sampled_from([m.value for m in schema.type])
    low, high = schema.limits.minimum, schema.limits.maximum
    makers: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
        bool: st.booleans,
        int: lambda: st.integers(_whole(low, -MAX_NUMBER), _whole(high, MAX_NUMBER)),
        float: lambda: st.floats(
            -MAX_NUMBER if low is None else low, MAX_NUMBER if high is None else high
        ),
        str: lambda: st.text(min_size=_whole(low, 0), max_size=min(_whole(high, 20), 20)),
        bytes: lambda: st.binary(max_size=20),
    }
    return makers[schema.type]()


def _whole(limit: float | None, default: float) -> int:
    return int(default if limit is None else limit)


def test_ids() -> None:
    ids = [c.id for c in STANDARD]
    assert ids == sorted(set(ids))
    assert len(ids) >= 80
    ids_of_members = [a.id for a in ATTRIBUTES] + [f"{c.id}()" for c in COMMANDS]
    assert len(set(ids_of_members)) == len(ids_of_members)
    assert all(re.fullmatch(r"[a-z]+([A-Z0-9][a-z0-9]*)*", i) for i in ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9]+\.[a-z][a-zA-Z]*(\(\))?", p) for p in ids_of_members)
    assert all(capability(c.id) is c for c in STANDARD)


@each_attribute
def test_the_words_of_an_attribute(attribute: Attribute[Any]) -> None:
    kind = attribute.schema.type
    if issubclass(kind, Enum):
        assert [attribute.parse(str(m.value)) for m in kind] == list(kind)
    elif attribute.words is not None:
        assert [attribute.parse(word) for word in attribute.words] == [False, True]
        assert kind is bool
    else:
        return
    with pytest.raises(ReplyError):
        attribute.parse("no such word")


@pytest.mark.parametrize("name", NUMBERS)
def test_the_limits_of_a_number(name: str) -> None:
    schema = NUMBERS[name]
    for limit, default, way in (
        (schema.limits.minimum, -MAX_NUMBER, -1),
        (schema.limits.maximum, MAX_NUMBER, 1),
    ):
        edge = schema.type(default if limit is None else limit)
        beyond = edge + way if schema.type is int else math.nextafter(edge, way * math.inf)
        assert schema.check(edge) == edge
        with pytest.raises(ValueError, match=r"is (outside|less|more)"):
            schema.check(beyond)


@pytest.mark.parametrize("name", [k for k, s in SCHEMAS.items() if s.type is str])
def test_the_length_of_a_text(name: str) -> None:
    longest = _whole(SCHEMAS[name].limits.maximum, MAX_TEXT)
    assert SCHEMAS[name].check("x" * longest) == "x" * longest
    with pytest.raises(ValueError, match=r"has \d+ characters, not [01] to"):
        SCHEMAS[name].check("x" * (longest + 1))


@each_attribute
@settings(max_examples=15, deadline=None, suppress_health_check=[Health.too_slow])
@given(data=st.data())
def test_values_that_fit_an_attribute(attribute: Attribute[Any], data: st.DataObject) -> None:
    value = data.draw(fitting(attribute.schema))
    checked = attribute.schema.check(value)
    assert checked == value
    assert isinstance(checked, attribute.schema.type)


@each_attribute
def test_the_kind_fits_the_type(attribute: Attribute[Any]) -> None:
    numeric = attribute.schema.type in {int, float}
    assert numeric or attribute.kind not in {Kind.MEASUREMENT, Kind.TOTAL}
    assert numeric or attribute.unit is None or attribute.schema.size == 2
    assert attribute.step is None or numeric
    if attribute.options is not None:
        assert attribute.options.kind is Kind.HIDDEN
        assert attribute.options.schema.item is not None
        assert attribute.options.schema.item.type is attribute.schema.type
    if attribute.setter is not None:
        assert attribute.setter.is_replaceable


@each_command
@settings(max_examples=15, deadline=None, suppress_health_check=[Health.too_slow])
@given(data=st.data())
def test_a_command_sets_values_that_the_attribute_accepts(
    command: Command[...], data: st.DataObject
) -> None:
    given_ = {
        a.name: data.draw(fitting(a.schema))
        for a in command.arguments
        if a.required or data.draw(st.booleans())
    }
    bound = command.bind(given_)
    assert set(bound) == {a.name for a in command.arguments}
    for attribute, value in command.effects(bound):
        assert attribute.capability is command.capability
        assert attribute.schema.check(value) == value
    with pytest.raises(ArgumentError, match="has no argument surely_not"):
        command.bind({**given_, "surely_not": 1})


@each_command
def test_a_command_needs_its_required_arguments(command: Command[...]) -> None:
    assert command.description.endswith(".")
    required = [a.name for a in command.arguments if a.required]
    if required:
        with pytest.raises(ArgumentError, match=f"needs the argument {required[0]}"):
            command.bind({})
    else:
        assert not any(command.bind({}).values())


def test_a_command_sets_by_a_word_or_by_its_first_arguments() -> None:
    for command in (c for c in COMMANDS if c.sets is not None):
        if command.sets_to is None:
            (first, *_), attribute = command.arguments, cast("Attribute[Any]", command.sets)
            assert (first.schema.type, first.required) == (attribute.schema.type, True)
        else:
            assert not any(a.required for a in command.arguments)


@pytest.mark.parametrize(
    ("level", "state"),
    [
        (0, ShadeState.CLOSED),
        (1, ShadeState.PARTIALLY_OPEN),
        (100, ShadeState.OPEN),
        (None, None),
    ],
)
def test_a_shade_that_rests_at_a_level(level: int | None, state: ShadeState | None) -> None:
    assert ShadeState.at(level) is state


def test_only_commands_that_take_a_while_are_slow() -> None:
    assert {c.capability.id for c in COMMANDS if c.slow} == {
        "doorControl",
        "firmwareUpdate",
        "garageDoorControl",
        "lock",
        "securitySystem",
        "valve",
        "windowShade",
        "windowShadeLevel",
        "windowShadePreset",
        "windowShadeTiltLevel",
    }


def test_only_a_button_and_a_new_image_are_events() -> None:
    events = [a.id for a in ATTRIBUTES if a.kind is Kind.EVENT]
    assert events == ["button.button", "imageCapture.image"]
