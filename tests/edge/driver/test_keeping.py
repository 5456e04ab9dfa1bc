"""What is kept of messages: the fields that are needed, within a number of bytes."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import KeptMessages, ReplyError, only_fields, plain, plain_fields
from lan_edge.capabilities.schema import short
from lan_edge.driver.keeping import MAX_KEPT_DEPTH, memory_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=50),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=50,
)


def test_only_these_fields_are_left() -> None:
    message = {"a": {"b": [1, {"a": "x", "c": 2}], "c": 3}, "c": {"a": 4}}
    assert only_fields(message, {"a", "b"}) == {"a": {"b": [1, {"a": "x"}]}}
    assert only_fields([message, None, 2.5], ()) == [{}, None, 2.5]
    assert only_fields("text", {"a"}) == "text"


def test_the_copy_shares_nothing_that_can_change() -> None:
    message: dict[str, Any] = {"a": [{"a": 1}]}
    copy = only_fields(message, {"a"})
    message["a"][0]["a"] = message["a"].append(2)
    assert copy == {"a": [{"a": 1}]}


@given(json_values, st.sets(st.sampled_from("abcd")), st.integers(0, 3000))
def test_the_copy_is_bounded(message: Any, names: set[str], limit: int) -> None:
    copy = only_fields(message, names)
    if memory_of(copy) <= limit:
        assert only_fields(message, names, limit=limit) == copy
    else:
        with pytest.raises(ReplyError, match=f"more than {limit} bytes"):
            only_fields(message, names, limit=limit)


def test_what_is_nested_too_deeply_is_refused() -> None:
    message: Any = 1
    for _ in range(MAX_KEPT_DEPTH):
        message = {"a": message}
    assert only_fields(message, {"a"}) == message
    with pytest.raises(ReplyError, match="nested"):
        only_fields({"a": message}, {"a"})
    for _ in range(5000):
        message = [message]
    with pytest.raises(ReplyError, match="nested"):
        only_fields(message, {"a"})
    assert memory_of(message) > 5000


@given(st.lists(json_values), st.integers(0, 3000))
def test_a_backlog_keeps_the_last_messages_that_fit(messages: list[Any], limit: int) -> None:
    backlog = KeptMessages[Any](limit)
    for message in messages:
        backlog.append(message)
    kept = list(backlog)
    sizes = list(map(memory_of, messages))
    assert kept == messages[len(messages) - len(kept) :]
    assert sum(map(memory_of, kept)) <= limit
    assert len(kept) == len(messages) or sum(sizes[-len(kept) - 1 :]) > limit


@pytest.mark.parametrize("value", [None, True, 0, -(2**63), 2.5, "", "a" * 512])
def test_what_is_plain_is_kept_as_it_is(value: object) -> None:
    assert plain(value) is value


@given(json_values | st.integers(10**50, 10**60) | st.text(min_size=500))
def test_what_is_kept_as_plain_is_small(value: Any) -> None:
    kept = plain(value)
    assert memory_of(kept) <= 512 * 4 + 100
    assert (kept is None) == (value is None)
    assert not isinstance(kept, list | dict)


def test_plain_fields_are_those_that_are_named() -> None:
    message = {"state": True, "dimming": [[]] * 1000, "mac": "a8", "temp": "9" * 600}
    kept = plain_fields(message, {"state", "dimming", "temp"})
    assert kept == {"state": True, "dimming": short(message["dimming"]), "temp": "9" * 512}
