"""Messages as people type them."""

from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    DescriptionDraft,
    DraftLogin,
    TypedError,
    description_of,
    shown_message,
    talk_of,
    typed_message,
)
from lan_edge.declarative.drafting.messages import number_reading

TALKS = ("lines", "json_rpc", "websocket")


@pytest.mark.parametrize(
    ("talks", "text", "sending"),
    [
        ("lines", " VOL? ", {"line": "VOL?"}),
        ("lines", "VOL {value:02d}", {"line": "VOL {value:02d}"}),
        ("lines", '{"do": "get"}', {"line": '{{"do": "get"}}'}),
        ("lines", '{"l": {"v": {value}}}', {"line": '{{"l": {{"v": {value}}}}}'}),
        ("lines", "{ a } {}", {"line": "{{ a }} {{}}"}),
        ("json_rpc", '{"id": 1, "method": "get"}', {"call": "get"}),
        (
            "json_rpc",
            '{"jsonrpc": "2.0", "method": "set", "params": {"l": {value}}}',
            {"call": "set", "params": {"l": "{value}"}},
        ),
        ("websocket", '{"id": {number}}', {"message": {"id": "{number}"}}),
        ("websocket", "get {x}", {"text": "get {x}"}),
    ],
)
def test_a_message_and_the_way_back(talks: str, text: str, sending: dict[str, Any]) -> None:
    assert typed_message(talks, text) == sending
    assert typed_message(talks, shown_message(sending)) == sending


@pytest.mark.parametrize(
    ("talks", "text"),
    [
        ("lines", " "),
        ("lines", "a\nb"),
        ("json_rpc", "get"),
        ("json_rpc", "[]"),
        ("json_rpc", '{"method": 5}'),
        ("json_rpc", '{"method": "get", "more": 5}'),
        ("websocket", "{"),
        ("websocket", "[" * 100_000),
    ],
)
def test_what_is_no_message(talks: str, text: str) -> None:
    with pytest.raises(TypedError) as raised:
        typed_message(talks, text)
    assert raised.value.field == "message"


@given(st.sampled_from(TALKS), st.text(st.sampled_from('{}":,ab 1\n[]é'), max_size=40))
def test_any_text_is_shown_as_it_is_typed(talks: str, text: str) -> None:
    with suppress(TypedError):
        sending = typed_message(talks, text)
        assert typed_message(talks, shown_message(sending)) == sending


def test_a_line_of_json_is_a_call_if_it_can_be_one() -> None:
    assert talk_of('{"id": 1, "method": "get", "params": {}}') == "json_rpc"
    assert talk_of('{"id": 1, "do": "get"}') == "lines"
    assert talk_of("get") == "lines"


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"id": "{number}"}, "id"),
        ({"a": {"id": "{number}"}}, "a.id"),
        ({"id": 1}, ""),
        ({"a b": "{number}"}, ""),
        (["{number}"], ""),
    ],
)
def test_where_the_number_stands(message: Any, path: str) -> None:
    assert number_reading({"message": message}) == ({"path": path} if path else {})
    draft = DescriptionDraft()
    draft.talk("websocket", {"path": "/ws"})
    draft.note_number({"message": message})
    assert draft.values["options"].get("key") == ({"path": path} if path else None)


def test_another_way_to_talk_has_nothing_of_the_one_before() -> None:
    draft = DescriptionDraft()
    draft.connect(port=80, tls=True)
    draft.log_in(DraftLogin("basic"))
    draft.ask({"get": "/status"})
    draft.talk("lines", {"port": 23, "delimiter": "\r", "encoding": ""})
    assert draft.values["options"] == {"port": 23, "delimiter": "\r"}
    assert not {"tls", "login", "parameters", "requests"} & draft.values.keys()
    draft.ask({"line": "VOLUME?"})
    draft.talk("lines", {"port": 24})
    assert list(draft.requests) == ["status"]
    draft.values["components"] = {"main": {"own": {"x": {"text": True, "from": "status"}}}}
    draft.name("Line", "", "", "")
    assert description_of(draft.values).talks == "lines"


def test_requests_have_telling_names() -> None:
    draft = DescriptionDraft()
    draft.talk("websocket", {})
    sendings: list[dict[str, Any]] = [
        {"text": "status"},
        {"message": {"id": "{number}", "do": "read"}},
        {"message": [1]},
        {"line": "VOLUME? {value}"},
        {"line": '{{"a": 1}}'},
        {"call": "get_prop"},
        {"get": "/api/meter"},
    ]
    names = [draft.ask(each) for each in sendings]
    assert names == ["status", "read", "message", "volume", "a_1", "get_prop", "meter"]
